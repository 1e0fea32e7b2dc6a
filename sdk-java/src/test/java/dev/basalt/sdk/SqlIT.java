package dev.basalt.sdk;

import static dev.basalt.sdk.sql.Statement.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.error.CapExceeded;
import dev.basalt.sdk.error.ConstraintViolation;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.InvalidRequest;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.error.PermissionDenied;
import dev.basalt.sdk.error.ReadOnlyTransaction;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.error.UnknownName;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.sql.Isolation;
import dev.basalt.sdk.sql.SqlResult;
import dev.basalt.sdk.sql.SqlResult.Column;
import dev.basalt.sdk.sql.SqlStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** SQL against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class SqlIT {
    private static final String STOCK = "sdk_sql_" + RunningBasalt.RUN;
    private BasaltClient service;

    record Line(int id, String sku) {}

    @BeforeEach
    void createTable() throws Exception {
        service = RunningBasalt.service();
        service.sql()
                .query("create table " + STOCK + " (id int primary key, sku text); insert into " + STOCK
                        + " select i, 'sku' || i from generate_series(1, 3) i")
                .execute();
    }

    @AfterEach
    void dropTable() {
        service.sql().query("drop table " + STOCK).execute();
        service.close();
    }

    @Test
    void parametersAndValuesKeepTheirTypes() {
        @SuppressWarnings("ArrayRecordComponent") // bytea is an array.
        record Values(
                String aText,
                BigDecimal aNumeric,
                long aBigint,
                boolean aBool,
                UUID aUuid,
                LocalDate aDate,
                Instant aTime,
                List<Integer> anArray,
                Map<String, Object> someJson,
                byte[] aBytea,
                @Nullable String nothing) {}
        var id = UUID.randomUUID();
        var time = Instant.parse("2024-05-06T07:08:09.123456Z");

        Values read = service.sql()
                .query(
                        "select $1::text a_text, $2::numeric a_numeric, $3::bigint a_bigint, $4::bool a_bool, $5::uuid a_uuid,"
                                + " $6::date a_date, $7::timestamptz a_time, $8::int[] an_array, $9::jsonb some_json,"
                                + " $10::bytea a_bytea, $11::text nothing",
                        "'; drop table x; -- é\"\\",
                        new BigDecimal("12345678901234567890.1234567890"),
                        Long.MAX_VALUE,
                        true,
                        id,
                        LocalDate.of(2024, 2, 29),
                        time,
                        List.of(1, 2),
                        Map.of("a", List.of(1)),
                        new byte[] {0, -1},
                        null)
                .single(Values.class);

        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(new Values(
                        "'; drop table x; -- é\"\\",
                        new BigDecimal("12345678901234567890.1234567890"),
                        Long.MAX_VALUE,
                        true,
                        id,
                        LocalDate.of(2024, 2, 29),
                        time,
                        List.of(1, 2),
                        Map.of("a", List.of(1)),
                        new byte[] {0, -1},
                        null));
    }

    @Test
    void resultsTellColumnsCountsAndCommand() {
        SqlResult result = service.sql()
                .query("select id, sku from " + STOCK + " order by id")
                .execute();
        assertThat(result.columns()).containsExactly(new Column("id", "int4"), new Column("sku", "text"));
        assertThat(result.rowCount()).isEqualTo(3);
        assertThat(result.command()).isEqualTo("SELECT");
        assertThat(result.list(Line.class)).startsWith(new Line(1, "sku1")).hasSize(3);
        assertThat(result.list().getFirst()).isEqualTo(Map.of("id", 1, "sku", "sku1"));
        assertThat(result.values(Integer.class)).containsExactly(1, 2, 3);

        SqlResult written =
                service.sql().query("update " + STOCK + " set sku = $1", "x").execute();
        assertThat(written.rowCount()).isEqualTo(3);
        assertThat(written.command()).isEqualTo("UPDATE");
        assertThat(service.sql().query("select count(*) from " + STOCK).value(Long.class))
                .isEqualTo(3);
    }

    @Test
    void oneRowIsOneRow() {
        var byId = "select * from " + STOCK + " where id >= $1";
        assertThat(service.sql().query(byId, 3).single(Line.class)).isEqualTo(new Line(3, "sku3"));
        assertThat(service.sql().query(byId, 4).maybeSingle(Line.class)).isEmpty();
        assertThatThrownBy(() -> service.sql().query(byId, 2).maybeSingle(Line.class))
                .isInstanceOfSatisfying(
                        NotSingular.class, several -> assertThat(several.rows()).hasValue(2));
        assertThatThrownBy(() -> service.sql().query(byId, 4).single(Line.class))
                .isInstanceOfSatisfying(
                        NotSingular.class, none -> assertThat(none.rows()).hasValue(0));
        assertThatThrownBy(() -> service.sql()
                        .query("select null::int as id, 'a' as sku")
                        .single(Line.class))
                .isInstanceOf(TransportException.class);
    }

    @Test
    void aTransactionIsAllOrNothing() {
        List<SqlResult> results = service.sql()
                .transaction(statement("update " + STOCK + " set sku = $1 where id = $2", "a", 1))
                .then("select sku from " + STOCK + " where id = any ($1)", List.of(1))
                .then("select current_setting('transaction_isolation')")
                .isolation(Isolation.SERIALIZABLE)
                .execute();
        assertThat(results.get(0).rowCount()).isEqualTo(1);
        assertThat(results.get(1).value(String.class)).isEqualTo("a");
        assertThat(results.get(2).value(String.class)).isEqualTo("serializable");

        assertThatThrownBy(() -> service.sql()
                        .transaction(statement("delete from " + STOCK))
                        .then("insert into " + STOCK + " values (9, 'x')")
                        .then("insert into " + STOCK + " values ($1, 'y')", 9)
                        .execute())
                .isInstanceOfSatisfying(ConstraintViolation.UniqueViolation.class, refused -> {
                    assertThat(refused.index()).hasValue(2);
                    assertThat(refused.status()).isEqualTo(409);
                    assertThat(refused.constraint()).hasValue(STOCK + "_pkey");
                });
        assertThat(service.from(STOCK).select().count()).isEqualTo(3);
    }

    @Test
    void whatIsReadOnlyWritesNothing() {
        assertThatThrownBy(() ->
                        service.sql().query("delete from " + STOCK).readOnly().execute())
                .isInstanceOf(ReadOnlyTransaction.class);
        assertThatThrownBy(() -> service.sql()
                        .transaction(statement("delete from " + STOCK))
                        .readOnly()
                        .execute())
                .isInstanceOf(ReadOnlyTransaction.class);
        assertThat(service.from(STOCK).select().count()).isEqualTo(3);
    }

    @Test
    void aStreamReadsAnyNumberOfRows() {
        record Row(long i, @Nullable String error, @Nullable Long rowCount) {}
        try (SqlStream<Row> rows = service
                .sql()
                .query("select i, null::text as error, i as row_count from generate_series(1, $1::int) i", 200_000)
                .stream(Row.class)) {
            assertThat(rows.columns()).extracting(Column::name).containsExactly("i", "error", "row_count");
            assertThat(rows.rowCount()).isEmpty();
            assertThat(rows.stream().mapToLong(Row::i).sum()).isEqualTo(200_000L * 200_001 / 2);
            assertThat(rows.rowCount()).hasValue(200_000);
            assertThatThrownBy(rows::stream).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> service.sql()
                        .query("select i from generate_series(1, 200000) i")
                        .execute())
                .isInstanceOf(CapExceeded.class);
    }

    @Test
    void aRowThatLooksLikeTheEndOfAStreamIsARow() {
        try (SqlStream<Map<String, @Nullable Object>> rows =
                service.sql().query("select 7 as \"rowCount\"").stream(Json.rowClass())) {
            assertThat(rows.stream().toList()).containsExactly(Map.of("rowCount", 7));
        }
    }

    @Test
    void aFailureWithinAStreamReachesItsReader() {
        var read = new int[1];
        assertThatThrownBy(() -> {
                    try (SqlStream<Map<String, @Nullable Object>> rows =
                            service.sql().query("select 1 / (90000 - i) as x from generate_series(1, 100000) i").stream(
                                    Json.rowClass())) {
                        for (Map<String, @Nullable Object> row : rows) {
                            assertThat(row).containsKey("x");
                            read[0]++;
                        }
                    }
                })
                .isInstanceOfSatisfying(
                        DataException.class,
                        broken -> assertThat(broken.sqlState()).hasValue("22012"));
        assertThat(read[0]).isBetween(1, 89_999);
    }

    @Test
    void aStreamThatIsClosedEndsItsQuery() throws Exception {
        var name = "basalt_sdk_" + RunningBasalt.RUN;
        try (SqlStream<Map<String, @Nullable Object>> rows =
                service
                        .sql()
                        .query("select i, repeat('x', 1000) as " + name + " from generate_series(1, 100000000) i")
                        .stream(Json.rowClass())) {
            assertThat(rows.stream().limit(10).toList()).hasSize(10);
        }
        var running = service.sql()
                .query(
                        "select count(*) from pg_stat_activity where state <> 'idle' and query like $1 and pid <> pg_backend_pid()",
                        "%" + name + "%");
        RunningBasalt.until(() -> running.value(Long.class) == 0);
    }

    @Test
    void errorsAreOfTheTypeThatTheyHaveForTables() {
        assertThatThrownBy(
                        () -> service.sql().query("select * from sdk_unheard").execute())
                .isInstanceOfSatisfying(UnknownName.UnknownTable.class, refused -> {
                    assertThat(refused.statementPosition()).hasValue(15);
                    assertThat(refused.status()).isEqualTo(400);
                });
        assertThatThrownBy(() -> service.sql().query("select $1; select 2", 1).execute())
                .isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> service.sql().query("delete from " + STOCK).stream(Line.class))
                .isInstanceOf(InvalidRequest.class);
        try (BasaltClient ann = RunningBasalt.signedUp();
                BasaltClient stranger = RunningBasalt.stranger()) {
            for (BasaltClient nobody : Arrays.asList(ann, stranger)) {
                assertThatThrownBy(
                                () -> nobody.sql().query("delete from " + STOCK).execute())
                        .isInstanceOf(PermissionDenied.class);
            }
        }
        assertThat(service.from(STOCK).select().count()).isEqualTo(3);
    }
}
