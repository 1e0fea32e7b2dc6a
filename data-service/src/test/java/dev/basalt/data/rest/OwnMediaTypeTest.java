package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Media types that a project gives its tables by aggregates, and GeoJSON. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class OwnMediaTypeTest {
    private static final String TABS = "text/tab-separated-values";
    private static final String GEO = "application/geo+json";

    @Inject
    RestTestProject app;

    @BeforeEach
    void places() {
        clear();
        app.sql("""
                create table places (id int primary key, name text);
                create table plain (id int primary key);
                insert into places values (1, 'one'), (2, 'two');
                insert into plain values (7);
                create domain "text/tab-separated-values" as text;
                create domain "image/x-rows" as bytea;
                create domain "application/x-count" as text;
                create function place_line(state text, place places) returns "text/tab-separated-values"
                  language sql immutable as $$ select state || place.id || E'\\t' || place.name || E'\\n' $$;
                create aggregate place_lines(places) (
                  initcond = '', stype = "text/tab-separated-values", sfunc = place_line);
                create function place_byte(state bytea, place places) returns "image/x-rows"
                  language sql immutable as $$ select state || set_byte('\\x00'::bytea, 0, place.id) $$;
                create aggregate place_bytes(places) (
                  initcond = '\\x', stype = "image/x-rows", sfunc = place_byte);
                create function count_row(state text, any_row anyelement) returns "application/x-count"
                  language sql immutable as $$ select (coalesce(nullif(state, ''), '0')::int + 1)::text $$;
                create aggregate count_rows(anyelement) (
                  initcond = '', stype = "application/x-count", sfunc = count_row);
                create function all_places() returns setof places language sql stable as $$
                  select * from places order by id $$;
                create function three() returns setof int language sql stable as $$ select generate_series(1, 3) $$;
                """);
    }

    @AfterEach
    void clear() {
        app.sql("""
                drop table if exists places, plain cascade;
                drop domain if exists "text/tab-separated-values", "image/x-rows", "application/x-count", "text/csv",
                  "application/json", "*/*" cascade;
                drop function if exists three(), st_asgeojson(record, text, int, boolean);
                """);
    }

    private ValidatableResponse get(String path, String accept) {
        return app.service().header("Accept", accept).get("/rest/v1/" + path).then();
    }

    @Test
    void aTableIsAnsweredByItsAggregate() {
        get("places?order=id", TABS)
                .statusCode(200)
                .header("Content-Type", TABS + "; charset=utf-8")
                .body(equalTo("1\tone\n2\ttwo\n"));
        get("places?id=gt.1&select=*", TABS).body(equalTo("2\ttwo\n"));
        get("places?id=gt.9", TABS).statusCode(200).body(equalTo(""));
        get("places?order=id", "image/png, " + TABS + ";q=0.5, application/json;q=0.1")
                .header("Content-Type", TABS + "; charset=utf-8");
        app.service()
                .header("Accept", TABS)
                .head("/rest/v1/places")
                .then()
                .statusCode(200)
                .header("Content-Type", TABS + "; charset=utf-8")
                .body(equalTo(""));
    }

    @Test
    void bytesAreBytes() {
        assertThat(get("places?order=id", "image/x-rows")
                        .header("Content-Type", "image/x-rows")
                        .extract()
                        .asByteArray())
                .containsExactly(1, 2);
    }

    @Test
    void itTakesWholeRowsOfItsTableAlone() {
        get("places?select=id", TABS).statusCode(406).body("code", equalTo("PGRST107"));
        get("places?select=id", TABS + ", application/json").statusCode(200).body("size()", equalTo(2));
        get("plain", TABS).statusCode(406).body("code", equalTo("PGRST107"));
    }

    @Test
    void anAggregateOverAnythingServesEveryTableAndSelection() {
        for (var path : new String[] {"places", "places?select=name", "plain?id=lt.8", "rpc/all_places", "rpc/three"}) {
            var rows = path.startsWith("plain") ? "1" : path.endsWith("three") ? "3" : "2";
            get(path, "application/x-count")
                    .statusCode(200)
                    .header("Content-Type", "application/x-count")
                    .body(equalTo(rows));
        }
    }

    @Test
    void rowsOfAFunctionAreAnsweredByTheirTable() {
        get("rpc/all_places?order=id", TABS).statusCode(200).body(equalTo("1\tone\n2\ttwo\n"));
        get("rpc/all_places?id=eq.2", TABS).body(equalTo("2\ttwo\n"));
        get("rpc/three", TABS).statusCode(406);
    }

    @Test
    void aWriteAnswersInItWhenItAnswersAtAll() {
        app.service()
                .header("Accept", TABS)
                .header("Prefer", "return=representation")
                .contentType("application/json")
                .body("{\"id\":3,\"name\":\"three\"}")
                .post("/rest/v1/places")
                .then()
                .statusCode(201)
                .header("Content-Type", TABS + "; charset=utf-8")
                .body(equalTo("3\tthree\n"));
        app.service()
                .header("Accept", TABS)
                .delete("/rest/v1/places?id=eq.3")
                .then()
                .statusCode(204)
                .body(equalTo(""));
        app.service()
                .header("Accept", "image/png")
                .contentType("application/json")
                .body("{\"id\":4}")
                .post("/rest/v1/places")
                .then()
                .statusCode(406);
        assertThat(app.count("places")).isEqualTo(2);
    }

    @Test
    void whatIsBuiltInMayBeReplaced() {
        app.sql("""
                create domain "text/csv" as text;
                create function own_line(state text, any_row anyelement) returns "text/csv"
                  language sql immutable as $$ select state || (to_json(any_row) ->> 'id') || ';' $$;
                create aggregate own_csv(anyelement) (initcond = '', stype = "text/csv", sfunc = own_line);
                create domain "*/*" as text;
                create function any_line(state text, place plain) returns "*/*"
                  language sql immutable as $$ select state || '<' || place.id || '>' $$;
                create aggregate any_type(plain) (initcond = '', stype = "*/*", sfunc = any_line);
                """);
        get("places?order=id", "text/csv").body(equalTo("1;2;"));
        for (var accept : new String[] {"application/json", "text/html", "*/*"}) {
            get("plain", accept)
                    .header("Content-Type", "application/octet-stream")
                    .body(equalTo("<7>"));
        }
        // The dialect's own types take parameters and are nobody's to replace.
        get("plain?id=eq.7", "application/vnd.pgrst.object+json").body(equalTo("{\"id\":7}"));
        get("plain?select=id", "application/json").body(equalTo("[{\"id\":7}]"));
    }

    @Test
    void geoJsonIsRefusedClearlyWithoutPostgis() {
        get("places", GEO)
                .statusCode(406)
                .body(
                        "code",
                        equalTo("PGRST107"),
                        "details",
                        containsString("PostGIS"),
                        "hint",
                        containsString("postgis"));
        get("places", GEO + ", application/json").statusCode(200).body("size()", equalTo(2));
    }

    /** PostGIS can't be installed here; a function of the same name and arguments shows how its result is put together. */
    @Test
    void geoJsonIsACollectionOfWhatPostgisMakesOfEachRow() {
        app.sql("""
                create function st_asgeojson(r record, geom_column text default '', maxdecimaldigits int default 9,
                  pretty_bool boolean default false) returns text language plpgsql immutable as $$ begin
                  return json_build_object('type', 'Feature', 'properties', row_to_json(r)); end $$""");
        get("places?id=eq.1", GEO)
                .statusCode(200)
                .header("Content-Type", GEO)
                .body("type", equalTo("FeatureCollection"), "features[0].properties.name", equalTo("one"));
        get("places?id=eq.9", GEO).body("features.size()", equalTo(0));
        get("places?select=id&order=id", GEO).body("features.properties.id", equalTo(java.util.List.of(1, 2)));
        get("rpc/all_places?id=eq.2", GEO).body("features[0].properties.id", equalTo(2));
    }
}
