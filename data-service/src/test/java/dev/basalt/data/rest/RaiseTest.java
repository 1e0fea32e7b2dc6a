package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SQL says about the answer: errors it raises, status and headers it sets. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class RaiseTest {
    private static final String RPC = "/rest/v1/rpc/";

    @Inject
    RestTestProject app;

    @BeforeEach
    void functions() {
        app.sql("""
                create or replace function raise_state(state text) returns int language plpgsql as $$ begin
                  raise exception using errcode = state, message = 'told', detail = 'more', hint = 'do'; end $$;
                create or replace function raise_response(message text, detail text) returns int language plpgsql as $$ begin
                  if detail is null then raise sqlstate 'PGRST' using message = message; end if;
                  raise sqlstate 'PGRST' using message = message, detail = detail; end $$;
                create or replace function answer(status text, headers text) returns int language plpgsql as $$ begin
                  perform set_config('response.status', status, true), set_config('response.headers', headers, true);
                  return 1; end $$;
                create or replace function told(setting text) returns text language sql stable
                  as $$ select current_setting('request.' || setting, true) $$;
                """);
    }

    private ValidatableResponse call(String function, JsonObject arguments) {
        return app.service()
                .contentType("application/json")
                .body(arguments.encode())
                .post(RPC + function)
                .then();
    }

    @ParameterizedTest
    @CsvSource({
        "08006, 503",
        "09000, 500",
        "0L000, 403",
        "0P000, 403",
        "23503, 409",
        "23505, 409",
        "23514, 400",
        "25000, 500",
        "25006, 405",
        "28000, 403",
        "2D000, 500",
        "38000, 500",
        "39000, 500",
        "3B000, 500",
        "40000, 500",
        "40001, 500",
        "40P01, 500",
        "53000, 503",
        "53400, 500",
        "54000, 500",
        "55000, 500",
        "57000, 500",
        "57P02, 500",
        "57P03, 500",
        "58000, 500",
        "F0000, 500",
        "HV000, 500",
        "P0001, 400",
        "P0002, 500",
        "XX000, 500",
        "42883, 404",
        "42P01, 404",
        "42P17, 500",
        "42501, 403",
        "22012, 400",
        "22023, 400",
        "21000, 500",
        "PT402, 402",
        "PT429, 429",
        "PT599, 599",
        "ZZ123, 400",
    })
    void everySqlstateHasItsStatus(String state, int status) {
        // A signed-in user, because what is forbidden to nobody in particular is a 401.
        var answer = app.user(RestTestProject.ANN)
                .contentType("application/json")
                .body(new JsonObject().put("state", state).encode())
                .post(RPC + "raise_state")
                .then()
                .statusCode(status);
        answer.body(
                "code", equalTo(state), "message", equalTo("told"), "details", equalTo("more"), "hint", equalTo("do"));
        if (status == 503 || state.equals("40001") || state.equals("40P01")) {
            answer.header("Retry-After", equalTo("1"));
        } else {
            answer.header("Retry-After", nullValue());
        }
    }

    /** The Vert.x client takes these for announcements of the server's end, and the statement for unanswered. */
    @ParameterizedTest
    @CsvSource({"57P01, 503", "57P05, 500", "25P03, 500"})
    @Timeout(30)
    void whatAnnouncesTheEndOfAConnectionIsAnsweredWhereAFunctionRaisesIt(String state, int status) {
        for (int i = 0; i < 20; i++) {
            var answer = call("raise_state", new JsonObject().put("state", state))
                    .statusCode(status)
                    .body(
                            "code", equalTo(state),
                            "message", equalTo("told"),
                            "details", equalTo("more"),
                            "hint", equalTo("do"));
            if (status == 503) {
                answer.header("Retry-After", equalTo("1"));
            }
        }
        app.sql("create or replace view raising as select raise_state('" + state + "') as n");
        app.service().get("/rest/v1/raising").then().statusCode(status).body("code", equalTo(state));
        app.service()
                .contentType("application/json")
                .body(new JsonObject()
                        .put("query", "do $$ begin raise sqlstate '" + state + "'; end $$")
                        .encode())
                .post("/sql/v1")
                .then()
                .statusCode(greaterThanOrEqualTo(400))
                .body("sqlstate", equalTo(state));
        // The pool is whole afterwards.
        for (int i = 0; i < 20; i++) {
            call("answer", new JsonObject().put("status", "").put("headers", "[]"))
                    .statusCode(200);
        }
    }

    @Test
    void whatIsForbiddenToNobodyInParticularIsUnauthorized() {
        app.anonymous()
                .contentType("application/json")
                .body("{\"state\":\"42501\"}")
                .post(RPC + "raise_state")
                .then()
                .statusCode(401);
    }

    @Test
    void sqlWordsTheWholeAnswer() {
        call(
                        "raise_response",
                        new JsonObject()
                                .put("message", "{\"code\":\"C1\",\"message\":\"M\",\"details\":\"D\",\"hint\":\"H\"}")
                                .put("detail", "{\"status\":418,\"headers\":{\"X-Why\":\"tea\"}}"))
                .statusCode(418)
                .header("X-Why", "tea")
                .body("code", equalTo("C1"), "message", equalTo("M"), "details", equalTo("D"), "hint", equalTo("H"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"code\":\"C\",\"message\":\"M\"} | - | DETAIL is missing in the RAISE statement",
                "no json | {\"status\":400,\"headers\":{}} | Invalid JSON value for MESSAGE: 'no json'",
                "{\"code\":\"C\"} | {\"status\":400,\"headers\":{}} | Invalid JSON value for MESSAGE: '{\"code\":\"C\"}'",
                "{\"code\":\"C\",\"message\":\"M\"} | [1] | Invalid JSON value for DETAIL: '[1]'",
                "{\"code\":\"C\",\"message\":\"M\"} | {\"status\":\"400\"} | Invalid JSON value for DETAIL: '{\"status\":\"400\"}'",
                "{\"code\":\"C\",\"message\":\"M\"} | {\"status\":400,\"headers\":{\"A B\":\"x\"}} "
                        + "| Invalid JSON value for DETAIL: '{\"status\":400,\"headers\":{\"A B\":\"x\"}}'",
            })
    void anAnswerThatDoesNotParseIsAnErrorOfTheFunction(String message, String detail, String details) {
        call("raise_response", new JsonObject().put("message", message).put("detail", detail))
                .statusCode(500)
                .body(
                        "code", equalTo("PGRST121"),
                        "message", equalTo("Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error"),
                        "details", equalTo(details),
                        "hint", startsWith(details.contains("MESSAGE") ? "MESSAGE must be" : "DETAIL must be"));
    }

    @Test
    void statusAndHeadersAreWhatSqlSets() {
        call(
                        "answer",
                        new JsonObject()
                                .put("status", "202")
                                .put("headers", "[{\"X-A\":\"1\"},{\"Cache-Control\":\"no-store\"}]"))
                .statusCode(202)
                .header("X-A", "1")
                .header("Cache-Control", "no-store")
                .body(equalTo("1"));
        call("answer", new JsonObject().put("status", "").put("headers", "[{\"Content-Type\":\"text/plain\"}]"))
                .statusCode(200)
                .header("Content-Type", "text/plain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "700 | [] | PGRST112",
                "abc | [] | PGRST112",
                "200 | {\"a\":\"b\"} | PGRST111",
                "200 | [{\"a b\":\"c\"}] | PGRST111",
                "200 | [{\"a\":\"b\\r\\nSet-Cookie: c\"}] | PGRST111",
                "200 | [{}] | PGRST111",
                "200 | [{\"a\":1}] | PGRST111",
            })
    void statusAndHeadersThatCanNotBeAreErrorsOfTheFunction(String status, String headers, String code) {
        call("answer", new JsonObject().put("status", status).put("headers", headers))
                .statusCode(500)
                .header("Set-Cookie", nullValue())
                .body("code", equalTo(code));
    }

    @Test
    void sqlIsToldOfTheRequestAndNeverOfItsCredentials() {
        app.service()
                .header("X-Colour", "blue")
                .header("Cookie", "a=b")
                .get(RPC + "told?setting=method")
                .then()
                .body(equalTo("\"GET\""));
        app.service().get(RPC + "told?setting=path").then().body(equalTo("\"/rest/v1/rpc/told\""));
        app.service()
                .header("Cookie", "a=b; c=d")
                .get(RPC + "told?setting=cookies")
                .then()
                .body(equalTo("\"{\\\"a\\\":\\\"b\\\",\\\"c\\\":\\\"d\\\"}\""));
        var headers = app.user(RestTestProject.ANN)
                .header("X-Colour", "blue")
                .get(RPC + "told?setting=headers")
                .then()
                .extract()
                .asString();
        assertThat(headers)
                .contains("x-colour")
                .doesNotContainIgnoringCase("apikey")
                .doesNotContainIgnoringCase("bearer");
        assertThat(app.user(RestTestProject.ANN)
                        .get(RPC + "told?setting=jwt.claims")
                        .then()
                        .extract()
                        .asString())
                .contains(RestTestProject.ANN.toString());
    }
}
