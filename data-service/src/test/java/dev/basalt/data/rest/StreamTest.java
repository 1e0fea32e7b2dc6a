package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads without a bound, which are fetched as they are read. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(StreamTest.Unbounded.class)
class StreamTest {
    private static final int ROWS = 30_000;

    @Inject
    RestTestProject app;

    /** No most rows, few connections. */
    public static class Unbounded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.data.rest.max-rows", "0",
                    "basalt.data.rest.stream-from", "100",
                    "basalt.database.project-pool-size", "2",
                    "basalt.database.connection-wait", "PT5S");
        }
    }

    @BeforeEach
    void table() {
        app.sql("""
                drop table if exists grains cascade;
                create table grains (id int primary key, owner uuid, "a,b" text, note text, n numeric);
                insert into grains select i, case when mod(i, 3) = 0 then '%s'::uuid end, 'x"' || i,
                  case when mod(i, 2) = 0 then E'l\\n' || repeat('ö', mod(i, 50)) end, i * 0.1 from generate_series(1, %d) i;
                alter table grains enable row level security;
                create policy own on grains for select to authenticated using (owner = auth.uid());
                """.formatted(RestTestProject.ANN, ROWS));
    }

    private String expected(String expression) {
        return app.sql("select " + expression + " as text from (select * from grains order by id) r")
                .getJsonArray("rows")
                .getJsonObject(0)
                .getString("text");
    }

    @Test
    void manyRowsAreTheJsonThatOneBodyWouldBe() {
        var answer = app.service()
                .get("/rest/v1/grains?order=id")
                .then()
                .statusCode(200)
                .extract();
        assertThat(answer.contentType()).isEqualTo("application/json; charset=utf-8");
        assertThat(answer.header("content-range")).isEqualTo("*/*");
        assertThat(digest(answer.asByteArray())).isEqualTo(expected("md5(convert_to(json_agg(r)::text, 'UTF8'))"));
    }

    @Test
    void manyRowsAreLinesOfCsv() {
        var answer = app.service()
                .accept("text/csv")
                .get("/rest/v1/grains?order=id")
                .then()
                .statusCode(200)
                .extract();
        assertThat(digest(answer.asByteArray()))
                .isEqualTo(expected("md5(convert_to(E'id,owner,\"a,b\",note,n\\n' ||"
                        + " string_agg(substring(r::text, 2, length(r::text) - 2), E'\\n'), 'UTF8'))"));
    }

    @Test
    void nullsAreStripped() {
        var answer = app.service()
                .accept("application/vnd.pgrst.array+json;nulls=stripped")
                .get("/rest/v1/grains?order=id")
                .then()
                .statusCode(200)
                .extract();
        assertThat(digest(answer.asByteArray()))
                .isEqualTo(
                        expected("md5(convert_to('[' || string_agg(json_strip_nulls(row_to_json(r))::text, E', \\n ')"
                                + " || ']', 'UTF8'))"));
    }

    /** Only some types are written by Basalt itself, and texts by its own rules of what to quote. */
    @Test
    void valuesOfEveryKindAreWhatPostgresWrites() {
        app.sql("""
                drop table if exists kinds cascade;
                drop domain if exists counted;
                create domain counted as bigint;
                create table kinds (id int primary key, s smallint, b bigint, d counted, yes bool, u uuid, t text, v varchar(9),
                  c char(4), n numeric, f real, g double precision, j json, jb jsonb, day date, at timestamptz, local timestamp,
                  span interval, x bytea, a text[], k int4range, i inet, "q""\\,k" text);
                insert into kinds select i, -i, i * 10000000000, i, mod(i, 2) = 0, gen_random_uuid(), chr(i) || 'x' || chr(i + 900),
                  chr(i), chr(i), i / 7.0, i / 7.0, i * 1e30, json_build_object('a', null, 'b', i), '{"z": [null, 1.50]}', now()::date,
                  now(), now(), i * interval '1 s', convert_to(chr(i), 'UTF8'), array[chr(i), null], int4range(1, i), '10.0.0.1', 'v'
                  from generate_series(1, 900) i;
                insert into kinds (id, t, v, n, f, g, j, a, c) values (1001, '', '', 'NaN', 'infinity', '-infinity', 'null', '{}', '');
                insert into kinds (id, t, n, g) values (1002, 'null', 1e-20, 1e-300);
                """);
        for (var select :
                List.of("*", "id,same:id,id,d,jb->z,b:jb->>z,t::varchar,text:i::text", "n.sum(),t", "t,yes")) {
            assertThat(read("application/json", select)).isEqualTo(single("application/json", select));
            assertThat(read("application/vnd.pgrst.array+json;nulls=stripped", select))
                    .isEqualTo(single("application/vnd.pgrst.array+json;nulls=stripped", select)
                            .replace("},{", "}, \n {"));
            assertThat(read("text/csv", select)).isEqualTo(single("text/csv", select));
        }
    }

    @Test
    void timesAreWhatPostgresWritesInEveryZone() {
        app.sql("""
                drop table if exists kinds cascade;
                create table kinds (t int primary key, day date, at timestamptz, local timestamp);
                insert into kinds select i, v::date, v, v from unnest(array['infinity', '-infinity', '2026-11-29 10:20:30.450+00',
                  '2026-06-29 23:59:59.999999+00', '1850-01-01 00:00:01+00', '0044-03-15 12:00:00+00 BC', '0001-01-01 00:00:00+00',
                  '12345-12-31 01:00:00.000001+00', null]::timestamptz[]) with ordinality as v (v, i);
                """);
        for (var zone : List.of("UTC", "Asia/Kolkata", "Europe/Amsterdam", "America/New_York")) {
            for (var accept :
                    List.of("application/json", "application/vnd.pgrst.array+json;nulls=stripped", "text/csv")) {
                var there = app.service().header("Prefer", "timezone=" + zone);
                var whole = app.service().header("Prefer", "timezone=" + zone + ", count=exact");
                assertThat(read(there, accept, "*"))
                        .as("%s %s", zone, accept)
                        .isEqualTo(read(whole, accept, "*").replace("},{", "}, \n {"));
            }
        }
        assertThat(read(app.service().header("Prefer", "timezone=Europe/Amsterdam"), "text/csv", "at"))
                .containsPattern("1850-01-01 00:\\d\\d:\\d\\d\\+00:\\d\\d:\\d\\d");
    }

    private String read(String accept, String select) {
        return read(app.service(), accept, select);
    }

    /** The same as one body, which PostgreSQL writes. */
    private String single(String accept, String select) {
        return read(app.service().header("Prefer", "count=exact"), accept, select);
    }

    private static String read(RequestSpecification caller, String accept, String select) {
        return caller.accept(accept)
                .queryParam("select", select.replace(">", "%3E"))
                .queryParam("order", "t")
                .get("/rest/v1/kinds")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private static String digest(byte[] bytes) {
        try {
            var md5 = java.security.MessageDigest.getInstance("MD5");
            return java.util.HexFormat.of().formatHex(md5.digest(bytes));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void rowLevelSecurityHolds() {
        var ids = app.user(RestTestProject.ANN)
                .get("/rest/v1/grains?select=id")
                .then()
                .statusCode(200)
                .extract();
        assertThat(ids.jsonPath().getList("id", Integer.class))
                .hasSize(ROWS / 3)
                .allMatch(id -> id % 3 == 0);
        app.user(RestTestProject.BOB)
                .get("/rest/v1/grains")
                .then()
                .statusCode(200)
                .body("", equalTo(List.of()));
        app.anonymous().get("/rest/v1/grains").then().statusCode(200).body("size()", equalTo(0));
    }

    @Test
    void fewRowsAreOneBodyWithTheirRange() {
        var few = app.service()
                .get("/rest/v1/grains?id=lte.3&order=id&select=id,n")
                .then()
                .statusCode(200);
        few.header("content-range", equalTo("0-2/*")).header("transfer-encoding", nullValue());
        assertThat(few.extract().asString())
                .isEqualTo("[{\"id\":1,\"n\":0.1}, \n {\"id\":2,\"n\":0.2}, \n {\"id\":3,\"n\":0.3}]");
        app.service()
                .get("/rest/v1/grains?id=gt.1000000")
                .then()
                .statusCode(200)
                .header("content-range", equalTo("*/*"))
                .body("size()", equalTo(0));
        app.service()
                .accept("text/csv")
                .get("/rest/v1/grains?id=gt.1000000")
                .then()
                .statusCode(200);
        app.service()
                .header("Prefer", "count=exact")
                .get("/rest/v1/grains?select=id")
                .then()
                .statusCode(200)
                .header("content-range", equalTo("0-" + (ROWS - 1) + "/" + ROWS));
    }

    @Test
    void whatFailsBeforeTheFirstRowIsRefusedAndWhatFailsLaterBreaksOff() throws IOException {
        app.service()
                .get("/rest/v1/grains?select=nothing")
                .then()
                .statusCode(400)
                .body("code", equalTo("42703"));
        app.sql("""
                create or replace view cracked as
                select id, case when id = 20000 then 1 / (id - 20000) end as broken from grains""");
        try (var client = client("/rest/v1/cracked")) {
            var answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("{\"id\":1,")
                    .doesNotEndWith("0\r\n\r\n");
        }
        app.service().get("/rest/v1/grains?id=eq.1").then().statusCode(200);
    }

    @Test
    void clientsThatGoAwayLeaveTheirConnections() throws IOException {
        var clients = new ArrayList<Socket>();
        for (int i = 0; i < 2; i++) {
            var client = client("/rest/v1/grains");
            clients.add(client);
            assertThat(new String(client.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
        for (var client : clients) {
            client.setSoLinger(true, 0);
            client.close();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        app.service().get("/rest/v1/grains?id=eq.1").then().statusCode(200));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(app.count(
                                "pg_locks where relation = 'grains'::regclass" + " and pid <> pg_backend_pid()"))
                        .isZero());
    }

    private Socket client(String path) throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        var head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\napikey: "
                + app.project().secretKey().value() + "\r\n\r\n";
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return client;
    }
}
