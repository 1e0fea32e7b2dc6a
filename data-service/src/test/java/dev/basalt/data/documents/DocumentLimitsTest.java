package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document and its path may be. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentLimitsTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

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
}
