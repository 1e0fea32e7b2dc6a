package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Domains that say by their casts how their values look outside: a duration kept as seconds and shown as minutes:seconds. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DomainRepresentationTest {
    private static final String CLIPS = "/rest/v1/clips";

    @Inject
    RestTestProject app;

    @BeforeEach
    void clips() {
        app.sql("""
                drop table if exists clips, reels, marks cascade;
                drop domain if exists playing_time, "upper" cascade;
                create domain playing_time as int;
                create domain "upper" as text;
                create or replace function show_time(playing_time) returns json language sql immutable as $$
                  select to_json(($1::int / 60)::text || ':' || lpad(($1::int % 60)::text, 2, '0')) $$;
                create or replace function time_of(text) returns playing_time language sql immutable as $$
                  select (split_part($1, ':', 1)::int * 60 + split_part($1, ':', 2)::int)::playing_time $$;
                create or replace function time_of(json) returns playing_time language sql immutable as $$
                  select time_of($1 #>> '{}') $$;
                create cast (playing_time as json) with function show_time(playing_time) as implicit;
                create cast (text as playing_time) with function time_of(text) as implicit;
                create cast (json as playing_time) with function time_of(json) as implicit;
                create or replace function shout("upper") returns json language sql immutable as $$
                  select to_json(upper($1::text)) $$;
                create cast ("upper" as json) with function shout("upper") as assignment;
                create table reels (id int primary key, name "upper");
                create table clips (id int primary key, reel_id int references reels, length playing_time default 60);
                create index on clips (length);
                create table marks (at playing_time primary key, note text);
                create or replace function long_clips() returns setof clips language sql stable as $$
                  select * from clips where length > 100 $$;
                create or replace function longest() returns playing_time language sql stable as $$
                  select max(length)::playing_time from clips $$;
                insert into reels values (1, 'one'), (2, 'two');
                insert into clips values (1, 1, 95), (2, 1, 130), (3, 2, null);
                insert into marks values (61, 'intro');
                """);
    }

    private String read(String query) {
        return app.service()
                .get(CLIPS + query)
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .replace(" \n ", "");
    }

    @Test
    void aColumnIsShownByTheCastToJson() {
        assertThat(read("?select=id,length&order=id"))
                .isEqualTo(
                        "[{\"id\":1,\"length\":\"1:35\"},{\"id\":2,\"length\":\"2:10\"},{\"id\":3,\"length\":null}]");
        assertThat(read("?id=eq.1")).isEqualTo("[{\"id\":1,\"reel_id\":1,\"length\":\"1:35\"}]");
        assertThat(read("?select=long:length&id=eq.1")).isEqualTo("[{\"long\":\"1:35\"}]");
    }

    @Test
    void soItIsWhereItIsEmbeddedSpreadAndGrouped() {
        app.service()
                .get("/rest/v1/reels?select=id,clips(length)&id=eq.1&clips.order=id")
                .then()
                .body("clips[0].length", equalTo(List.of("1:35", "2:10")));
        app.service()
                .get("/rest/v1/reels?select=...clips(length)&id=eq.1&clips.order=id")
                .then()
                .body(equalTo("[{\"length\":[\"1:35\", \"2:10\"]}]"));
        app.sql("insert into clips values (4, 2, 95)");
        app.service()
                .get(CLIPS + "?select=length,id.count()&length=eq.1:35")
                .then()
                .body(equalTo("[{\"length\":\"1:35\",\"count\":2}]"));
        app.service()
                .get(CLIPS + "?select=length,id.count()&order=length.desc&length=not.is.null")
                .then()
                .body("length", equalTo(List.of("2:10", "1:35")), "count", equalTo(List.of(1, 2)));
        app.service()
                .header("Accept", "text/csv")
                .get(CLIPS + "?select=length&id=eq.1")
                .then()
                .body(equalTo("length\n\"\"\"1:35\"\"\""));
    }

    @Test
    void whatIsCastAggregatedOrOrderedIsTheValueItself() {
        assertThat(read("?select=length::int&id=eq.1")).isEqualTo("[{\"length\":95}]");
        assertThat(read("?select=length.max()")).isEqualTo("[{\"max\":130}]");
        app.sql("insert into clips values (5, 2, 600)");
        assertThat(read("?select=id&order=length.desc.nullslast&limit=2")).isEqualTo("[{\"id\":5},{\"id\":2}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "length=eq.2:10 | 2",
                "length=gt.1:35 | 2",
                "length=neq.2:10 | 1",
                "length=isdistinct.2:10 | 1,3",
                "length=in.(2:10,1:35) | 1,2",
                "length=not.in.(1:35) | 2",
                "length=eq(any).%7B2:10,0:01%7D | 2",
                "length=lt(all).%7B2:10,1:36%7D | 1",
                "or=(length.eq.2:10,id.eq.3) | 2,3",
                "length=is.null | 3",
            })
    void aFilterIsReadByTheCastFromText(String filter, String ids) {
        assertThat(read("?select=id&order=id&" + filter))
                .isEqualTo("[" + "{\"id\":" + ids.replace(",", "},{\"id\":") + "}]");
    }

    @Test
    void aFilterThatTheCastRefusesIsBadInput() {
        app.service().get(CLIPS + "?length=eq.long").then().statusCode(400).body("code", equalTo("22P02"));
    }

    @Test
    void aBodyIsReadByTheCastFromJson() {
        send("{\"id\":9,\"length\":\"10:05\"}")
                .post(CLIPS)
                .then()
                .statusCode(201)
                .body(equalTo("[{\"id\":9,\"reel_id\":null,\"length\":\"10:05\"}]"));
        send("{\"length\":\"0:59\"}")
                .patch(CLIPS + "?id=eq.9&select=length")
                .then()
                .statusCode(200)
                .body(equalTo("[{\"length\":\"0:59\"}]"));
        assertThat(app.count("clips where id = 9 and length = 59")).isEqualTo(1);
        send("[{\"id\":10,\"length\":null},{\"id\":11,\"length\":\"0:01\"}]")
                .post(CLIPS)
                .then()
                .statusCode(201);
        assertThat(app.count("clips where id = 10 and length is null")).isEqualTo(1);
        app.service()
                .header("Prefer", "missing=default, return=representation")
                .contentType("application/json")
                .body("[{\"id\":12},{\"id\":13,\"length\":\"0:02\"}]")
                .post(CLIPS + "?select=length&columns=id,length")
                .then()
                .statusCode(201)
                .body(equalTo("[{\"length\":\"1:00\"}, \n {\"length\":\"0:02\"}]"));
        app.service()
                .header("Prefer", "return=representation")
                .contentType("text/csv")
                .body("id,length\n14,1:01")
                .post(CLIPS + "?select=length")
                .then()
                .statusCode(201)
                .body(equalTo("[{\"length\":\"1:01\"}]"));
        send("{\"id\":15,\"length\":\"long\"}").post(CLIPS).then().statusCode(400);
        assertThat(app.count("clips where id = 15")).isZero();
    }

    @Test
    void aKeyIsNamedAndLocatedAsItIsShown() {
        var location = app.service()
                .header("Prefer", "return=headers-only")
                .contentType("application/json")
                .body("{\"at\":\"2:02\",\"note\":\"chorus\"}")
                .post("/rest/v1/marks")
                .then()
                .statusCode(201)
                .extract()
                .header("Location");
        assertThat(location).isEqualTo("/rest/v1/marks?at=eq.2%3A02");
        app.service().get(location).then().body("[0].note", equalTo("chorus"));
        send("{\"at\":\"2:02\",\"note\":\"bridge\"}")
                .put("/rest/v1/marks?at=eq.2:02")
                .then()
                .statusCode(200)
                .body(equalTo("[{\"at\":\"2:02\",\"note\":\"bridge\"}]"));
        send("{\"at\":\"2:03\",\"note\":\"other\"}")
                .put("/rest/v1/marks?at=eq.2:02")
                .then()
                .statusCode(400);
        assertThat(app.count("marks")).isEqualTo(2);
        app.service().delete("/rest/v1/marks?at=eq.1:01").then().statusCode(204);
        assertThat(app.count("marks")).isEqualTo(1);
    }

    @Test
    void rowsOfAFunctionAreShownByTheirTable() {
        app.service().get("/rest/v1/rpc/long_clips?select=length").then().body(equalTo("[{\"length\":\"2:10\"}]"));
        app.service()
                .get("/rest/v1/rpc/long_clips?length=eq.2:10&select=id")
                .then()
                .body(equalTo("[{\"id\":2}]"));
        // A single value is what the function returns.
        app.service().get("/rest/v1/rpc/longest").then().body(equalTo("130"));
    }

    @Test
    void onlyImplicitCastsCount() {
        app.service().get("/rest/v1/reels?select=name&id=eq.1").then().body(equalTo("[{\"name\":\"one\"}]"));
        app.sql("drop cast (\"upper\" as json); "
                + "create cast (\"upper\" as json) with function shout(\"upper\") as implicit");
        app.service().get("/rest/v1/reels?select=name&id=eq.1").then().body(equalTo("[{\"name\":\"ONE\"}]"));
        app.service().get("/rest/v1/reels?select=id&name=eq.one").then().body(equalTo("[{\"id\":1}]"));
    }

    @Test
    void theDescriptionNamesTheTypeBelow() {
        app.service()
                .get("/rest/v1/")
                .then()
                .body("definitions.clips.properties.length.format", equalTo("integer"))
                .body("definitions.clips.properties.length.type", equalTo("integer"));
    }

    @Test
    void whatTheCastRaisesIsTheAnswer() {
        app.sql("""
                create or replace function show_time(playing_time) returns json language plpgsql immutable as $$ begin
                  raise sqlstate 'PT418' using message = 'no time'; end $$""");
        app.service().get(CLIPS + "?id=eq.1").then().statusCode(418).body(containsString("no time"));
    }

    private io.restassured.specification.RequestSpecification send(String body) {
        return app.service()
                .header("Prefer", "return=representation")
                .contentType("application/json")
                .body(body);
    }
}
