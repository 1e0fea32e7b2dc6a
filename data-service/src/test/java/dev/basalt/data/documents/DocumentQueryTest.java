package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries, pages, batches and aggregates. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentQueryTest {
    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    @Inject
    TestProjects projects;

    /** Documents a to h, which differ in what they hold at {@code v}. */
    private String values() {
        var collection = name("values");
        var writes = new ArrayList<String>();
        var data = new String[][] {
            {"a", "{\"v\":5,\"author\":{\"name\":\"Ann\"},\"tags\":[\"x\",\"y\"]}"},
            {"b", "{\"v\":\"5\",\"author\":{\"name\":\"Bob\"},\"tags\":[\"y\"]}"},
            {"c", "{\"v\":10,\"author\":{\"name\":\"Ann\",\"eq\":1}}"},
            {"d", "{\"v\":null}"},
            {"e", "{}"},
            {"f", "{\"v\":true,\"tags\":[5]}"},
            {"g", "{\"v\":\"apple pie\",\"a.b\":1,\"first name\":\"Zed\"}"},
            {"h", "{\"v\":[1,2],\"n\":12345678901234567890.5}"},
        };
        for (var document : data) {
            writes.add("{\"op\":\"create\",\"path\":\"" + collection + "/" + document[0] + "\",\"data\":" + document[1]
                    + "}");
        }
        post(app.service(), ":commit", "{\"writes\":[" + String.join(",", writes) + "]}")
                .then()
                .statusCode(200);
        return collection;
    }

    /** The signs of the grammar that a URL does not hold. */
    private static String url(String query) {
        var url = new StringBuilder();
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            url.append("\"{}[]^<>|\\ ".indexOf(c) >= 0 ? "%%%02X".formatted((int) c) : c);
        }
        return url.toString();
    }

    private List<String> ids(String query) {
        var response = app.service().get(ROOT + url(query));
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        var ids = new ArrayList<String>();
        json(response).getJsonArray("documents").forEach(one -> ids.add(((JsonObject) one).getString("id")));
        return ids;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "v=eq.5 | ab",
                "v=eq.%225%22 | b",
                "v=neq.5 | cdfgh",
                "v=gt.4 | ac",
                "v=gte.5 | ac",
                "v=gt.%224%22 | bg",
                "v=lt.9 | a",
                "v=lt.b | bg",
                "v=eq.true | f",
                "v=is.true | f",
                "v=is.null | de",
                "v=not.is.null | abcfgh",
                "v=is.not_null | abcfgh",
                "v=in.(5,10) | abc",
                "v=not.eq.5 | cdfgh",
                "v=isdistinct.5 | cdefgh",
                "v=like.apple* | g",
                "v=ilike.*PIE | g",
                "v=match.^app | g",
                "v=eq.apple%20pie | g",
                "v=plfts.apple | g",
                "v=eq.[1,2] | h",
                "v.0=eq.1 | h",
                "author.name=eq.Ann | ac",
                "author=cs.{\"name\":\"Ann\"} | ac",
                "author=eq.{\"name\":\"Bob\"} | b",
                "author.\"eq\"=eq.1 | c",
                "tags=cs.{y} | ab",
                "tags=cs.{x,y} | a",
                "tags=cs.[\"y\"] | ab",
                "tags=ov.{x,5} | af",
                "tags=cd.{y,z} | b",
                "\"a.b\"=eq.1 | g",
                "\"first%20name\"=eq.Zed | g",
                "n=eq.12345678901234567890.5 | h",
                "n=gt.12345678901234567890.4 | h",
                "n=gt.12345678901234567890.6 | ``",
                "or=(v.eq.10,author.name.eq.Bob) | bc",
                "or=(author.name.not.eq.Ann,and(v.gt.1,v.lt.6)) | ab",
                "not.or=(v.eq.5,v.eq.10) | dfgh",
                "or=(v.eq.%225%22,v.in.(10,11)) | bc",
                "or=(author.\"eq\".eq.1) | c",
                "or=(tags.cs.[\"x\",\"y\"],author.eq.{\"name\":\"Bob\"},v.eq.[1,2]) | abh",
                "or=(tags.cs.{x,y},v.eq.10) | ac",
                "or=(v.eq.[1,v.eq.10) | c",
                "v=in.(%22%22) | ``",
                "v=eq.5&author.name=eq.Ann | a",
                "$id=gt.f | gh",
                "$id=in.(a,z) | a",
                "$id=in.(%22\\%22a\\%22%22,z) | a",
                "$id=like.a* | a",
                "$version=gt.0&$createdAt=gt.2000-01-01 | abcdefgh",
                "$owner=is.null | abcdefgh",
                "v=eq(any).{5,10} | abc",
                "v=like(any).{apple*,pear*} | g",
            })
    void aFilterFinds(String filter, String expected) {
        assertThat(String.join("", ids(values() + "?" + filter))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v | dbgacfhe",
                "v.desc | ehfcagbd",
                "v.asc.nullsfirst | edbgacfh",
                "v.desc.nullslast | hfcagbde",
                "author.name.desc,v | bac",
                "$id.desc | hgfedcba",
                "$createdAt,$id | abcdefgh",
            })
    void documentsAreSorted(String order, String expected) {
        assertThat(String.join("", ids(values() + "?order=" + order))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v", "v.desc", "v.nullsfirst", "v.desc.nullslast", "author.name,v.desc", "$updatedAt.desc"})
    void pagesFollowEachOtherInAnyOrder(String order) {
        var collection = values();
        var whole = ids(collection + "?order=" + order);
        var paged = new ArrayList<String>();
        String cursor = null;
        do {
            var page = json(app.service()
                    .get(ROOT + collection + "?limit=3&order=" + order + (cursor == null ? "" : "&cursor=" + cursor)));
            page.getJsonArray("documents").forEach(one -> paged.add(((JsonObject) one).getString("id")));
            cursor = page.getString("cursor");
        } while (cursor != null);
        assertThat(paged).isEqualTo(whole).hasSize(8);
    }

    @Test
    void aCursorHoldsWhileOthersWrite() {
        var collection = values();
        var cursor = json(app.service().get(ROOT + collection + "?limit=4")).getString("cursor");
        put(app.service(), collection + "/aa", "{}").then().statusCode(201);
        put(app.service(), collection + "/ee", "{}").then().statusCode(201);
        app.service().delete(ROOT + collection + "/d").then().statusCode(204);
        assertThat(ids(collection + "?limit=10&cursor=" + cursor)).containsExactly("e", "ee", "f", "g", "h");
    }

    @Test
    void aCursorOfAnotherQueryIsRefused() {
        var collection = values();
        var cursor =
                json(app.service().get(ROOT + collection + "?limit=2&order=v")).getString("cursor");
        assertThat(ids(collection + "?limit=5&order=v&select=v&cursor=" + cursor))
                .hasSize(5);
        for (var other : List.of(
                collection + "?order=v.desc",
                collection + "?order=v&v=eq.5",
                values() + "?order=v",
                collection + "?order=v&group=true",
                collection + "?limit=2")) {
            app.service()
                    .get(ROOT + other + "&cursor=" + cursor)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid_cursor"));
        }
        for (var nonsense : List.of("x", "%00", "e30", "WyJhIl0", "W251bGwsbnVsbF0", "a".repeat(2000))) {
            app.service().get(ROOT + collection + "?cursor=" + nonsense).then().statusCode(400);
        }
    }

    @Test
    void aCursorOfAnotherProjectIsRefused() {
        var collection = values();
        var cursor = json(app.service().get(ROOT + collection + "?limit=2")).getString("cursor");
        var other = projects.create(name("other").replace('_', '-'));
        var service = io.restassured.RestAssured.given()
                .urlEncodingEnabled(false)
                .header("apikey", other.secretKey().value());
        put(service, collection + "/z", "{}").then().statusCode(201);
        io.restassured.RestAssured.given()
                .urlEncodingEnabled(false)
                .header("apikey", other.secretKey().value())
                .get(ROOT + collection + "?limit=2&cursor=" + cursor)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_cursor"));
    }

    @Test
    void aSelectShowsPlacesOfTheData() {
        var collection = values();
        app.service()
                .get(ROOT + collection + "?select=author.name,v,nowhere.x&$id=eq.c")
                .then()
                .statusCode(200)
                .body(
                        "documents[0].data",
                        equalTo(java.util.Map.of("v", 10, "author", java.util.Map.of("name", "Ann"))));
        app.service()
                .get(ROOT + collection + "?select=n&$id=eq.h")
                .then()
                .body(containsString("12345678901234567890.5"));
    }

    @Test
    void documentsAreCountedBesideThePage() {
        var collection = values();
        app.service()
                .get(ROOT + collection + "?v=not.is.null&limit=2&count=exact")
                .then()
                .body("count", equalTo(6), "documents.size()", equalTo(2));
        app.service()
                .get(ROOT + collection + "?v=eq.99&count=exact")
                .then()
                .body("count", equalTo(0), "documents.size()", equalTo(0));
        app.service()
                .get(ROOT + collection + "?limit=0&count=exact")
                .then()
                .body("count", equalTo(8), "documents.size()", equalTo(0));
    }

    @Test
    void aGroupSpansAllParents() {
        var posts = name("posts");
        var users = name("users");
        put(app.service(), users + "/ann/" + posts + "/p1", "{\"n\":1}").then().statusCode(201);
        put(app.service(), users + "/bob/" + posts + "/p1", "{\"n\":2}").then().statusCode(201);
        put(app.service(), posts + "/p0", "{\"n\":3}").then().statusCode(201);
        assertThat(ids(posts)).containsExactly("p0");
        assertThat(ids(users + "/ann/" + posts)).containsExactly("p1");
        app.service()
                .get(ROOT + posts + "?group=true&order=n.desc&limit=2")
                .then()
                .body("documents.path", equalTo(List.of(posts + "/p0", users + "/bob/" + posts + "/p1")));
        app.service().get(ROOT + users + "/ann/" + posts + "?group=true").then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=5",
                "v=eq",
                "v=bogus.5",
                "or=(v.eq.5",
                "or=v.eq.5",
                "order=v.sideways.asc.up",
                "limit=x",
                "limit=1001",
                "count=planned",
                "group=yes",
                "$nope=eq.1",
                "$version=eq.x",
                "$id=cs.{a}",
                "v=sl.(1,2)",
                "v=gt(any).{1,2}",
                "v=fts(nowhere).x",
                "v=match.(",
                "v=in.5",
                "select=a,,b",
                "v.=eq.5",
                ".v=eq.5",
            })
    void aQueryThatMakesNoSenseIsRefused(String query) {
        app.service()
                .get(ROOT + url(values() + "?" + query))
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_query"));
    }

    @Test
    void valuesAreNothingButValues() {
        var collection = values();
        var hostile = "'); drop table documents." + collection + "; --";
        var encoded = java.net.URLEncoder.encode(hostile, java.nio.charset.StandardCharsets.UTF_8);
        assertThat(ids(collection + "?v=eq." + encoded)).isEmpty();
        assertThat(ids(collection + "?\"" + encoded + "\"=is.null")).hasSize(8);
        assertThat(ids(collection + "?order=\"" + encoded + "\"&select=\"" + encoded + "\""))
                .hasSize(8);
        put(app.service(), collection + "/" + encoded.replace("+", "%20"), "{\"v\":\"x\"}")
                .then()
                .statusCode(201);
        assertThat(ids(collection + "?$id=eq." + encoded)).containsExactly(hostile);
    }

    @Test
    void manyDocumentsAreReadByTheirPaths() {
        var collection = values();
        var other = values();
        var paths = new JsonArray()
                .add(collection + "/c")
                .add(other + "/a")
                .add(collection + "/none")
                .add(collection + "/a");
        post(app.service(), ":batchGet", new JsonObject().put("paths", paths).encode())
                .then()
                .statusCode(200)
                .body(
                        "documents.path",
                        equalTo(List.of(collection + "/c", other + "/a", collection + "/a")),
                        "missing",
                        equalTo(List.of(collection + "/none")));
        post(app.service(), ":batchGet", "{\"paths\":[]}").then().statusCode(200);
        post(app.service(), ":batchGet", "{\"paths\":[1]}").then().statusCode(422);
        post(app.service(), ":batchGet", "{}").then().statusCode(422);
        post(app.service(), ":batchGet", "{\"paths\":[\"" + collection + "\"]}")
                .then()
                .statusCode(422);
        post(app.service(), ":batchGet", "{\"paths\":[\"" + name("none") + "/x\"]}")
                .then()
                .statusCode(404);
    }

    @Test
    void documentsAreAggregated() {
        var sales = name("sales");
        var rows = List.of(
                "{\"city\":\"Rome\",\"price\":10.25,\"by\":{\"n\":\"a\"}}",
                "{\"city\":\"Rome\",\"price\":5,\"by\":{\"n\":\"c\"}}",
                "{\"city\":\"Oslo\",\"price\":7}",
                "{\"city\":\"Oslo\",\"price\":\"none\"}",
                "{\"city\":null}");
        rows.forEach(row -> post(app.service(), "/" + sales, row).then().statusCode(201));
        assertThat(aggregate(sales + ":aggregate", "{\"count\":true,\"sum\":[\"price\"],\"avg\":[\"price\"]}"))
                .isEqualTo("[{\"avg\":{\"price\":7.416666666666667},\"sum\":{\"price\":22.25},\"count\":5}]");
        assertThat(aggregate(
                        sales + ":aggregate?city=not.is.null",
                        "{\"count\":true,\"max\":[\"price\",\"by.n\"],\"groupBy\":[\"city\"]}"))
                .isEqualTo("[{\"key\":{\"city\":\"Oslo\"},\"max\":{\"by.n\":null,\"price\":7},\"count\":2},"
                        + "{\"key\":{\"city\":\"Rome\"},\"max\":{\"by.n\":\"c\",\"price\":10.25},\"count\":2}]");
        assertThat(aggregate(sales + ":aggregate?city=eq.Paris", "{\"sum\":[\"price\"],\"min\":[\"price\"]}"))
                .isEqualTo("[{\"min\":{\"price\":null},\"sum\":{\"price\":0}}]");
        for (var bad : List.of("{}", "{\"sum\":\"price\"}", "{\"median\":[\"x\"]}", "{\"count\":1}", "{\"sum\":[1]}")) {
            post(app.service(), "/" + sales + ":aggregate", bad).then().statusCode(422);
        }
        post(app.service(), "/" + sales + ":aggregate", "{\"sum\":[\"a..b\"]}")
                .then()
                .statusCode(400);
    }

    private String aggregate(String path, String body) {
        return json(post(app.service(), "/" + path, body))
                .getJsonArray("groups")
                .encode();
    }

    @Test
    void aQueryThatLooksThroughALargeCollectionIsAnsweredWithAHint() {
        var collection = name("large");
        put(app.service(), collection + "/first", "{\"n\":0,\"public\":true}")
                .then()
                .statusCode(201);
        app.sql(
                "insert into documents." + collection
                        + " (id, data) select i::text, jsonb_build_object('n', i, 'author', jsonb_build_object('name', i)) from generate_series(1, 5000) i");
        app.sql("create policy everybody on documents." + collection + " for select to anon using (true)");
        var query = ROOT + collection + "?author.name=eq.7&n=gt.5&limit=1";
        app.service()
                .get(query)
                .then()
                .statusCode(200)
                .body("documents.size()", equalTo(1))
                .body("hint.index.fields", equalTo(List.of("author.name", "n")))
                .body("hint.message", containsString("looks through all"));
        app.service()
                .get(ROOT + collection + "?order=n.desc&limit=1")
                .then()
                .body("hint.index.fields", equalTo(List.of("n.desc")));
        post(app.service(), "/" + collection + ":aggregate?n=gt.5", "{\"count\":true}")
                .then()
                .body("groups[0].count", equalTo(4995), "hint.index.fields", equalTo(List.of("n")));
        for (var served : new String[] {"", "?$id=eq.7", "?order=$id", "?author.name=like.7*"}) {
            app.service().get(ROOT + collection + served).then().body("hint", nullValue());
        }
        // How large a collection is may be more than its policies show.
        app.anonymous().get(query).then().statusCode(200).body("documents.size()", equalTo(1), "hint", nullValue());
        // An index that SQL made serves as a declared one does.
        app.sql("create index on documents." + collection + " (parent, (data #> '{author,name}'))");
        Awaitility.await().untilAsserted(() -> app.service().get(query).then().body("hint", nullValue()));
    }

    @Test
    void aSmallCollectionNeedsNoIndex() {
        app.service()
                .get(ROOT + values() + "?v=eq.5")
                .then()
                .statusCode(200)
                .body("documents.size()", equalTo(2), "hint", nullValue());
    }
}
