package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What bounds a request, and settings that are off by default. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(LimitsTest.Tight.class)
class LimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Everybody sees who holds a lock; what others run only the administrator sees. */
    private static final String SLEEPERS = "pg_locks where locktype = 'advisory' and objid = 4712";

    @Inject
    RestTestProject app;

    /** Little of everything. */
    public static class Tight implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.database.statement-timeout", "PT3S",
                    "basalt.database.project-pool-size", "2",
                    "basalt.database.connection-wait", "PT0.5S",
                    "basalt.data.rest.max-rows", "3",
                    "basalt.data.rest.plans", "true",
                    "basalt.data.rest.open-api", "false",
                    "basalt.data.rest.pre-request", "public.check_request");
        }
    }

    @BeforeEach
    void functions() {
        app.sql("""
                drop table if exists stones cascade;
                create table stones (id int primary key, n int);
                insert into stones select i, i from generate_series(1, 10) i;
                create or replace function check_request() returns void language plpgsql as $$ begin
                  if current_setting('request.headers', true)::json ->> 'x-banned' is not null then
                    raise sqlstate 'PT429' using message = 'not you';
                  end if;
                  perform set_config('response.headers', '[{"X-Checked":"yes"}]', true); end $$;
                create or replace function slow(seconds float) returns text language sql volatile
                  as $$ select pg_advisory_xact_lock_shared(4712); select pg_sleep(seconds)::text $$;
                """);
    }

    @Test
    void aFunctionLooksAtEachRequestFirst() {
        app.service().get("/rest/v1/stones?id=eq.1").then().statusCode(200).header("X-Checked", "yes");
        app.service()
                .header("X-Banned", "1")
                .get("/rest/v1/stones")
                .then()
                .statusCode(429)
                .body("message", equalTo("not you"));
        app.service()
                .header("X-Banned", "1")
                .delete("/rest/v1/stones?id=gt.0")
                .then()
                .statusCode(429);
        app.service()
                .header("X-Banned", "1")
                .get("/rest/v1/rpc/slow?seconds=0")
                .then()
                .statusCode(429);
        assertThat(app.count("stones")).isEqualTo(10);
        app.sql("drop function check_request");
        app.service().get("/rest/v1/stones").then().statusCode(404).body("code", equalTo("42883"));
    }

    @Test
    void aStatementOverItsTimeIsCancelledOnTheServer() {
        app.service()
                .contentType("application/json")
                .body("{\"seconds\":20}")
                .post("/rest/v1/rpc/slow")
                .then()
                .statusCode(500)
                .body("code", equalTo("57014"), "message", equalTo("canceling statement due to statement timeout"));
        assertThat(app.count(SLEEPERS)).isZero();
    }

    @Test
    void aClientThatGoesAwayCancelsItsStatement() throws Exception {
        var body = "{\"seconds\":2.9}";
        try (var client = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            client.getOutputStream()
                    .write(("POST /rest/v1/rpc/slow HTTP/1.1\r\nHost: localhost\r\napikey: "
                                    + app.project().secretKey().value() + "\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            await().atMost(PATIENCE).until(() -> app.count(SLEEPERS) == 1);
        }
        long left = System.nanoTime();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> app.count(SLEEPERS) == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofMillis(1500));
        app.service().get("/rest/v1/stones?id=eq.1").then().statusCode(200);
    }

    @Test
    void aRequestWaitsForAConnectionForABoundedTime() throws Exception {
        try (var clients = Executors.newFixedThreadPool(6)) {
            var answers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 6; i++) {
                Callable<Integer> call = () -> {
                    var answer = app.service()
                            .contentType("application/json")
                            .body("{\"seconds\":1.5}")
                            .post("/rest/v1/rpc/slow");
                    if (answer.statusCode() == 503) {
                        answer.then().header("Retry-After", "1").body("code", equalTo("PGRST003"));
                    }
                    return answer.statusCode();
                };
                answers.add(clients.submit(call));
            }
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).contains(200, 503).containsOnly(200, 503);
        }
        app.service().get("/rest/v1/stones?id=eq.1").then().statusCode(200);
    }

    @Test
    void aUrlOver64KiBIsRefused() {
        app.service()
                .get("/rest/v1/stones?id=in.(" + "1,".repeat(33_000) + "1)")
                .then()
                .statusCode(414);
        app.service()
                .get("/rest/v1/stones?select=id&id=in.(" + "1,".repeat(30_000) + "1)")
                .then()
                .statusCode(200)
                .body(equalTo("[{\"id\":1}]"));
    }

    @Test
    void noPageHasMoreRowsThanTheMaximum() {
        app.service()
                .get("/rest/v1/stones")
                .then()
                .header("Content-Range", "0-2/*")
                .body("size()", equalTo(3));
        app.service().get("/rest/v1/stones?limit=100").then().body("size()", equalTo(3));
        app.service()
                .header("Prefer", "count=exact")
                .get("/rest/v1/stones?limit=2")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-1/10");
    }

    @Test
    void anEstimatedCountIsPlannedBeyondTheLargestPage() {
        app.sql("insert into stones select i, i from generate_series(11, 500) i");
        app.sql("analyze stones");
        app.service()
                .header("Prefer", "count=estimated")
                .get("/rest/v1/stones?select=id")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-2/500");
        app.service()
                .header("Prefer", "count=estimated")
                .get("/rest/v1/stones?id=lte.3")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-2/3");
    }

    @Test
    void thePlanOfAStatementIsShown() {
        app.service()
                .header("Accept", "application/vnd.pgrst.plan+json; for=\"application/json\"; options=analyze|buffers")
                .get("/rest/v1/stones?id=eq.1")
                .then()
                .statusCode(200)
                .header(
                        "Content-Type",
                        "application/vnd.pgrst.plan+json; for=\"application/json\"; options=analyze|buffers; charset=utf-8")
                .body(startsWith("[{"))
                .body(containsString("\"Actual Rows\""))
                .body(containsString("\"Shared Hit Blocks\""));
        app.service()
                .header("Accept", "application/vnd.pgrst.plan+text; for=\"text/csv\"")
                .get("/rest/v1/stones?id=eq.1")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/vnd.pgrst.plan+text; for=\"text/csv\"; charset=utf-8")
                .body(containsString("stones"));
        app.service()
                .header("Accept", "application/vnd.pgrst.plan")
                .delete("/rest/v1/stones?id=gt.0")
                .then()
                .statusCode(200)
                .body(containsString("Delete on stones"));
        assertThat(app.count("stones")).isEqualTo(10);
        app.service()
                .header("Accept", "application/vnd.pgrst.plan")
                .contentType("application/json")
                .body("{\"seconds\":0}")
                .post("/rest/v1/rpc/slow")
                .then()
                .statusCode(200)
                .body(containsString("cost="));
    }

    @Test
    void theDescriptionCanBeTurnedOff() {
        app.service().get("/rest/v1/").then().statusCode(404).body("code", equalTo("PGRST126"));
    }
}
