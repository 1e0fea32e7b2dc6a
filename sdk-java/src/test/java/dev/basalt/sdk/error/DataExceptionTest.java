package dev.basalt.sdk.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.error.AmbiguousName.AmbiguousFunction;
import dev.basalt.sdk.error.AmbiguousName.AmbiguousRelation;
import dev.basalt.sdk.error.ConstraintViolation.CheckViolation;
import dev.basalt.sdk.error.ConstraintViolation.ExclusionViolation;
import dev.basalt.sdk.error.ConstraintViolation.ForeignKeyViolation;
import dev.basalt.sdk.error.ConstraintViolation.NotNullViolation;
import dev.basalt.sdk.error.ConstraintViolation.UniqueViolation;
import dev.basalt.sdk.error.InvalidRequest.InvalidQuery;
import dev.basalt.sdk.error.TransactionConflict.DeadlockDetected;
import dev.basalt.sdk.error.TransactionConflict.SerializationFailure;
import dev.basalt.sdk.error.UnknownName.UnknownColumn;
import dev.basalt.sdk.error.UnknownName.UnknownFunction;
import dev.basalt.sdk.error.UnknownName.UnknownRelation;
import dev.basalt.sdk.error.UnknownName.UnknownSchema;
import dev.basalt.sdk.error.UnknownName.UnknownTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataExceptionTest {
    private static final Map<Class<? extends DataException>, List<String>> CODES = Map.ofEntries(
            Map.entry(UniqueViolation.class, List.of("23505")),
            Map.entry(ForeignKeyViolation.class, List.of("23503")),
            Map.entry(NotNullViolation.class, List.of("23502")),
            Map.entry(CheckViolation.class, List.of("23514")),
            Map.entry(ExclusionViolation.class, List.of("23P01")),
            Map.entry(UnknownTable.class, List.of("42P01", "PGRST205")),
            Map.entry(UnknownColumn.class, List.of("42703", "PGRST204")),
            Map.entry(UnknownFunction.class, List.of("42883", "PGRST202")),
            Map.entry(UnknownRelation.class, List.of("PGRST200")),
            Map.entry(UnknownSchema.class, List.of("PGRST106")),
            Map.entry(AmbiguousRelation.class, List.of("PGRST201")),
            Map.entry(AmbiguousFunction.class, List.of("PGRST203")),
            Map.entry(InvalidQuery.class, List.of("PGRST100")),
            Map.entry(
                    InvalidRequest.class,
                    List.of(
                            "PGRST101",
                            "PGRST102",
                            "PGRST105",
                            "PGRST107",
                            "PGRST108",
                            "PGRST114",
                            "PGRST115",
                            "PGRST117",
                            "PGRST118",
                            "PGRST120",
                            "PGRST122",
                            "PGRST125",
                            "PGRST126",
                            "PGRST127",
                            "PGRST128")),
            Map.entry(InvalidToken.class, List.of("PGRST300", "PGRST301", "PGRST302", "PGRST303")),
            Map.entry(InvalidValue.class, List.of("22P02", "22003", "22001", "22007", "unreadable_value")),
            Map.entry(NotSingular.class, List.of("PGRST116")),
            Map.entry(PermissionDenied.class, List.of("42501", "forbidden")),
            Map.entry(CapExceeded.class, List.of("row_cap_exceeded", "byte_cap_exceeded")),
            Map.entry(RaisedException.class, List.of("P0001")),
            Map.entry(RangeNotSatisfiable.class, List.of("PGRST103")),
            Map.entry(ReadOnlyTransaction.class, List.of("25006")),
            Map.entry(SerializationFailure.class, List.of("40001")),
            Map.entry(DeadlockDetected.class, List.of("40P01")),
            Map.entry(StatementTimeout.class, List.of("57014", "time_cap_exceeded", "statement_timeout")),
            Map.entry(TooManyAffected.class, List.of("PGRST124")),
            Map.entry(
                    Unavailable.class,
                    List.of("PGRST000", "PGRST001", "PGRST002", "PGRST003", "08006", "53300", "57P01")),
            // What stands for no one kind, or for SQL's own.
            Map.entry(
                    DataException.class,
                    List.of("PGRST111", "PGRST112", "PGRST121", "PGRSTX00", "PT402", "XX000", "42601", "my_code")));

    @Test
    void everyCodeHasItsTypeHereAndSeenFromAnotherThread() {
        CODES.forEach((type, codes) -> codes.forEach(code -> {
            DataException failure = of(400, code, "message", null);
            assertThat(failure).as(code).isExactlyInstanceOf(type);
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.seenFromHere()).isExactlyInstanceOf(type).hasCause(failure);
        }));
    }

    @Test
    void aBusyServerIsUnavailableWhateverItsCode() {
        var busy =
                DataException.of(new Failure(503, "http_503", "busy", null, null, null, Duration.ofSeconds(2)), null);

        assertThat(busy).isInstanceOf(Unavailable.class);
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(busy.isRetryable()).isTrue();
        assertThat(of(409, "40001", "", null).isRetryable()).isTrue();
        assertThat(of(409, "23505", "", null).isRetryable()).isFalse();
    }

    @Test
    void violationsNameWhatTheyViolate() {
        assertThat(violated("23505", "duplicate key value violates unique constraint \"t_pkey\""))
                .isEqualTo("t_pkey");
        assertThat(violated("23503", "insert or update on table \"b\" violates foreign key constraint \"b_a_fkey\""))
                .isEqualTo("b_a_fkey");
        assertThat(violated(
                        "23503",
                        "update or delete on table \"a\" violates foreign key constraint \"b_a_fkey\" on table \"b\""))
                .isEqualTo("b_a_fkey");
        assertThat(violated("23514", "new row for relation \"t\" violates check constraint \"t_c\""))
                .isEqualTo("t_c");
        assertThat(violated("23P01", "conflicting key value violates exclusion constraint \"t_x\""))
                .isEqualTo("t_x");
        var missing = (NotNullViolation)
                of(400, "23502", "null value in column \"c\" of relation \"t\" violates not-null constraint", null);
        assertThat(missing.column()).contains("c");
        assertThat(missing.constraint()).isEmpty();
        assertThat(((UniqueViolation) of(409, "23505", "translated", null)).constraint())
                .isEmpty();
    }

    @Test
    void anAmbiguousRelationListsItsCandidates() {
        var ambiguous = (AmbiguousRelation) of(300, "PGRST201", "m", """
                [{"cardinality":"many-to-one","embedding":"b with a","relationship":"b_a_fkey using b(a) and a(id)"},
                 {"cardinality":"many-to-one","embedding":"b with a","relationship":"b_c_fkey using b(c) and a(id)"}]""");

        assertThat(ambiguous.candidates())
                .containsExactly(
                        new AmbiguousRelation.Candidate("many-to-one", "b with a", "b_a_fkey using b(a) and a(id)"),
                        new AmbiguousRelation.Candidate("many-to-one", "b with a", "b_c_fkey using b(c) and a(id)"));
        assertThat(((AmbiguousRelation) of(300, "PGRST201", "m", "in words")).candidates())
                .isEmpty();
    }

    @Test
    void anUnparsableQueryHasAPosition() {
        var invalid = (InvalidQuery)
                of(400, "PGRST100", "\"failed to parse order (a.down) (line 1, column 1)\" (line 1, column 3)", null);

        assertThat(invalid.position()).hasValue(3);
        assertThat(((InvalidQuery) of(400, "PGRST100", "too long", null)).position())
                .isEmpty();
    }

    private static String violated(String code, String message) {
        return ((ConstraintViolation) of(400, code, message, null)).constraint().orElse("");
    }

    private static DataException of(int status, String code, String message, @Nullable String details) {
        return DataException.of(new Failure(status, code, message, details, null, null, null), null);
    }
}
