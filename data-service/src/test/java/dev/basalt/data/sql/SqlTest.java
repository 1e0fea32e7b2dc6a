package dev.basalt.data.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(SqlTest.SmallCaps.class)
class SqlTest {
    /** Caps that a test can reach. */
    public static class SmallCaps implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.data.sql.max-rows", "100",
                    "basalt.data.sql.max-bytes", "100000",
                    "basalt.data.sql.statement-timeout", "PT1S",
                    "basalt.data.sql.stream-timeout", "PT2S",
                    "basalt.data.sql.stream-chunk", "1");
        }
    }

    @Inject
    RestTestProject app;

    @BeforeEach
    void table() {
        app.sql("drop table if exists things; create table things (id int primary key, name text unique)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
    void otherMethodsAreToldWhichOneThereIs(String method) {
        app.service().request(method, "/sql/v1").then().statusCode(405).header("Allow", "POST");
    }

    @Test
    void whatIsNoEndpointIsNotFoundByAnyMethod() {
        app.service().get("/sql/v1/other").then().statusCode(404).header("Allow", nullValue());
        app.service().post("/sql/v1/other").then().statusCode(404);
    }

    @Test
    void aQueryAnswersColumnsRowsCountAndCommand() {
        app.send(new JsonObject().put("query", "select 1::bigint as id, 'x' as name, null as nothing"))
                .statusCode(200)
                .body(
                        equalTo(
                                "{\"columns\":[{\"name\":\"id\",\"type\":\"int8\"},{\"name\":\"name\",\"type\":\"text\"},"
                                        + "{\"name\":\"nothing\",\"type\":\"text\"}],"
                                        + "\"rows\":[{\"id\":1,\"name\":\"x\",\"nothing\":null}],\"rowCount\":1,\"command\":\"SELECT\"}"));
    }

    @Test
    void valuesKeepTheirKind() {
        var rows = app.sql("""
                select true as b, 12345678901234567890.10 as n, 1.5::float8 as f, 'NaN'::float8 as nan, array[1,2] as a,
                  '{"k": [1]}'::jsonb as j, '\\xff'::bytea as y, '2020-01-02'::date as d,
                  '5d2c7f7e-1111-2222-3333-00000000000a'::uuid as u""").getJsonArray("rows");
        assertThat(rows.encode())
                .contains("\"b\":true", "\"f\":1.5", "\"nan\":\"NaN\"", "\"a\":[1,2]", "\"j\":{\"k\":[1]}")
                .contains(
                        "\"y\":\"\\\\xff\"", "\"d\":\"2020-01-02\"", "\"u\":\"5d2c7f7e-1111-2222-3333-00000000000a\"");
        app.send(new JsonObject().put("query", "select 12345678901234567890.10 as n"))
                .body(containsString("\"n\":12345678901234567890.10"));
    }

    @Test
    void parametersAreValuesWhateverTheyHold() {
        var hostile = "'); drop table things; -- \\' $1 \" é😀\n";
        app.sql("insert into things values ($1, $2)", 1, hostile);
        var row = app.sql(
                        "select name, $2::jsonb as j, $3::int[] as a, $4::text as n from things where id = $1",
                        1,
                        new JsonObject().put("k", hostile),
                        new JsonArray().add(1).add(2),
                        true)
                .getJsonArray("rows")
                .getJsonObject(0);
        assertThat(row.getString("name")).isEqualTo(hostile);
        assertThat(row.getJsonObject("j").getString("k")).isEqualTo(hostile);
        assertThat(row.getJsonArray("a")).isEqualTo(new JsonArray().add(1).add(2));
        assertThat(row.getString("n")).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "numeric            | 12345678901234567890.10              | 12345678901234567890.10",
                "numeric            | 0.1000                               | 0.1000",
                "int8               | 9223372036854775807                  | 9223372036854775807",
                "int8               | \"9223372036854775807\"              | 9223372036854775807",
                "float8             | 1.5                                  | 1.5",
                "float8             | \"-Infinity\"                        | \"-Infinity\"",
                "bool               | true                                 | true",
                "text               | null                                 | null",
                "text               | \"null\"                             | \"null\"",
                "text               | \"\"                                 | \"\"",
                "bytea              | \"\\\\x00ff\"                         | \"\\\\x00ff\"",
                "uuid               | \"5D2C7F7E-1111-2222-3333-00000000000a\" | \"5d2c7f7e-1111-2222-3333-00000000000a\"",
                "date               | \"2020-01-02\"                       | \"2020-01-02\"",
                "date               | \"infinity\"                         | \"infinity\"",
                "time               | \"04:05:00\"                         | \"04:05:00\"",
                "timestamp          | \"2020-01-02 03:04:00\"              | \"2020-01-02T03:04:00\"",
                "timestamptz        | \"2020-01-02T03:04:05.678901+02:00\" | \"2020-01-02T01:04:05.678901Z\"",
                "timestamptz        | \"-infinity\"                        | \"-infinity\"",
                "interval           | \"1 year 2 mons 3 days 04:05:06\"  | \"P1Y2M3DT4H5M6S\"",
                "interval           | \"-00:00:01\"                        | \"PT-1S\"",
                "int4range          | \"[1,5)\"                            | \"[1,5)\"",
                "tstzrange          | null                                 | null",
                "int4[]             | [1,null,3]                           | [1,null,3]",
                "int4[]             | []                                   | []",
                "text[]             | [\"a,b\",\"{}\",\"\\\"\",\"null\",null]   | [\"a,b\",\"{}\",\"\\\"\",\"null\",null]",
                "numeric[]          | [1.50,\"2\"]                         | [1.50,2]",
                "jsonb              | {\"a\":[1,{\"b\":null}]}             | {\"a\":[1,{\"b\":null}]}",
                "jsonb              | [1,\"x\"]                            | [1,\"x\"]",
                "jsonb              | \"\\\"text\\\"\"                       | \"text\"",
                "inet               | \"10.0.0.1/8\"                       | \"10.0.0.1/8\"",
                "point              | \"(1,-2.5)\"                         | \"(1,-2.5)\"",
                "line               | \"{1,2,3}\"                          | \"{1,2,3}\"",
                "lseg               | \"[(0,0),(1,1)]\"                    | \"[(0,0),(1,1)]\"",
                "box                | \"(2,2),(0,0)\"                      | \"(2,2),(0,0)\"",
                "path               | \"[(0,0),(1,1)]\"                    | \"[(0,0),(1,1)]\"",
                "path               | \"((0,0),(1,1))\"                    | \"((0,0),(1,1))\"",
                "polygon            | \"((0,0),(1,1),(2,0))\"              | \"((0,0),(1,1),(2,0))\"",
                "circle             | \"<(0,1e-07),1e+300>\"                 | \"<(0,1.0E-7),1.0E300>\"",
                "citext_like        | \"x\"                                | \"x\"",
                "mood               | \"happy\"                            | \"happy\"",
            })
    void aValueOfEachTypeGoesInAndComesOut(String type, String value, String answered) {
        app.sql("drop domain if exists citext_like; create domain citext_like as text;"
                + " drop type if exists mood; create type mood as enum ('sad', 'happy'); set timezone = 'UTC'");
        app.send("{\"query\":\"select $1::" + type + " as v\",\"params\":[" + value + "]}")
                .statusCode(200)
                .body(containsString("\"rows\":[{\"v\":" + answered + "}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"interval '1.5 s'", "'Infinity'::numeric", "date '0044-03-15 BC'"})
    void aValueThatCantBeToldIsRefusedRatherThanToldWrongly(String value) {
        app.send(new JsonObject().put("query", "select " + value))
                .statusCode(422)
                .body("code", equalTo("unreadable_value"));
        app.send(new JsonObject().put("query", "select (" + value + ")::text")).statusCode(200);
    }

    @Test
    void jsonParametersKeepEveryDigit() {
        app.send("{\"query\":\"select ($1::jsonb ->> 'n') as n\",\"params\":[{\"n\":12345678901234567890.10}]}")
                .body(containsString("\"n\":\"12345678901234567890.10\""));
    }

    @Test
    void aReadOnlyQueryReadsAndKeepsItsIsolation() {
        app.sql("insert into things values (1, 'a')");
        app.send(new JsonObject()
                        .put("query", "select current_setting('transaction_isolation') as i, count(*) as n from things")
                        .put("readOnly", true)
                        .put("isolation", "repeatable read"))
                .statusCode(200)
                .body("rows[0].i", equalTo("repeatable read"), "rows[0].n", equalTo(1), "command", equalTo("SELECT"));
    }

    @Test
    void severalStatementsAreOneTransactionAndAnswerTheLast() {
        var answer = app.sql("insert into things values (1, 'a'), (2, 'b'); select count(*)::int as n from things;");
        assertThat(answer.getJsonArray("rows").encode()).isEqualTo("[{\"n\":2}]");
        app.send(new JsonObject().put("query", "insert into things values (3, 'c'); select nonsense"))
                .statusCode(400);
        assertThat(app.count("things")).isEqualTo(2);
    }

    @Test
    void aTransactionAnswersEachStatementOrNone() {
        var both = new JsonArray()
                .add(new JsonObject()
                        .put("query", "insert into things values ($1)")
                        .put("params", new JsonArray().add(1)))
                .add(new JsonObject().put("query", "select id from things"));
        app.send(new JsonObject()
                        .put("transaction", both)
                        .put("isolation", "serializable")
                        .put("rowMode", "array"))
                .statusCode(200)
                .body("results[0].rowCount", equalTo(1), "results[1].rows[0][0]", equalTo(1));
        both.add(new JsonObject().put("query", "insert into things values (1, 'again')"));
        both.getJsonObject(0).getJsonArray("params").set(0, 5);
        app.send(new JsonObject().put("transaction", both))
                .statusCode(409)
                .body("sqlstate", equalTo("23505"), "statement", equalTo(2), "constraint", equalTo("things_pkey"));
        assertThat(app.count("things")).isOne();
        app.send(new JsonObject().put("transaction", both).put("readOnly", true))
                .statusCode(400)
                .body("sqlstate", equalTo("25006"), "statement", equalTo(0));
    }

    @Test
    void errorsCarrySqlstateAndThePositionInTheClientsText() {
        app.send(new JsonObject().put("query", "select * form things"))
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("sql_error"), "sqlstate", equalTo("42601"), "position", equalTo(10));
        app.send(new JsonObject()
                        .put("query", "select nope from things where id = $1")
                        .put("params", new JsonArray().add(1)))
                .statusCode(400)
                .body("sqlstate", equalTo("42703"), "position", equalTo(8));
    }

    @Test
    void capsAreNamedWhenPassed() {
        app.send(new JsonObject().put("query", "select generate_series(1, 100)"))
                .statusCode(200);
        app.send(new JsonObject().put("query", "select generate_series(1, 101)"))
                .statusCode(422)
                .body("code", equalTo("row_cap_exceeded"), "detail", containsString("basalt.data.sql.max-rows"));
        app.send(new JsonObject().put("query", "select generate_series(1, 500000000)"))
                .statusCode(422)
                .body("code", equalTo("row_cap_exceeded"));
        app.send(new JsonObject().put("query", "select repeat('x', 100000)"))
                .statusCode(422)
                .body("code", equalTo("byte_cap_exceeded"), "detail", containsString("basalt.data.sql.max-bytes"));
        app.send(new JsonObject().put("query", "select pg_sleep(5)"))
                .statusCode(422)
                .body("code", equalTo("time_cap_exceeded"), "detail", containsString("statement-timeout"));
        assertThat(app.count("things")).isZero();
    }

    @Test
    void aStreamPastItsTimeIsBrokenOffAndLeavesNothingRunning() throws IOException {
        var slow = new JsonObject().put("query", "select pg_sleep(0.03) from generate_series(1, 300)");
        assertThatThrownBy(() -> stream(slow)).isInstanceOf(IOException.class);
        await().until(() -> app.count("pg_stat_activity where datname = current_database()"
                        + " and pid <> pg_backend_pid() and usename = session_user and state <> 'idle'")
                == 0);
        assertThat(stream(new JsonObject().put("query", "select pg_sleep(0.03) from generate_series(1, 20)")))
                .endsWith("{\"rowCount\":20}\n");
    }

    @Test
    void aStatementPastItsTimeEndsAStreamWithItsError() throws IOException {
        assertThat(stream(new JsonObject()
                        .put(
                                "query",
                                "select pg_sleep(case i when 18 then 30 else 0 end) from generate_series(1, 300) i")))
                .contains("time_cap_exceeded")
                .doesNotContain("rowCount");
    }

    private String stream(JsonObject body) throws IOException {
        var connection = (HttpURLConnection) URI.create("http://localhost:" + RestAssured.port + "/sql/v1")
                .toURL()
                .openConnection();
        connection.setRequestProperty("apikey", app.project().secretKey().value());
        connection.setRequestProperty("Accept", "application/x-ndjson");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.encode().getBytes(StandardCharsets.UTF_8));
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                            | malformed_json",
                "{}                                           | invalid_sql_request",
                "{\"query\":1}                                | invalid_sql_request",
                "{\"query\":\" \"}                            | invalid_sql_request",
                "{\"query\":\"-- nothing\"}                  | invalid_sql_request",
                "{\"query\":\";;\"}                           | invalid_sql_request",
                "{\"query\":\"copy things from stdin\"}      | invalid_sql_request",
                "{\"query\":\"copy things to stdout\"}       | invalid_sql_request",
                "{\"query\":\"select 1\",\"readOnly\":\"yes\"} | invalid_sql_request",
                "{\"query\":\"commit; insert into things values (1)\",\"readOnly\":true} | invalid_sql_request",
                "{\"query\":\"set transaction read write; insert into things values (1)\",\"readOnly\":true} | sql_error",
                "{\"query\":\"insert into things values (1)\",\"readOnly\":true} | sql_error",
                "{\"transaction\":[{\"query\":\"insert into things values (1)\"},{\"query\":\"commit\"}]} | invalid_sql_request",
                "{\"transaction\":[{\"query\":\"rollback; insert into things values (1)\"}]} | invalid_sql_request",
                "{\"query\":\"a\\u0000b\"}                    | invalid_sql_request",
                "{\"query\":\"select 1; select $1\",\"params\":[1]} | invalid_sql_request",
                "{\"query\":\"select $1\",\"params\":{}}      | invalid_sql_request",
                "{\"query\":\"select 1\",\"rowMode\":\"table\"} | invalid_sql_request",
                "{\"query\":\"insert into things values (1)\",\"readonly\":true} | invalid_sql_request",
                "{\"transaction\":[{\"query\":\"insert into things values (1)\",\"readOnly\":true}]} | invalid_sql_request",
                "{\"transaction\":[{\"query\":\"insert into things values (1)\"}],\"query\":\"select 1\"} | invalid_sql_request",
                "{\"transaction\":[]}                         | invalid_sql_request",
                "{\"transaction\":[5]}                        | invalid_sql_request",
                "{\"transaction\":[{\"query\":\"select 1\"}],\"isolation\":\"none\"} | invalid_sql_request",
                "{\"query\":\"select $1::text\",\"params\":[\"a\\u0000b\"]} | invalid_sql_request",
                "{\"query\":\"select $1::int\",\"params\":[\"x\"]} | sql_error",
                "{\"query\":\"select $2::int\",\"params\":[1]} | sql_error",
            })
    void badInputIsRefused(String body, String code) {
        app.service()
                .contentType("application/json")
                .body(body)
                .post("/sql/v1")
                .then()
                .statusCode(400)
                .body("code", equalTo(code));
        assertThat(app.count("things")).isZero();
    }
}
