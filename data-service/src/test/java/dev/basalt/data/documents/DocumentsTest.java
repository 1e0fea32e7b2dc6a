package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.JSON;
import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents one by one. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentsTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    @Test
    void aDocumentIsWrittenReadReplacedAndDeleted() {
        var path = name("notes") + "/first";
        put(app.service(), path, "{\"title\":\"One\",\"n\":1.50}")
                .then()
                .statusCode(201)
                .header("Location", ROOT + path)
                .body("path", equalTo(path), "id", equalTo("first"), "data.title", equalTo("One"));
        var read = app.service().get(ROOT + path);
        read.then().statusCode(200).body(containsString("1.50"));
        var etag = read.header("ETag");
        assertThat(etag).isEqualTo("\"" + json(read).getLong("version") + "\"");
        app.service()
                .header("If-None-Match", etag)
                .get(ROOT + path)
                .then()
                .statusCode(304)
                .body(equalTo(""));
        app.service().head(ROOT + path).then().statusCode(200).header("ETag", etag);
        put(app.service(), path, "{\"text\":\"Two\"}").then().statusCode(200).header("ETag", not(equalTo(etag)));
        assertThat(documents.data(path)).isEqualTo(new JsonObject().put("text", "Two"));
        app.service().header("If-None-Match", etag).get(ROOT + path).then().statusCode(200);
        app.service().delete(ROOT + path).then().statusCode(204);
        app.service().get(ROOT + path).then().statusCode(404).body("code", equalTo("document_not_found"));
        app.service().delete(ROOT + path).then().statusCode(404);
    }

    @Test
    void anIdIsMadeThatSortsByTime() {
        var collection = name("log");
        var first = json(post(app.service(), "/" + collection, "{}")).getString("id");
        var created = post(app.service(), "/" + collection, "{\"a\":1}");
        created.then().statusCode(201);
        var second = json(created).getString("id");
        assertThat(UUID.fromString(second).version()).isEqualTo(7);
        assertThat(UUID.fromString(second).variant()).isEqualTo(2);
        assertThat(created.header("Location")).isEqualTo(ROOT + collection + "/" + second);
        assertThat(second.substring(0, 13)).isGreaterThanOrEqualTo(first.substring(0, 13));
    }

    @Test
    void minimalAnswersLeaveTheDocumentOut() {
        var path = name("notes") + "/x";
        put(app.service().header("Prefer", "return=minimal"), path, "{}")
                .then()
                .statusCode(201)
                .body(equalTo(""));
        put(app.service().header("Prefer", "return=minimal"), path, "{}").then().statusCode(204);
    }

    @Test
    void aSubcollectionBelongsToItsDocument() {
        var users = name("users");
        var posts = name("posts");
        put(app.service(), users + "/ann/" + posts + "/p1", "{\"by\":\"ann\"}")
                .then()
                .statusCode(201)
                .body("path", equalTo(users + "/ann/" + posts + "/p1"));
        put(app.service(), users + "/bob/" + posts + "/p1", "{\"by\":\"bob\"}")
                .then()
                .statusCode(201);
        assertThat(documents.data(users + "/ann/" + posts + "/p1").getString("by"))
                .isEqualTo("ann");
        app.service().get(ROOT + posts + "/p1").then().statusCode(404);
        assertThat(app.count("documents.\"" + posts + "\"")).isEqualTo(2);
    }

    @Test
    void numbersKeepTheirDigits() {
        var path = name("numbers") + "/n";
        var exact = "12345678901234567890.123456789";
        put(app.service(), path, "{\"n\":" + exact + ",\"m\":1}").then().statusCode(201);
        app.service().get(ROOT + path).then().body(containsString(exact));
        patch(app.service(), MERGE, path, "{\"m\":2}").then().statusCode(200).body(containsString(exact));
        patch(app.service(), JSON_PATCH, path, "[{\"op\":\"replace\",\"path\":\"/m\",\"value\":3.10}]")
                .then()
                .statusCode(200)
                .body(containsString(exact), containsString("3.10"));
    }

    @Test
    void aMergePatchFollowsRfc7396() {
        var path = name("merged") + "/x";
        put(app.service(), path, "{\"a\":\"b\",\"c\":{\"d\":\"e\",\"f\":\"g\"},\"l\":[1,2]}");
        patch(app.service(), MERGE, path, "{\"a\":\"z\",\"c\":{\"f\":null,\"h\":{\"i\":null,\"j\":1}},\"l\":[3]}")
                .then()
                .statusCode(200);
        assertThat(documents.data(path))
                .isEqualTo(new JsonObject("{\"a\":\"z\",\"c\":{\"d\":\"e\",\"h\":{\"j\":1}},\"l\":[3]}"));
        patch(app.service(), JSON, path, "{\"a\":null,\"c\":1}").then().statusCode(200);
        assertThat(documents.data(path)).isEqualTo(new JsonObject("{\"c\":1,\"l\":[3]}"));
        patch(app.service(), MERGE, path + "-none", "{}").then().statusCode(404);
        patch(app.service(), "text/plain", path, "{}").then().statusCode(415);
        patch(app.service(), MERGE, path, "[]").then().statusCode(422);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"foo\":\"bar\"} | [{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}] |"
                        + " {\"foo\":\"bar\",\"baz\":\"qux\"}",
                "{\"foo\":[\"bar\",\"baz\"]} | [{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}] |"
                        + " {\"foo\":[\"bar\",\"qux\",\"baz\"]}",
                "{\"foo\":[1]} | [{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[2]}] | {\"foo\":[1,[2]]}",
                "{\"baz\":1,\"foo\":2} | [{\"op\":\"remove\",\"path\":\"/baz\"}] | {\"foo\":2}",
                "{\"foo\":{\"bar\":1},\"qux\":{}} | [{\"op\":\"move\",\"from\":\"/foo/bar\",\"path\":\"/qux/t\"}] |"
                        + " {\"foo\":{},\"qux\":{\"t\":1}}",
                "{\"a\":{\"b\":1}} | [{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/c\"}] |"
                        + " {\"a\":{\"b\":1},\"c\":{\"b\":1}}",
                "{\"a\":1} |"
                        + " [{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"replace\",\"path\":\"\",\"value\":{\"r\":1}}]"
                        + " | {\"r\":1}",
                "{\"a\":1} |"
                        + " [{\"op\":\"test\",\"path\":\"/a\",\"value\":1.0},{\"op\":\"add\",\"path\":\"/\",\"value\":2}]"
                        + " | {\"a\":1,\"\":2}",
                "{\"/\":9,\"~1\":10} |"
                        + " [{\"op\":\"test\",\"path\":\"/~01\",\"value\":10},{\"op\":\"remove\",\"path\":\"/~1\"}] |"
                        + " {\"~1\":10}",
            })
    void aJsonPatchFollowsRfc6902(String before, String patch, String after) {
        var path = name("patched") + "/x";
        put(app.service(), path, before);
        patch(app.service(), JSON_PATCH, path, patch).then().statusCode(200);
        assertThat(documents.data(path)).isEqualTo(new JsonObject(after));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2},{\"op\":\"remove\",\"path\":\"/a\"}]",
                "[{\"op\":\"remove\",\"path\":\"/none\"}]",
                "[{\"op\":\"replace\",\"path\":\"/none\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"/none/x\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"/l/5\",\"value\":1}]",
                "[{\"op\":\"nonsense\",\"path\":\"/a\"}]",
                "[{\"op\":\"add\",\"path\":\"/a\"}]",
                "[{\"op\":\"replace\",\"path\":\"\",\"value\":1}]",
                "[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"remove\",\"path\":\"/a\"}]",
                "{\"op\":\"remove\",\"path\":\"/a\"}",
                "[1]",
                "7",
                "[{\"op\":\"add\",\"path\":\"/l/01\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"/l/-1\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"/~2\",\"value\":1}]",
                "[{\"op\":\"move\",\"from\":\"/l\",\"path\":\"/l/x\"}]",
                "[{\"op\":\"copy\",\"from\":\"/none\",\"path\":\"/x\"}]",
                "[{\"op\":\"remove\",\"path\":\"\"}]",
            })
    void aPatchThatCannotBeAppliedChangesNothing(String patch) {
        var path = name("patched") + "/x";
        put(app.service(), path, "{\"a\":1,\"l\":[]}");
        patch(app.service(), JSON_PATCH, path, patch).then().statusCode(422);
        assertThat(documents.data(path)).isEqualTo(new JsonObject("{\"a\":1,\"l\":[]}"));
    }

    @Test
    void copiesOfCopiesAreBounded() {
        var path = name("patched") + "/x";
        put(app.service(), path, "{\"a\":[\"" + "x".repeat(100) + "\"]}");
        var doubling = "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"},".repeat(40);
        patch(app.service(), JSON_PATCH, path, "[" + doubling.substring(0, doubling.length() - 1) + "]")
                .then()
                .statusCode(413);
    }

    @Test
    void preconditionsHold() {
        var path = name("guarded") + "/x";
        put(app.service().header("If-Match", "*"), path, "{}")
                .then()
                .statusCode(412)
                .body("code", equalTo("precondition_failed"));
        put(app.service().header("If-None-Match", "*"), path, "{\"v\":1}")
                .then()
                .statusCode(201);
        put(app.service().header("If-None-Match", "*"), path, "{\"v\":2}")
                .then()
                .statusCode(412);
        var etag = app.service().get(ROOT + path).header("ETag");
        put(app.service().header("If-Match", "\"1\", " + etag), path, "{\"v\":3}")
                .then()
                .statusCode(200);
        put(app.service().header("If-Match", etag), path, "{\"v\":4}").then().statusCode(412);
        patch(app.service().header("If-Match", etag), MERGE, path, "{\"v\":4}")
                .then()
                .statusCode(412);
        patch(app.service().header("If-Match", etag), JSON_PATCH, path, "[]")
                .then()
                .statusCode(412);
        app.service().header("If-Match", etag).delete(ROOT + path).then().statusCode(412);
        var current = app.service().get(ROOT + path).header("ETag");
        put(app.service().header("If-Match", "W/" + current), path, "{}").then().statusCode(412);
        put(app.service().header("If-Match", "nonsense"), path, "{}")
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_precondition"));
        put(app.service().header("If-None-Match", current), path, "{}").then().statusCode(400);
        assertThat(documents.data(path).getInteger("v")).isEqualTo(3);
        app.service().header("If-Match", current).delete(ROOT + path).then().statusCode(204);
    }

    @Test
    void aVersionIsNeverUsedAgain() {
        var path = name("again") + "/x";
        put(app.service(), path, "{}");
        var first = app.service().get(ROOT + path).header("ETag");
        app.service().delete(ROOT + path);
        put(app.service(), path, "{}").then().statusCode(201);
        put(app.service().header("If-Match", first), path, "{\"late\":true}")
                .then()
                .statusCode(412);
    }

    @Test
    void sqlChangesTheVersionToo() {
        var collection = name("by_sql");
        put(app.service(), collection + "/x", "{\"a\":1}");
        var etag = app.service().get(ROOT + collection + "/x").header("ETag");
        app.sql("update documents." + collection + " set data = '{\"a\":2}'");
        put(app.service().header("If-Match", etag), collection + "/x", "{}")
                .then()
                .statusCode(412);
        assertThat(documents.data(collection + "/x").getInteger("a")).isEqualTo(2);
    }

    @Test
    void anUnknownCollectionIsMadeByTheServiceAlone() {
        var collection = name("nowhere");
        for (var as : new String[] {"anon", "user"}) {
            var caller = as.equals("anon") ? app.anonymous() : app.user(RestTestProject.ANN);
            put(caller, collection + "/x", "{}").then().statusCode(404).body("code", equalTo("unknown_collection"));
        }
        app.service().get(ROOT + collection + "/x").then().statusCode(404).body("code", equalTo("unknown_collection"));
        assertThat(app.sql("select to_regclass('documents." + collection + "') is null as none")
                        .encode())
                .contains("\"none\":true");
        put(app.service(), collection + "/x", "{}").then().statusCode(201);
    }

    @Test
    void aTableOfAnotherShapeIsNoCollection() {
        var table = name("plain");
        app.sql("create table documents." + table + " (id int)");
        app.service().get(ROOT + table + "/1").then().statusCode(404).body("code", equalTo("unknown_collection"));
        put(app.service(), table + "/1", "{}").then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"b\":1,\"b\":2}} | /a/b",
                "{\"a\":[\"x\\u0000\"]} | /a/0",
                "{\"a\\u0000\":1} | /a",
                "{\"a\":\"\\ud800\"} | /a",
                "{\"a\":\"\\udc00\\ud800\"} | /a",
                "{\"x\":{\"n\":1e400}} | /x/n",
                "{\"n\":[0,-1e309]} | /n/1",
                "{\"n\":1e-400} | /n",
                "[] | ``",
                "\"text\" | ``",
            })
    void whatNoDocumentMayHoldIsRefusedWithItsPointer(String body, String pointer) {
        var collection = documents.closed();
        put(app.service(), collection + "/x", body)
                .then()
                .statusCode(422)
                .body("code", equalTo("invalid_document"), "pointer", startsWith(pointer));
        assertThat(app.count("documents." + collection)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1}x", "{\"a\":1} {}", "{a:1}", "{\"a\":NaN}", "{\"a\":01}"})
    void whatIsNoJsonIsRefusedWithItsPosition(String body) {
        put(app.service(), documents.closed() + "/x", body)
                .then()
                .statusCode(400)
                .body("code", equalTo("malformed_json"));
    }

    @Test
    void theDepthOfADocumentIsBounded() {
        var path = documents.closed() + "/deep";
        put(app.service(), path, "{\"a\":".repeat(99) + "{}" + "}".repeat(99))
                .then()
                .statusCode(201);
        put(app.service(), path, "{\"a\":".repeat(100) + "{}" + "}".repeat(100))
                .then()
                .statusCode(422)
                .body("pointer", equalTo("/a".repeat(100)));
        put(app.service(), path, "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}")
                .then()
                .statusCode(422);
    }

    @Test
    void theSizeOfADocumentIsBounded() {
        var path = documents.closed() + "/large";
        var largest = "{\"a\":\"" + "x".repeat((1 << 20) - 8) + "\"}";
        put(app.service(), path, largest).then().statusCode(201);
        put(app.service(), path, largest + " ").then().statusCode(413).body("code", equalTo("document_too_large"));
        put(app.service(), path, largest + "  ").then().statusCode(413);
        patch(app.service(), MERGE, path, "{\"b\":1}")
                .then()
                .statusCode(413)
                .body("code", equalTo("document_too_large"));
        patch(app.service(), JSON_PATCH, path, "[{\"op\":\"add\",\"path\":\"/b\",\"value\":1}]")
                .then()
                .statusCode(413);
        patch(app.service(), MERGE, path, "{\"a\":\"small\"}")
                .then()
                .statusCode(200)
                .body("data.b", nullValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a%2Fb | a/b",
                "%25 | %",
                "a%20b | a b",
                "a+b | a+b",
                "a:b | a:b",
                "... | ...",
                "%C3%A9 | \u00e9",
                "e%CC%81 | e\u0301",
                "%F0%9F%98%80 | \ud83d\ude00",
                "%0A | \n",
                "%22%27%5C | \"'\\",
            })
    void anIdIsAnyText(String encoded, String id) {
        var expected = id == null ? "\n" : id;
        var collection = name("ids");
        var created = put(app.service(), collection + "/" + encoded, "{\"id\":\"" + encoded + "\"}");
        created.then().statusCode(201).body("id", equalTo(expected));
        assertThat(app.service().get(created.header("Location")).statusCode()).isEqualTo(200);
        var path = json(created).getString("path");
        post(
                        app.service(),
                        ":batchGet",
                        new JsonObject()
                                .put("paths", new io.vertx.core.json.JsonArray().add(path))
                                .encode())
                .then()
                .statusCode(200)
                .body("documents[0].id", equalTo(expected));
    }

    @Test
    void unicodeFormsAreDifferentIds() {
        var collection = name("forms");
        put(app.service(), collection + "/%C3%A9", "{\"form\":\"composed\"}")
                .then()
                .statusCode(201);
        put(app.service(), collection + "/e%CC%81", "{\"form\":\"decomposed\"}")
                .then()
                .statusCode(201);
        assertThat(documents.data(collection + "/%C3%A9").getString("form")).isEqualTo("composed");
    }

    @Test
    void theLengthOfAnIdIsBounded() {
        var collection = documents.closed();
        var longest = "\u00e9".repeat(750);
        var encoded = "%C3%A9".repeat(750);
        put(app.service(), collection + "/" + encoded, "{}")
                .then()
                .statusCode(201)
                .body("id", equalTo(longest));
        put(app.service(), collection + "/" + encoded + "a", "{}")
                .then()
                .statusCode(422)
                .body("code", equalTo("invalid_path"));
        var nested = collection + "/" + "a".repeat(1500) + "/" + collection + "/";
        int left = 2600 - (collection.length() + 1 + 1500);
        put(app.service(), nested + "b".repeat(left), "{}").then().statusCode(201);
        put(app.service(), nested + "b".repeat(left + 1), "{}").then().statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c/%00", "c/%ff", "c/%C3", "c/%ED%A0%80", "1c/x", "_c/x", "c%20d/x"})
    void aBrokenPathIsRefused(String path) {
        app.service().get(ROOT + path).then().statusCode(422).body("code", equalTo("invalid_path"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x/%2e/y/z", "x/%2E%2e"})
    void dotsAreNoIds(String path) {
        var response = app.service().get(ROOT + path);
        assertThat(response.statusCode()).isIn(404, 422);
    }

    @Test
    void methodsThatDoNotFitAreRefused() {
        var collection = documents.closed();
        put(app.service(), collection, "{}").then().statusCode(405);
        app.service().delete(ROOT + collection).then().statusCode(405);
        post(app.service(), "/" + collection + "/x", "{}").then().statusCode(405);
        app.service()
                .contentType("text/plain")
                .body("{}")
                .put(ROOT + collection + "/x")
                .then()
                .statusCode(415);
        app.anonymous().get("/documents/v1").then().statusCode(404);
    }

    @Test
    void withoutAValidKeyNothingIsAnswered() {
        io.restassured.RestAssured.given()
                .header("apikey", "sb_publishable_nobodys")
                .get(ROOT + "notes/x")
                .then()
                .statusCode(401)
                .contentType(containsString("application/problem+json"));
    }
}
