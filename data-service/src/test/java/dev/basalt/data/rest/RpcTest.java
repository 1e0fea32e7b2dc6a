package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of functions as clients make them: how arguments come, and what comes back. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class RpcTest {
    private static final String RPC = "/rest/v1/rpc/";

    @Inject
    RestTestProject app;

    @BeforeEach
    void functions() {
        app.sql("""
                drop schema if exists documents_rpc cascade;
                drop table if exists films cascade;
                drop type if exists point2 cascade;
                drop domain if exists "text/html" cascade;
                create table films (id int primary key, title text not null, year int);
                insert into films values (1, 'Alien', 1979), (2, 'Brazil', 1985), (3, 'Cube', 1997), (4, 'Dune', null);
                create type point2 as (x int, y numeric);
                create domain "text/html" as text;

                create or replace function add_them(a int, b int default 10) returns int language sql immutable
                  as $$ select a + b $$;
                create or replace function no_arguments() returns text language sql stable as $$ select 'here'::text $$;
                create or replace function nothing(a int default 1) returns void language sql as $$ select $$;
                create or replace function sum_all(variadic numbers int[] default '{}') returns int language sql immutable
                  as $$ select coalesce(sum(n), 0)::int from unnest(numbers) n $$;
                create or replace function films_after(after int default 0) returns setof films language sql stable
                  as $$ select * from films where coalesce(year, 3000) > after order by id $$;
                create or replace function one_film(film int) returns films language sql stable
                  as $$ select * from films where id = film $$;
                create or replace function add_film(id int, title text) returns films language sql volatile
                  as $$ insert into films values ($1, $2) returning * $$;
                create or replace function make_point(x int, y numeric) returns point2 language sql immutable
                  as $$ select row(x, y)::point2 $$;
                create or replace function numbers(n int) returns setof int language sql immutable
                  as $$ select generate_series(1, n) $$;
                create or replace function pairs() returns table (k text, v int) language sql immutable
                  as $$ values ('a', 1), ('b', 2) $$;
                create or replace function one_column() returns table (k text) language sql immutable
                  as $$ values ('a'), ('b') $$;
                create or replace function outs(a int, out doubled int, out squared int) language sql immutable
                  as $$ select a * 2, a * a $$;
                create or replace function out_alone(a int, out doubled int) language sql immutable as $$ select a * 2 $$;
                create or replace function inout_alone(inout a int) language sql immutable as $$ select a + 1 $$;
                create or replace function echo_json(value jsonb) returns jsonb language sql immutable as $$ select value $$;
                create or replace function echo_array(items text[]) returns text[] language sql immutable
                  as $$ select items $$;
                create or replace function echo_number(n numeric) returns numeric language sql immutable as $$ select n $$;
                create or replace function echo_text(t text) returns text language sql immutable as $$ select t $$;
                create or replace function echo_point(p point2) returns int language sql immutable as $$ select p.x $$;
                create or replace function raw_json(json) returns json language sql immutable as $$ select $1 $$;
                create or replace function raw_text(text) returns int language sql immutable as $$ select length($1) $$;
                create or replace function raw_bytes(bytea) returns bytea language sql immutable as $$ select $1 $$;
                create or replace function raw_xml(xml) returns xml language sql immutable as $$ select $1 $$;
                create or replace function page() returns "text/html" language sql immutable
                  as $$ select '<h1>é</h1>'::"text/html" $$;
                create or replace function twice(a int) returns text language sql immutable as $$ select 'one' $$;
                create or replace function twice(a int, b int) returns text language sql immutable as $$ select 'two' $$;
                create or replace function unsure(a int, b int default 1) returns text language sql immutable
                  as $$ select 'x' $$;
                create or replace function unsure(a int, c text default '') returns text language sql immutable
                  as $$ select 'y' $$;
                create or replace function slow_and_timed() returns text language sql volatile
                  set statement_timeout = '7s' as $$ select current_setting('statement_timeout') $$;
                create or replace function isolated() returns text language sql volatile
                  set default_transaction_isolation = 'serializable' as $$ select current_setting('transaction_isolation') $$;
                create or replace function long_title(films) returns text language sql stable as $$ select $1.title || '!' $$;
                drop function if exists documents.where_am_i();
                create function documents.where_am_i() returns text language sql stable
                  as $$ select current_setting('search_path') $$;
                """);
    }

    private ValidatableResponse get(String call) {
        return app.service().get(RPC + call).then();
    }

    private ValidatableResponse post(String call, String json) {
        return app.service()
                .contentType("application/json")
                .body(json.getBytes(StandardCharsets.UTF_8))
                .post(RPC + call)
                .then();
    }

    private ValidatableResponse raw(String call, String contentType, byte[] body) {
        return app.sending(contentType, body).post(RPC + call).then();
    }

    @Test
    void argumentsComeByNameFromTheQueryOrTheBody() {
        get("add_them?a=1&b=2")
                .statusCode(200)
                .header("Content-Type", "application/json; charset=utf-8")
                .body(equalTo("3"));
        post("add_them", "{\"b\":2,\"a\":1}").statusCode(200).body(equalTo("3"));
        raw("add_them", "application/x-www-form-urlencoded", "a=1&b=4".getBytes(StandardCharsets.UTF_8))
                .statusCode(200)
                .body(equalTo("5"));
    }

    @Test
    void whatHasADefaultMayBeLeftOut() {
        get("add_them?a=1").body(equalTo("11"));
        post("add_them", "{\"a\":1}").body(equalTo("11"));
        post("no_arguments", "").statusCode(200).body(equalTo("\"here\""));
        post("no_arguments", "{}").statusCode(200).body(equalTo("\"here\""));
        get("no_arguments").statusCode(200).body(equalTo("\"here\""));
    }

    @Test
    void columnsChooseAmongTheMembersOfTheBody() {
        post("add_them?columns=a", "{\"a\":1,\"unknown\":2}").statusCode(200).body(equalTo("11"));
        post("add_them", "{\"a\":1,\"unknown\":2}").statusCode(404);
    }

    @Test
    void aVariadicArgumentRepeatsInTheQueryAndIsAnArrayInJson() {
        get("sum_all?numbers=1&numbers=2&numbers=39").body(equalTo("42"));
        get("sum_all?numbers=5").body(equalTo("5"));
        post("sum_all", "{\"numbers\":[1,2,3]}").body(equalTo("6"));
        post("sum_all", "{}").body(equalTo("0"));
        raw("sum_all", "application/x-www-form-urlencoded", "numbers=1&numbers=2".getBytes(StandardCharsets.UTF_8))
                .body(equalTo("3"));
    }

    @Test
    void ofAPlainArgumentThatRepeatsTheLastCounts() {
        get("add_them?a=1&a=5&b=0").body(equalTo("5"));
    }

    @Test
    void nothingIsNoContent() {
        post("nothing", "{}")
                .statusCode(204)
                .header("Content-Type", nullValue())
                .body(equalTo(""));
        app.service().accept("text/csv").get(RPC + "nothing").then().statusCode(204);
    }

    @Test
    void rowsOfATableAreFilteredSelectedOrderedPagedAndCounted() {
        get("films_after?after=1980&select=id,name:title&order=year.desc.nullslast&year=gte.1985")
                .statusCode(200)
                .header("Content-Range", "0-1/*")
                .body(equalTo("[{\"id\":3,\"name\":\"Cube\"}, \n {\"id\":2,\"name\":\"Brazil\"}]"));
        app.service()
                .header("Prefer", "count=exact")
                .get(RPC + "films_after?select=id&order=id&limit=2&offset=1")
                .then()
                .statusCode(206)
                .header("Content-Range", "1-2/4")
                .header("Preference-Applied", "count=exact")
                .body(equalTo("[{\"id\":2}, \n {\"id\":3}]"));
        app.service()
                .header("Range", "0-0")
                .get(RPC + "films_after?select=id&order=id")
                .then()
                .body(equalTo("[{\"id\":1}]"));
        post("films_after?select=id&or=(id.eq.1,title.eq.Dune)", "{\"after\":0}")
                .body(equalTo("[{\"id\":1}, \n {\"id\":4}]"));
        app.service()
                .header("Prefer", "count=exact")
                .get(RPC + "films_after?offset=9")
                .then()
                .statusCode(416)
                .body("code", equalTo("PGRST103"));
    }

    @Test
    void computedColumnsOfTheTableAreThere() {
        get("films_after?select=long_title&long_title=eq.Cube!").body(equalTo("[{\"long_title\":\"Cube!\"}]"));
        app.service()
                .header("Prefer", "count=exact")
                .get(RPC + "films_after?select=id&long_title=in.(Cube!,Dune!)")
                .then()
                .header("Content-Range", "0-1/2");
    }

    @Test
    void aggregatesGroupWhatAFunctionReturns() {
        get("films_after?select=count()").body(equalTo("[{\"count\":4}]"));
    }

    @Test
    void oneRowIsAnObject() {
        get("one_film?film=2").statusCode(200).body(equalTo("{\"id\":2,\"title\":\"Brazil\",\"year\":1985}"));
        get("one_film?film=2&select=title").body(equalTo("{\"title\":\"Brazil\"}"));
        post("make_point", "{\"x\":1,\"y\":2.50}").body(equalTo("{\"x\":1,\"y\":2.50}"));
        app.service()
                .accept("application/vnd.pgrst.object+json")
                .get(RPC + "films_after?id=eq.1&select=id")
                .then()
                .statusCode(200)
                .body(equalTo("{\"id\":1}"));
        app.service()
                .accept("application/vnd.pgrst.object+json")
                .get(RPC + "films_after")
                .then()
                .statusCode(406)
                .body("code", equalTo("PGRST116"), "details", equalTo("The result contains 4 rows"));
    }

    @Test
    void outParametersAreTheMembersOfAnObject() {
        get("outs?a=3").body(equalTo("{\"doubled\":6,\"squared\":9}"));
        get("out_alone?a=3").body(equalTo("{\"doubled\":6}"));
        get("inout_alone?a=3").body(equalTo("{\"a\":4}"));
        get("pairs?v=eq.2").body(equalTo("[{\"k\":\"b\",\"v\":2}]"));
        get("one_column").body(equalTo("[{\"k\":\"a\"}, \n {\"k\":\"b\"}]"));
    }

    @Test
    void aSetOfValuesIsAnArray() {
        get("numbers?n=3").body(equalTo("[1, 2, 3]"));
        get("numbers?n=3&limit=1&offset=1").body(equalTo("[2]"));
        get("numbers?n=0").body(equalTo("[]"));
    }

    @Test
    void valuesOfAnyTypeGoThroughUnharmed() {
        post("echo_json", "{\"value\":{\"a\":[1.50,\"é\"]}}").body(equalTo("{\"a\": [1.50, \"é\"]}"));
        get("echo_json?value=%7B%22a%22:1%7D").body(equalTo("{\"a\": 1}"));
        post("echo_array", "{\"items\":[\"a,b\",\"c\\\"d\"]}").body(equalTo("[\"a,b\",\"c\\\"d\"]"));
        get("echo_array?items=%7Ba,b%7D").body(equalTo("[\"a\",\"b\"]"));
        post("echo_number", "{\"n\":12345678901234567890.123456789012345678901}")
                .body(equalTo("12345678901234567890.123456789012345678901"));
        post("echo_point", "{\"p\":{\"x\":7,\"y\":1}}").body(equalTo("7"));
        get("echo_point?p=(8,1)").body(equalTo("8"));
        post("echo_text", "{\"t\":null}").statusCode(200).body(equalTo("null"));
        get("echo_text?t='%20;%20drop%20table%20films;%20--").body(equalTo("\"' ; drop table films; --\""));
        assertThat(app.count("films")).isEqualTo(4);
    }

    @Test
    void oneUnnamedArgumentTakesTheWholeBody() {
        post("raw_json", "[1,{\"a\":2.0}]").statusCode(200).body(equalTo("[1,{\"a\":2.0}]"));
        post("raw_json", "{\"a\":1}").body(equalTo("{\"a\":1}"));
        raw("raw_text", "text/plain", "zwölf".getBytes(StandardCharsets.UTF_8))
                .statusCode(200)
                .body(equalTo("5"));
        raw("raw_xml", "text/xml", "<a>é</a>".getBytes(StandardCharsets.UTF_8))
                .statusCode(200)
                .body(equalTo("\"<a>é</a>\""));
        var bytes = new byte[] {0, 1, (byte) 0xff, '\\'};
        var answer = app.sending("application/octet-stream", bytes)
                .accept("application/octet-stream")
                .post(RPC + "raw_bytes")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/octet-stream")
                .extract();
        assertThat(answer.asByteArray()).isEqualTo(bytes);
    }

    @Test
    void aBodyThatIsNoTextIsRefused() {
        raw("raw_text", "text/plain", new byte[] {(byte) 0xC3}).statusCode(400).body("code", equalTo("PGRST102"));
        post("add_them", "{\"a\":1").statusCode(400).body("code", equalTo("PGRST102"));
        raw("add_them", "text/csv", "a\n1\n".getBytes(StandardCharsets.UTF_8)).statusCode(415);
    }

    @Test
    void aValueIsAnsweredAsWhatItIs() {
        app.service()
                .accept("text/plain")
                .get(RPC + "no_arguments")
                .then()
                .statusCode(200)
                .header("Content-Type", "text/plain; charset=utf-8")
                .body(equalTo("here"));
        app.service()
                .accept("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
                .get(RPC + "page")
                .then()
                .statusCode(200)
                .header("Content-Type", "text/html; charset=utf-8")
                .body(equalTo("<h1>é</h1>"));
        app.service().accept("text/xml").get(RPC + "no_arguments").then().statusCode(406);
        app.service()
                .accept("text/plain")
                .get(RPC + "films_after")
                .then()
                .statusCode(406)
                .body(
                        "code", equalTo("PGRST107"),
                        "message", equalTo("None of these media types are available: text/plain"));
        app.service()
                .accept("text/csv")
                .get(RPC + "pairs")
                .then()
                .header("Content-Type", startsWith("text/csv"))
                .body(equalTo("k,v\na,1\nb,2"));
    }

    @Test
    void overloadsAreToldApartByTheNamesOfTheArguments() {
        get("twice?a=1").body(equalTo("\"one\""));
        get("twice?a=1&b=2").body(equalTo("\"two\""));
        post("twice", "{\"a\":1,\"b\":1}").body(equalTo("\"two\""));
        get("unsure?a=1&b=1").body(equalTo("\"x\""));
        get("unsure?a=1")
                .statusCode(300)
                .body(
                        "code", equalTo("PGRST203"),
                        "message",
                                equalTo(
                                        "Could not choose the best candidate function between: "
                                                + "public.unsure(a => integer, b => integer), public.unsure(a => integer, c => text)"),
                        "details", nullValue(),
                        "hint",
                                equalTo("Try renaming the parameters or the function itself in the database so function"
                                        + " overloading can be resolved"));
    }

    @Test
    void anUnknownFunctionIsNamedWithWhatWasMeant() {
        get("add_then?a=1&b=2")
                .statusCode(404)
                .body(
                        "code", equalTo("PGRST202"),
                        "message", equalTo("Could not find the function public.add_then(a, b) in the schema cache"),
                        "details",
                                equalTo("Searched for the function public.add_then with parameters a, b, but no matches"
                                        + " were found in the schema cache."),
                        "hint", equalTo("Perhaps you meant to call the function public.add_them"));
        post("add_them", "{\"c\":1}")
                .statusCode(404)
                .body(
                        "message", equalTo("Could not find the function public.add_them(c) in the schema cache"),
                        "details",
                                equalTo(
                                        "Searched for the function public.add_them with parameter c or with a single"
                                                + " unnamed json/jsonb parameter, but no matches were found in the schema cache."));
        get("twice?a=1&c=2").body("hint", equalTo("Perhaps you meant to call the function public.twice(a, b)"));
        get("twice")
                .body(
                        "message",
                        equalTo("Could not find the function public.twice without parameters in the schema cache"));
        raw("add_them", "application/octet-stream", new byte[] {1})
                .statusCode(404)
                .body(
                        "message", equalTo("Could not find the function public.add_them in the schema cache"),
                        "details",
                                equalTo(
                                        "Searched for the function public.add_them with a single unnamed bytea parameter,"
                                                + " but no matches were found in the schema cache."));
    }

    @Test
    void onlyAPostMayWriteAndOnlyThroughAVolatileFunction() {
        get("add_film?id=9&title=Eraserhead").statusCode(405).body("code", equalTo("25006"));
        app.service().head(RPC + "add_film?id=9&title=x").then().statusCode(405);
        assertThat(app.count("films")).isEqualTo(4);
        post("add_film", "{\"id\":9,\"title\":\"Eraserhead\"}")
                .statusCode(200)
                .body(equalTo("{\"id\":9,\"title\":\"Eraserhead\",\"year\":null}"));
        assertThat(app.count("films")).isEqualTo(5);
    }

    @Test
    void aCallIsMadeOnceEvenWhenItsRowsAreCounted() {
        app.sql("""
                create or replace function add_two() returns setof films language sql volatile as $$
                  insert into films select max(id) + 1, 'x' from films;
                  select * from films where title = 'x' $$;""");
        app.service()
                .header("Prefer", "count=exact")
                .contentType("application/json")
                .post(RPC + "add_two?select=id&limit=1")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-0/1");
        assertThat(app.count("films")).isEqualTo(5);
    }

    @Test
    void aCallCanBeTriedAndRolledBack() {
        app.service()
                .header("Prefer", "tx=rollback")
                .contentType("application/json")
                .body("{\"id\":9,\"title\":\"x\"}")
                .post(RPC + "add_film")
                .then()
                .statusCode(200)
                .header("Preference-Applied", "tx=rollback")
                .body("id", equalTo(9));
        assertThat(app.count("films")).isEqualTo(4);
    }

    @Test
    void maxAffectedBoundsWhatASetHolds() {
        app.service()
                .header("Prefer", "handling=strict, max-affected=3")
                .get(RPC + "films_after")
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST124"), "details", equalTo("The query affects 4 rows"));
        app.service()
                .header("Prefer", "handling=strict, max-affected=4")
                .get(RPC + "films_after")
                .then()
                .statusCode(200)
                .header("Preference-Applied", "handling=strict, max-affected=4");
        app.service()
                .header("Prefer", "handling=strict, max-affected=1")
                .get(RPC + "one_film?film=1")
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST128"));
    }

    @Test
    void anEstimatedCountIsExactAndAPlannedOneIsNone() {
        app.service()
                .header("Prefer", "count=estimated")
                .get(RPC + "films_after?year=gt.1980&limit=1")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-0/2");
        app.service()
                .header("Prefer", "count=planned")
                .get(RPC + "films_after?year=gt.1980&limit=1")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-0/*");
    }

    @Test
    void headTellsTheCountWithoutABody() {
        app.service()
                .header("Prefer", "count=exact")
                .head(RPC + "films_after?year=gt.1980")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-1/2")
                .body(equalTo(""));
    }

    @Test
    void theSettingsOfAFunctionHoldForItsTransaction() {
        post("slow_and_timed", "{}").body(equalTo("\"7s\""));
        post("isolated", "{}").body(equalTo("\"serializable\""));
        post("no_arguments", "{}").body(equalTo("\"here\""));
    }

    @Test
    void functionsOfOtherSchemasAreCalledByProfile() {
        app.service()
                .header("Content-Profile", "documents")
                .contentType("application/json")
                .post(RPC + "where_am_i")
                .then()
                .statusCode(200)
                .body(startsWith("\"\\\"documents\\\""));
        app.service()
                .header("Accept-Profile", "documents")
                .get(RPC + "where_am_i")
                .then()
                .statusCode(200);
        get("where_am_i").statusCode(404).body("code", equalTo("PGRST202"));
        app.service()
                .header("Accept-Profile", "auth")
                .get(RPC + "uid")
                .then()
                .statusCode(406)
                .body("code", equalTo("PGRST106"));
    }

    @Test
    void aFunctionIsThereAsSoonAsTheSqlThatMadeItIsAnswered() {
        for (int i = 0; i < 3; i++) {
            app.sql("create function fresh(a" + i + " int) returns int language sql as 'select 1'");
            get("fresh?a" + i + "=1").statusCode(200);
            app.sql("drop function fresh(int)");
            get("fresh?a" + i + "=1").statusCode(404);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add_them?a=x                    | 400 | 22P02",
                "films_after?select=nme          | 400 | 42703",
                "films_after?nme=eq.1            | 400 | 42703",
                "films_after?year=eq.            | 400 | 22P02",
                "films_after?limit=x             | 400 | PGRST100",
                "films_after?year=is.x           | 400 | PGRST100",
                "numbers?n=3&id=eq.1             | 400 | 42703",
                "numbers?n=99999999999           | 400 | 22003",
            })
    void badInputIsRefusedInTheDialect(String call, int status, String code) {
        get(call).statusCode(status).body("code", equalTo(code));
    }
}
