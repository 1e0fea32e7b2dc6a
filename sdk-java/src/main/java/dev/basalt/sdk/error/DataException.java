package dev.basalt.sdk.error;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The data service refused a request of tables, functions or SQL: an SQLSTATE or a PGRST code says why. What programs tell
 * apart has a type of its own below; all else, codes that SQL raises included, is this class itself.
 */
public sealed class DataException extends BasaltException
        permits AmbiguousName,
                CapExceeded,
                ConstraintViolation,
                InvalidRequest,
                InvalidToken,
                InvalidValue,
                NotSingular,
                PermissionDenied,
                RaisedException,
                RangeNotSatisfiable,
                ReadOnlyTransaction,
                StatementTimeout,
                TooManyAffected,
                TransactionConflict,
                Unavailable,
                UnknownName {
    DataException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** The exception of a failure, by its code and, for codes that say nothing, its status. */
    public static DataException of(Failure failure, @Nullable Throwable cause) {
        return switch (failure.code()) {
            case "23505" -> new ConstraintViolation.UniqueViolation(failure, cause);
            case "23503" -> new ConstraintViolation.ForeignKeyViolation(failure, cause);
            case "23502" -> new ConstraintViolation.NotNullViolation(failure, cause);
            case "23514" -> new ConstraintViolation.CheckViolation(failure, cause);
            case "23P01" -> new ConstraintViolation.ExclusionViolation(failure, cause);
            case "42P01", "PGRST205" -> new UnknownName.UnknownTable(failure, cause);
            case "42703", "PGRST204" -> new UnknownName.UnknownColumn(failure, cause);
            case "42883", "PGRST202" -> new UnknownName.UnknownFunction(failure, cause);
            case "PGRST200" -> new UnknownName.UnknownRelation(failure, cause);
            case "PGRST106" -> new UnknownName.UnknownSchema(failure, cause);
            case "PGRST201" -> new AmbiguousName.AmbiguousRelation(failure, cause);
            case "PGRST203" -> new AmbiguousName.AmbiguousFunction(failure, cause);
            case "PGRST100" -> new InvalidRequest.InvalidQuery(failure, cause);
            case "PGRST103" -> new RangeNotSatisfiable(failure, cause);
            case "PGRST116" -> new NotSingular(failure, cause);
            case "PGRST124" -> new TooManyAffected(failure, cause);
            case "PGRST300",
                    "PGRST301",
                    "PGRST302",
                    "PGRST303",
                    "invalid_token",
                    "expired_token",
                    "foreign_token",
                    "token_required" -> new InvalidToken(failure, cause);
            case "PGRST000", "PGRST001", "PGRST002", "PGRST003", "57P01", "57P02", "57P03" ->
                new Unavailable(failure, cause);
            case "25006" -> new ReadOnlyTransaction(failure, cause);
            case "40001" -> new TransactionConflict.SerializationFailure(failure, cause);
            case "40P01" -> new TransactionConflict.DeadlockDetected(failure, cause);
            case "42501", "forbidden" -> new PermissionDenied(failure, cause);
            case "row_cap_exceeded", "byte_cap_exceeded" -> new CapExceeded(failure, cause);
            case "unreadable_value" -> new InvalidValue(failure, cause);
            case "invalid_sql_request", "malformed_json" -> new InvalidRequest(failure, cause);
            case "57014", "time_cap_exceeded", "statement_timeout" -> new StatementTimeout(failure, cause);
            case "P0001" -> new RaisedException(failure, cause);
            default -> ofClass(failure, cause);
        };
    }

    private static DataException ofClass(Failure failure, @Nullable Throwable cause) {
        String code = failure.code();
        if (code.matches("22[0-9A-Z]{3}")) return new InvalidValue(failure, cause);
        if (code.matches("PGRST1(0[0-8]|14|15|17|18|2[025678])")) return new InvalidRequest(failure, cause);
        if (code.matches("(08|53)[0-9A-Z]{3}") || failure.status() == 503) return new Unavailable(failure, cause);
        return new DataException(failure, cause);
    }

    /** Whether the same call may well succeed when it is made again; true for what others' work or a restart got in the way of. */
    public boolean isRetryable() {
        return false;
    }

    /** The SQLSTATE, where PostgreSQL refused. */
    public Optional<String> sqlState() {
        Optional<String> told = failure().text("sqlstate");
        return told.isPresent() ? told : Optional.of(code()).filter(code -> code.matches("[0-9A-Z]{5}"));
    }

    /** Which request of a batch, or which statement of a transaction, was refused, from 0; nothing when it was the end of all. */
    public OptionalInt index() {
        OptionalInt statement = failure().index("statement");
        return statement.isPresent() ? statement : failure().index("index");
    }

    /** Where in a statement of SQL the error is, in characters from 1. */
    public OptionalInt statementPosition() {
        return failure().index("position");
    }

    @Override
    public DataException seenFromHere() {
        return of(failure(), this);
    }
}
