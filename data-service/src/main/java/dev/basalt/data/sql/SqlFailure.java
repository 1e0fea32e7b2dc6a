package dev.basalt.data.sql;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's errors as problem details with {@code sqlstate}, {@code position} and what else PostgreSQL says. */
final class SqlFailure {
    private SqlFailure() {}

    /**
     * A statement's failure.
     *
     * @param prefix how many characters stand before the client's own text in what was sent
     * @param index which statement of a transaction it was, or -1
     */
    static ApiException of(PgException failure, int prefix, int index, SqlConfig config) {
        var state = failure.getSqlState() == null ? "XX000" : failure.getSqlState();
        if (state.equals("57014")) {
            return ApiException.of(
                            SqlError.TIME_CAP,
                            "The statement ran longer than " + config.statementTimeout()
                                    + " (basalt.data.sql.statement-timeout) and was cancelled.")
                    .with("sqlstate", state);
        }
        var outage = DatabaseFailure.asOutage(failure);
        if (outage.isPresent()) {
            return outage.get();
        }
        var message = failure.getErrorMessage() == null ? "" : failure.getErrorMessage();
        var problem = ApiException.of(error(state), message).with("sqlstate", state);
        if (failure.getPosition() != null) {
            problem = problem.with("position", Math.max(1, Integer.parseInt(failure.getPosition()) - prefix));
        }
        problem = with(problem, "details", failure.getDetail());
        problem = with(problem, "hint", failure.getHint());
        problem = with(problem, "where", failure.getWhere());
        problem = with(problem, "constraint", failure.getConstraint());
        if (index >= 0) {
            problem = problem.with("statement", index);
        }
        return error(state) == SqlError.CONFLICT && state.startsWith("40")
                ? problem.withHeader("Retry-After", "1")
                : problem;
    }

    private static ApiException with(ApiException problem, String member, @Nullable String value) {
        return value == null ? problem : problem.with(member, value);
    }

    private static SqlError error(String state) {
        return switch (state) {
            case "23503", "23505", "23P01", "40001", "40P01" -> SqlError.CONFLICT;
            case "42501" -> SqlError.FORBIDDEN;
            default ->
                state.startsWith("XX") || state.startsWith("58") || state.startsWith("53")
                        ? SqlError.SERVER_FAILED
                        : SqlError.STATEMENT_FAILED;
        };
    }
}
