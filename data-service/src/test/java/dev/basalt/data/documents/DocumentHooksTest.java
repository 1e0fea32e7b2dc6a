package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.data.rest.ScriptedHooks;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents that a project's functions look at before they are written, and hear of afterwards. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentHooksTest {
    private static final String MERGE = "application/merge-patch+json";

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    @Inject
    ScriptedHooks hooks;

    @Inject
    ControlDatabase control;

    @Inject
    TestProjects projects;

    private String collection = "";

    @BeforeEach
    void hookedCollection() {
        collection = name("hooked");
        put(app.service(), collection + "/old", "{\"n\":12345678901234567890.123,\"text\":\"old\"}");
        triggers(new JsonArray().add(trigger("before")).add(trigger("after")));
        hooks.script(call -> new HookVerdict.Proceed(call.record()));
    }

    @AfterEach
    void noHooks() {
        triggers(new JsonArray());
    }

    private void triggers(JsonArray triggers) {
        TestProjects.await(control.query(
                "update projects set triggers = $2 where ref = $1",
                Tuple.of(app.project().ref(), triggers)));
        await().until(() -> projects.project(app.project().ref()).triggers().size() == triggers.size());
    }

    private JsonObject trigger(String when) {
        return new JsonObject()
                .put("function", "look")
                .put("table", "documents." + collection)
                .put("when", when)
                .put("events", new JsonArray().add("insert").add("update").add("delete"))
                .put("timeoutMs", 1000)
                .put("onFailure", "reject");
    }

    @Test
    void aHookChangesTheDocumentBeforeItIsWritten() {
        hooks.script(call -> {
            var record = Objects.requireNonNull(call.record());
            record.getJsonObject("data").put("seen", call.operation().name());
            return new HookVerdict.Proceed(record);
        });
        put(app.service(), collection + "/new", "{\"a\":1}")
                .then()
                .statusCode(201)
                .body("data.seen", equalTo("INSERT"));
        patch(app.service(), MERGE, collection + "/old", "{\"text\":\"new\"}")
                .then()
                .statusCode(200)
                .body("data.seen", equalTo("UPDATE"))
                .body(containsString("12345678901234567890.123"));
        assertThat(hooks.calls())
                .extracting(call -> call.operation())
                .containsExactly(Operation.INSERT, Operation.UPDATE);
        var update = hooks.calls().stream().toList().getLast();
        assertThat(update.schema()).isEqualTo("documents");
        assertThat(Objects.requireNonNull(update.oldRecord())
                        .getJsonObject("data")
                        .getString("text"))
                .isEqualTo("old");
        assertThat(Objects.requireNonNull(update.record()).getString("id")).isEqualTo("old");
        assertThat(hooks.nudges()).containsOnly(app.project().ref());
    }

    @Test
    void aHookRefusesAndNothingIsWritten() {
        hooks.script(call -> new HookVerdict.Reject(418, "teapot", "No"));
        put(app.service(), collection + "/new", "{}").then().statusCode(418).body("code", equalTo("teapot"));
        put(app.service(), collection + "/old", "{}").then().statusCode(418);
        app.service().delete(ROOT + collection + "/old").then().statusCode(418);
        post(
                        app.service(),
                        ":commit",
                        "{\"writes\":[{\"op\":\"set\",\"path\":\"" + name("unhooked")
                                + "/x\",\"data\":{}},{\"op\":\"delete\",\"path\":\"" + collection + "/old\"}]}")
                .then()
                .statusCode(418)
                .body("write", equalTo(1));
        assertThat(documents.data(collection + "/old").getString("text")).isEqualTo("old");
        assertThat(app.count("documents." + collection)).isEqualTo(1);
        assertThat(hooks.nudges()).isEmpty();
    }

    @Test
    void preconditionsHoldWithHooksToo() {
        put(app.service().header("If-Match", "\"1\""), collection + "/old", "{}")
                .then()
                .statusCode(412);
        put(app.service().header("If-None-Match", "*"), collection + "/old", "{}")
                .then()
                .statusCode(412);
        app.service().delete(ROOT + collection + "/none").then().statusCode(404);
        assertThat(hooks.calls()).isEmpty();
        var etag = app.service().get(ROOT + collection + "/old").header("ETag");
        put(app.service().header("If-Match", etag), collection + "/old", "{}")
                .then()
                .statusCode(200);
    }
}
