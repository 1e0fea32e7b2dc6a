package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.JSON;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;

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

/** Documents that are patched. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentPatchTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

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
}
