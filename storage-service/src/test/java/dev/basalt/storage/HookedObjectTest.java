package dev.basalt.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.TestProjects;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects that a project's functions look at before they are written. */
@QuarkusTest
class HookedObjectTest extends StorageTest {
    private static final String OBJECT = "/storage/v1/object/";
    private static @Nullable NewProject shared;

    @Inject
    ScriptedHooks hooks;

    @Inject
    ControlDatabase control;

    /** One project for all of them: each has connections of its own, of which the server has no endless number. */
    @Override
    @BeforeEach
    void aProjectWithBuckets() {
        if (shared == null) {
            super.aProjectWithBuckets();
            shared = project;
            hook();
        } else {
            project = shared;
            sql("delete from storage.objects");
            TestProjects.await(sweeper.sweep(theProject(), Duration.ZERO));
        }
        pass();
    }

    private void hook() {
        var trigger = new JsonObject()
                .put("function", "look")
                .put("table", "storage.objects")
                .put("when", "before")
                .put("events", new JsonArray().add("insert").add("update").add("delete"))
                .put("timeoutMs", 1000)
                .put("onFailure", "reject");
        TestProjects.await(control.query(
                "update projects set triggers = $2 where ref = $1",
                Tuple.of(project.ref(), new JsonArray().add(trigger))));
        await().until(() -> theProject().triggers().size() == 1);
    }

    private void pass() {
        hooks.script(call -> new HookVerdict.Proceed(call.record()));
    }

    private void refuse() {
        hooks.script(call -> new HookVerdict.Reject(422, "no_cats", "No cats here"));
    }

    /** Lets every row pass as a function makes it. */
    private void change(Function<JsonObject, JsonObject> change) {
        hooks.script(call -> new HookVerdict.Proceed(change.apply(Objects.requireNonNull(call.record()))));
    }

    private static void refused(ValidatableResponse answer) {
        answer.statusCode(400)
                .body("statusCode", equalTo("422"))
                .body("code", equalTo("no_cats"))
                .body("message", equalTo("No cats here"));
    }

    private RequestSpecification text(String content) {
        return secret().contentType("text/plain").body(content);
    }

    private RequestSpecification json(Map<String, Object> body) {
        return secret().contentType("application/json").body(new JsonObject(body).encode());
    }

    private HookCall onlyCall() {
        assertThat(hooks.calls()).hasSize(1);
        return hooks.calls().element();
    }

    private void assertContent(String name, String content) {
        secret().get(OBJECT + "open/" + name).then().statusCode(200).body(equalTo(content));
    }

