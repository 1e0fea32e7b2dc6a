package dev.basalt.data.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of rows, and what happens when their readers stand still or go away. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(SqlStreamTest.LongStatements.class)
class SqlStreamTest {
    private static final Duration VANISHED = Duration.ofSeconds(5);

    /** Statements that only end when somebody ends them. */
    public static class LongStatements implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("basalt.data.sql.statement-timeout", "PT2M", "basalt.data.sql.max-rows", "100");
        }
    }

    @Inject
    RestTestProject app;

    @BeforeEach
    void sequence() {
        app.sql("drop sequence if exists fetched; create sequence fetched;"
                + " drop table if exists things; create table things (id int)");
    }

    private Response stream(JsonObject body) {
        return app.service()
                .accept("application/x-ndjson")
                .contentType("application/json")
                .body(body.encode())
                .post("/sql/v1");
    }

    private static List<JsonObject> lines(Response answer) {
        return answer.asString().lines().map(JsonObject::new).toList();
    }

    private long number(String sql) {
        return app.sql(sql).getJsonArray("rows").getJsonObject(0).getLong("n");
    }

    private long open() {
        return number("select count(*) as n from pg_stat_activity where datname = current_database()"
                + " and pid <> pg_backend_pid() and usename = session_user and state <> 'idle'");
    }

    @Test
    void rowsAreLinesBetweenTheColumnsAndTheCount() {
        var answer = stream(new JsonObject()
                .put("query", "select i as id, $1 || i as name, $2::int[] as a from generate_series(1, $3) i -- $4")
                .put(
                        "params",
                        new JsonArray()
                                .add("it's \\ ")
                                .add(new JsonArray().add(1))
                                .add(2)));
        assertThat(answer.contentType()).isEqualTo("application/x-ndjson");
        assertThat(lines(answer).stream().map(JsonObject::encode))
                .containsExactly(
                        "{\"columns\":[{\"name\":\"id\",\"type\":\"int4\"},{\"name\":\"name\",\"type\":\"text\"},{\"name\":\"a\",\"type\":\"int4[]\"}]}",
                        "{\"id\":1,\"name\":\"it's \\\\ 1\",\"a\":[1]}",
                        "{\"id\":2,\"name\":\"it's \\\\ 2\",\"a\":[1]}",
                        "{\"rowCount\":2}");
    }

    @Test
    void aStreamHasNoCapOfRows() {
        var lines = lines(stream(new JsonObject().put("query", "select i from generate_series(1, 30000) i")));
        assertThat(lines).hasSize(30_002);
        assertThat(lines.get(30_000).getInteger("i")).isEqualTo(30_000);
        assertThat(lines.getLast().getInteger("rowCount")).isEqualTo(30_000);
    }

    @Test
    void noRowsAreColumnsAndACount() {
        assertThat(lines(stream(new JsonObject().put("query", "select id from things"))))
                .hasSize(2);
    }

    @Test
    void aFailureBeforeTheFirstRowIsAnAnswerAndOneBehindItALine() {
        stream(new JsonObject().put("query", "select nope from things"))
                .then()
                .statusCode(400)
                .body("sqlstate", equalTo("42703"), "position", equalTo(8));
        var lines = lines(
                stream(new JsonObject().put("query", "select 1 / (1000 - i) as q from generate_series(1, 5000) i")));
        assertThat(lines.getLast().getJsonObject("error").getString("sqlstate")).isEqualTo("22012");
        assertThat(lines.getFirst().containsKey("columns")).isTrue();
        assertThat(open()).isZero();
    }

    @Test
    void onlyOneReadingQueryIsStreamed() {
        for (var body : List.of(
                new JsonObject().put("query", "insert into things values (1) returning id"),
                new JsonObject().put("query", "select 1; select 2"),
                new JsonObject().put("transaction", new JsonArray().add(new JsonObject().put("query", "select 1"))))) {
            stream(body).then().statusCode(400).body("code", equalTo("invalid_sql_request"));
        }
        stream(new JsonObject()
                        .put("query", "select $1::int")
                        .put("params", new JsonArray().add(1).add(2)))
                .then()
                .statusCode(400);
        assertThat(app.count("things")).isZero();
    }

    @Test
    void aUsersStreamShowsWhatTheUserMaySee() {
        app.sql("drop table if exists diary; create table diary (owner uuid, line text);"
                + " alter table diary enable row level security;"
                + " create policy own on diary using (owner = auth.uid());"
                + " insert into diary values ('" + RestTestProject.ANN + "', 'a'), ('" + RestTestProject.BOB
                + "', 'b')");
        var answer = app.service()
                .header(
                        "Authorization",
                        "Bearer " + app.token(RestTestProject.ANN, Instant.now().plusSeconds(600)))
                .accept("application/x-ndjson")
                .contentType("application/json")
                .body("{\"query\":\"select line from diary\"}")
                .post("/sql/v1");
        assertThat(lines(answer)).hasSize(3);
        assertThat(answer.asString()).contains("\"a\"").doesNotContain("\"b\"");
    }

    /** 1 GB in all, of which a reader that stands still may only cost what lies in buffers on the way. */
    @Test
    void aReaderThatStandsStillStopsTheFetching() throws IOException {
        try (var reader =
                new Client("select nextval('fetched') as n, repeat('x', 1000) as x from generate_series(1, 1000000)")) {
            assertThat(reader.line()).contains("200");
            var before = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(500)).until(() -> {
                long now = number("select last_value as n from fetched");
                return before.getAndSet(now) == now && now > 1;
            });
            assertThat(before.get()).isLessThan(30_000);
            for (int i = 0; i < 40_000; i++) {
                reader.line();
            }
            await().until(() -> number("select last_value as n from fetched") > before.get());
        }
        await().atMost(VANISHED).until(() -> open() == 0);
        assertThat(number("select last_value as n from fetched")).isLessThan(200_000);
    }

    @Test
    void theTransactionOfAClientThatVanishedIsRolledBack() throws IOException {
        try (var vanishing = new Client("insert into things values (1); select pg_sleep(100)", "application/json")) {
            await().until(() -> open() == 1);
            assertThat(vanishing.socket.isConnected()).isTrue();
        }
        await().atMost(VANISHED).until(() -> open() == 0);
        assertThat(app.count("things")).isZero();
        // Its connection serves nothing else.
        assertThat(number("select 1 as n")).isOne();
    }

    /** Its connection is closed; whoever came meanwhile once got it, and was cancelled or cut off with it. */
    @Test
    void aStreamThatWasLeftDisturbsNobody() throws IOException, InterruptedException, ExecutionException {
        try (var others = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 20; i++) {
                try (var leaving = new Client("select repeat('x', 10000) from generate_series(1, 100000)")) {
                    assertThat(leaving.line()).contains("200");
                }
                var asked = Stream.generate(() -> others.submit(() -> number("select count(pg_sleep(0.02)) as n")))
                        .limit(4)
                        .toList();
                for (var answer : asked) {
                    assertThat(answer.get()).isOne();
                }
            }
        }
    }

    /** A client whose socket the test reads and closes as it likes. */
    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader reader;

        Client(String query) throws IOException {
            this(query, "application/x-ndjson");
        }

        Client(String query, String accept) throws IOException {
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress("localhost", RestAssured.port));
            var body = new JsonObject().put("query", query).encode();
            socket.getOutputStream()
                    .write(("POST /sql/v1 HTTP/1.1\r\nHost: localhost\r\napikey: "
                                    + app.project().secretKey().value() + "\r\nAccept: " + accept
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.UTF_8));
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512);
        }

        String line() throws IOException {
            return reader.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
