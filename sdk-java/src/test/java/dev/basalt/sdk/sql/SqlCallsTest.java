package dev.basalt.sdk.sql;

import static dev.basalt.sdk.sql.Statement.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.RecordingServer;
import dev.basalt.sdk.error.StatementTimeout;
import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent of SQL, and what is made of odd answers. */
class SqlCallsTest {
    private static final String HEADER = "{\"columns\":[{\"name\":\"an_id\",\"type\":\"int4\"}]}\n";
    private RecordingServer server;

    record Row(int anId) {}

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
        server.answers(
                200,
                "{\"columns\":[{\"name\":\"an_id\",\"type\":\"int4\"}],\"rows\":[[1]],\"rowCount\":1,\"command\":\"SELECT\"}",
                Map.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aStatementIsSentWithItsParameters() {
        var list = new ArrayList<>(List.of(1));
        SqlQuery query = server.client().sql().query("select $1, $2, $3, $4", "a", null, new BigDecimal("1.50"), list);
        list.add(2);

        assertThat(query.isolation(Isolation.SERIALIZABLE).readOnly().single(Row.class))
                .isEqualTo(new Row(1));
        assertThat(server.sent().path()).isEqualTo("/sql/v1");
        assertThat(server.sent().body())
                .isEqualTo(
                        "{\"query\":\"select $1, $2, $3, $4\",\"params\":[\"a\",null,1.50,[1]],\"rowMode\":\"array\","
                                + "\"isolation\":\"serializable\",\"readOnly\":true}");
    }

    @Test
    void onlyWhatReadsIsRepeated() {
        server.answers(503, "{\"code\":\"database_busy\"}", Map.of("Retry-After", "0"));
        assertThatThrownBy(() -> server.client().sql().query("delete from t").execute());
        assertThat(server.count()).isEqualTo(1);
        assertThatThrownBy(
                () -> server.client().sql().query("select 1").readOnly().execute());
        assertThat(server.count()).isEqualTo(5);
    }

    @Test
    void aTransactionNeedsAResultForEachStatement() {
        server.answers(200, "{\"results\":[]}", Map.of());
        SqlTransaction transaction = server.client()
                .sql()
                .transaction(statement("select 1"))
                .then("select $1", 2)
                .readOnly();

        assertThatThrownBy(transaction::execute).isInstanceOf(TransportException.class);
        assertThat(server.sent().body())
                .isEqualTo(
                        "{\"transaction\":[{\"query\":\"select 1\",\"params\":[]},{\"query\":\"select $1\",\"params\":[2]}],"
                                + "\"rowMode\":\"array\",\"readOnly\":true}");
        assertThatThrownBy(() -> server.client().sql().transaction().execute())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> statement(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1]\n",
                "[1]\n[2",
                "[1]\n{}\n",
                "[1]\n3\n",
                "{\"rowCount\":0}\n[1]\n",
                "{\"rowCount\":\"1\"}\n"
            })
    void rowsWithoutTheirEndAreAFailure(String lines) {
        server.answers(200, HEADER + lines, Map.of());
        try (SqlStream<Row> rows = server.client().sql().query("select 1").stream(Row.class)) {
            assertThatThrownBy(() -> rows.stream().toList()).isInstanceOf(TransportException.class);
            assertThat(rows.rowCount()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1]\n", "{\"rowCount\":0}\n", "nonsense"})
    void aStreamBeginsWithItsColumns(String body) {
        server.answers(200, body, Map.of());
        assertThatThrownBy(() -> server.client().sql().query("select 1").stream(Row.class))
                .isInstanceOf(TransportException.class);
    }

    @Test
    void anErrorEndsAStream() {
        server.answers(
                200,
                HEADER + "[1]\n{\"error\":{\"status\":422,\"code\":\"time_cap_exceeded\",\"detail\":\"too long\"}}\n",
                Map.of());
        try (SqlStream<Row> rows = server.client().sql().query("select 1").stream(Row.class)) {
            var read = rows.iterator();
            assertThat(read.next()).isEqualTo(new Row(1));
            assertThatThrownBy(read::hasNext).isInstanceOfSatisfying(StatementTimeout.class, late -> {
                assertThat(late.status()).isEqualTo(422);
                assertThat(late.failure().message()).isEqualTo("too long");
            });
        }
    }
}