    private void assertOneBlobIsLeft() {
        await().until(() -> blobsOfProject().size() == 1);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aHookSeesAnUploadAndChangesWhatIsSaidOfIt() {
        change(row -> {
            row.getJsonObject("metadata").put("mimetype", "text/markdown").put("cacheControl", "max-age=7");
            return row.put("user_metadata", new JsonObject().put("seen", true));
        });
        as(ANN).contentType("text/plain")
                .body("hello")
                .post(OBJECT + "private/" + ANN + "/a.txt")
                .then()
                .statusCode(200);
        var call = onlyCall();
        assertThat(call.operation()).isEqualTo(Operation.INSERT);
        assertThat(call.oldRecord()).isNull();
        var row = Objects.requireNonNull(call.record());
        assertThat(row.fieldNames())
                .containsExactlyInAnyOrder("bucket_id", "name", "owner", "owner_id", "metadata", "user_metadata");
        assertThat(row.getString("bucket_id")).isEqualTo("private");
        assertThat(row.getString("name")).isEqualTo(ANN + "/a.txt");
        assertThat(row.getString("owner_id")).isEqualTo(ANN.toString());
        assertThat(row.getJsonObject("metadata").getInteger("size")).isEqualTo(5);
        assertThat(row.getJsonObject("metadata").getString("mimetype")).isEqualTo("text/plain");
        assertThat(hooks.contexts())
                .extracting(RequestContext::caller)
                .singleElement()
                .isInstanceOfSatisfying(
                        Caller.User.class, user -> assertThat(user.id()).isEqualTo(ANN));
        as(ANN).get(OBJECT + "private/" + ANN + "/a.txt")
                .then()
                .statusCode(200)
                .header("Content-Type", equalTo("text/markdown"))
                .header("Cache-Control", equalTo("max-age=7"))
                .body(equalTo("hello"));
        as(ANN).get(OBJECT + "info/private/" + ANN + "/a.txt")
                .then()
                .statusCode(200)
                .body("metadata.seen", equalTo(true));
    }

    @Test
    void aRefusedUploadLeavesNeitherRowNorBytes() {
        refuse();
        refused(text("hello").post(OBJECT + "open/a.txt").then());
        refused(text("hello")
                .header("x-upsert", "true")
                .post(OBJECT + "open/a.txt")
                .then());
        assertThat(hooks.calls()).extracting(HookCall::operation).containsExactly(Operation.INSERT, Operation.INSERT);
        assertNothingWasStored();
    }

    @Test
    void whatTheCallerMayNotWriteNoHookSees() {
        anonymous()
                .contentType("text/plain")
                .body("x")
                .post(OBJECT + "open/a.txt")
                .then()
                .statusCode(400);
        assertThat(hooks.calls()).isEmpty();
        assertNothingWasStored();
    }

    @ParameterizedTest
    @CsvSource({"PUT, false", "POST, true"})
    void aRefusedOverwriteLeavesWhatWasThere(String method, boolean upsert) {
        upload("open", "a.txt", "old".getBytes(StandardCharsets.UTF_8));
        refuse();
        refused(text("newer")
                .header("x-upsert", Boolean.toString(upsert))
                .request(method, OBJECT + "open/a.txt")
                .then());
        var call = onlyCall();
        assertThat(call.operation()).isEqualTo(Operation.UPDATE);
        var old = Objects.requireNonNull(call.oldRecord());
        assertThat(old.getJsonObject("metadata").getInteger("size")).isEqualTo(3);
        assertThat(old.containsKey("version")).isFalse();
        assertThat(Objects.requireNonNull(call.record())
                        .getJsonObject("metadata")
                        .getInteger("size"))
                .isEqualTo(5);
        assertOneBlobIsLeft();
        assertContent("a.txt", "old");

        pass();
        text("newer")
                .header("x-upsert", Boolean.toString(upsert))
                .request(method, OBJECT + "open/a.txt")
                .then()
                .statusCode(200);
        assertOneBlobIsLeft();
        assertContent("a.txt", "newer");
    }

    @Test
    void anUpdateOfNothingReachesNoHook() {
        text("x").put(OBJECT + "open/none.txt").then().body("statusCode", equalTo("404"));
        assertThat(hooks.calls()).isEmpty();
        assertNothingWasStored();
    }

    @Test
    void aHookSeesAMoveAndMayRefuseIt() {
        upload("open", "a.txt", bytes(3));
        refuse();
        var move = Map.<String, Object>of("bucketId", "open", "sourceKey", "a.txt", "destinationKey", "b.txt");
        refused(json(move).post(OBJECT + "move").then());
        var call = onlyCall();
        assertThat(call.operation()).isEqualTo(Operation.UPDATE);
        assertThat(Objects.requireNonNull(call.oldRecord()).getString("name")).isEqualTo("a.txt");
        assertThat(Objects.requireNonNull(call.record()).getString("name")).isEqualTo("b.txt");
        secret().get(OBJECT + "open/a.txt").then().statusCode(200);
        secret().get(OBJECT + "open/b.txt").then().statusCode(400);

        change(row -> row.put("user_metadata", new JsonObject().put("moved", 1)));
        json(move).post(OBJECT + "move").then().statusCode(200);
        secret().get(OBJECT + "info/open/b.txt").then().body("metadata.moved", equalTo(1));
        secret().get(OBJECT + "open/a.txt").then().statusCode(400);
        json(move).post(OBJECT + "move").then().body("statusCode", equalTo("404"));
    }

    @Test
    void aRefusedCopyLeavesNeitherRowNorBytes() {
        upload("open", "a.txt", bytes(3));
        refuse();
        var copy = Map.<String, Object>of("bucketId", "open", "sourceKey", "a.txt", "destinationKey", "b.txt");
        refused(json(copy).post(OBJECT + "copy").then());
        assertThat(onlyCall().operation()).isEqualTo(Operation.INSERT);
        assertOneBlobIsLeft();
        change(row -> {
            row.getJsonObject("metadata").put("mimetype", "text/x-copy");
            return row;
        });
        json(copy).post(OBJECT + "copy").then().statusCode(200).body("metadata.mimetype", equalTo("text/x-copy"));
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void oneRefusedDeletionKeepsAllOfThem() {
        upload("open", "a.txt", bytes(3));
        upload("open", "b.txt", bytes(3));
        hooks.script(call ->
                Objects.requireNonNull(call.oldRecord()).getString("name").equals("b.txt")
                        ? new HookVerdict.Reject(422, "no_cats", "No cats here")
                        : new HookVerdict.Proceed(null));
        refused(json(Map.of("prefixes", new JsonArray().add("a.txt").add("b.txt")))
                .delete(OBJECT + "open")
                .then());
        refused(secret().delete(OBJECT + "open/b.txt").then());
        refused(secret().post("/storage/v1/bucket/open/empty").then());
        assertThat(hooks.calls()).allSatisfy(call -> {
            assertThat(call.operation()).isEqualTo(Operation.DELETE);
            assertThat(call.record()).isNull();
            assertThat(Objects.requireNonNull(call.oldRecord()).containsKey("version"))
                    .isFalse();
        });
        assertThat(rows()).isEqualTo(2);
        assertThat(blobsOfProject()).hasSize(2);

        pass();
        secret().delete(OBJECT + "open/b.txt").then().statusCode(200);
        secret().post("/storage/v1/bucket/open/empty").then().statusCode(200);
        assertNothingWasStored();
    }

    @Test
    void whatIsNotAHooksToChangeRefusesTheWrite() {
        change(row -> row.put("name", "elsewhere.txt"));
        invalid("name");
        change(row -> row.put("owner_id", BOB.toString()));
        invalid("owner_id");
        change(row -> row.put("more", 1));
        invalid("more");
        change(row -> {
            row.getJsonObject("metadata").put("size", 1);
            return row;
        });
        invalid("size");
        change(row -> row.put("metadata", "text"));
        invalid("metadata");
        // It would split the response in which it stands.
        change(row -> {
            row.getJsonObject("metadata").put("mimetype", "text/html\r\nSet-Cookie: a=b");
            return row;
        });
        invalid("mimetype");
        assertNothingWasStored();
    }

    private void invalid(String what) {
        text("hello")
                .post(OBJECT + "open/a.txt")
                .then()
                .statusCode(500)
                .body("code", equalTo("hook_invalid_answer"))
                .body("message", containsString(what));
    }

    @Test
    void aTypeThatTheBucketDoesNotTakeIsNoHooksToSet() {
        bucket("texts", new JsonObject().put("allowed_mime_types", new JsonArray().add("text/*")));
        change(row -> {
            row.getJsonObject("metadata").put("mimetype", "image/png");
            return row;
        });
        text("x").post(OBJECT + "texts/a.txt").then().statusCode(400).body("statusCode", equalTo("415"));
        assertNothingWasStored();
        change(row -> {
            row.getJsonObject("metadata").put("mimetype", "text/csv");
            return row;
        });
        text("x").post(OBJECT + "texts/a.txt").then().statusCode(200);
    }
}
