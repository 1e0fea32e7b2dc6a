package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests in the way of another transaction: PostgreSQL really detects a deadlock, or really fails to serialize. The request
 * waits first, so that it is the one whose check finds the deadlock and who loses.
 */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class ConflictTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST = 4801;
    private static final int SECOND = 4802;

    @Inject
    RestTestProject app;

    @Inject
    TestProjects projects;

    private final ExecutorService client = Executors.newSingleThreadExecutor();

    @BeforeEach
    void tables() {
        app.sql("""
                drop table if exists crossings, tallies cascade;
                drop sequence if exists attempts cascade;
                create sequence attempts;
                create or replace function cross_over() returns int language plpgsql volatile as $$ begin
                  perform pg_advisory_xact_lock(4801);
                  perform pg_advisory_xact_lock(4802);
                  return 1; end $$;
                create or replace view crossing as select cross_over() as n;
                create table crossings (id int primary key, n int);
                insert into crossings values (1, 1);
                create or replace function count_and_cross() returns trigger language plpgsql as $$ begin
                  perform nextval('attempts'), cross_over();
                  return coalesce(new, old); end $$;
                create trigger crossing before insert or update or delete on crossings
                  for each row execute function count_and_cross();
                create table tallies (id int primary key, n int);
                insert into tallies values (1, 0);
                create or replace function tally() returns int language plpgsql volatile
                  set default_transaction_isolation to 'repeatable read' as $$ declare now int; begin
                  perform nextval('attempts');
                  update tallies set n = n + 1 where id = 1 returning n into now;
                  return now; end $$;
                """);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aReadThatLosesADeadlockIsTriedOnceMoreAndAnswered() throws Exception {
        try (var other = Other.of(projects, app)) {
            other.lock(SECOND);
            var answer = client.submit(() -> app.service().get("/rest/v1/crossing"));
            other.awaitWaiting();
            other.lock(FIRST);
            // Whoever gets this lock has seen the request's first try end.
            other.unlock(FIRST);
            other.unlock(SECOND);
            answer.get().then().statusCode(200).body("[0].n", equalTo(1));
        }
    }

    @Test
    void aReadThatLosesTwiceIsAConflictToBeTriedLater() throws Exception {
        try (var other = Other.of(projects, app)) {
            other.lock(SECOND);
            var answer = client.submit(() -> app.service().get("/rest/v1/crossing"));
            for (int loss = 0; loss < 2; loss++) {
                other.awaitWaiting();
                other.lock(FIRST);
                other.unlock(FIRST);
            }
            conflict(answer, "40P01");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "DELETE", "PUT"})
    void aWriteThatLosesADeadlockIsNotTriedAgain(String method) throws Exception {
        try (var other = Other.of(projects, app)) {
            other.lock(SECOND);
            var answer = client.submit(() -> {
                var request = app.service().contentType("application/json");
                return switch (method) {
                    case "POST" -> request.body("{\"id\":2}").post("/rest/v1/crossings");
                    case "PATCH" -> request.body("{\"n\":2}").patch("/rest/v1/crossings?id=eq.1");
                    case "PUT" -> request.body("{\"id\":2,\"n\":2}").put("/rest/v1/crossings?id=eq.2");
                    default -> request.delete("/rest/v1/crossings?id=eq.1");
                };
            });
            other.awaitWaiting();
            other.lock(FIRST);
            conflict(answer, "40P01");
        }
        assertThat(attempts()).isEqualTo(1);
        assertThat(app.count("crossings where id = 1 and n = 1")).isEqualTo(1);
        assertThat(app.count("crossings")).isEqualTo(1);
    }

    @Test
    void aCallThatFailsToSerializeIsNotMadeAgain() throws Exception {
        try (var other = Other.of(projects, app)) {
            other.run("begin");
            other.run("update tallies set n = 10 where id = 1");
            var answer = client.submit(
                    () -> app.service().contentType("application/json").post("/rest/v1/rpc/tally"));
            other.awaitBlocked();
            other.run("commit");
            conflict(answer, "40001");
        }
        assertThat(attempts()).isEqualTo(1);
        assertThat(app.count("tallies where n = 10")).isEqualTo(1);
    }

    private static void conflict(Future<Response> answer, String state) throws Exception {
        answer.get().then().statusCode(500).header("Retry-After", equalTo("1")).body("code", equalTo(state));
    }

    /** How often a function ran, rolled back or not: a sequence forgets nothing. */
    private long attempts() {
        return app.sql("select case when is_called then last_value else 0 end as n from attempts")
                .getJsonArray("rows")
                .getJsonObject(0)
                .getLong("n");
    }

    /** The other one: a connection of the project's owner. */
    private record Other(Connection connection) implements AutoCloseable {
        static Other of(TestProjects projects, RestTestProject app) throws SQLException {
            var database = projects.project(app.project().ref()).database();
            return new Other(DriverManager.getConnection(
                    "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
                    database.ownerRole(),
                    database.ownerPassword().value()));
        }

        void lock(int key) throws SQLException {
            run("select pg_advisory_lock(" + key + ")");
        }

        void unlock(int key) throws SQLException {
            run("select pg_advisory_unlock(" + key + ")");
        }

        /** Until a request waits for the second lock. */
        void awaitWaiting() {
            until("select count(*) from pg_locks where locktype = 'advisory' and objid = " + SECOND
                    + " and not granted");
        }

        /** Until a request waits for this connection's transaction. */
        void awaitBlocked() {
            until("select count(*) from pg_locks where locktype = 'transactionid' and not granted");
        }

        private void until(String count) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery(count)) {
                    rows.next();
                    return rows.getLong(1) == 1;
                }
            });
        }

        void run(String sql) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
