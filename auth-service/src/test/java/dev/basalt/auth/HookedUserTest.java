package dev.basalt.auth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.test.TestProjects;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users that a project's functions look at before they are written. */
@QuarkusTest
class HookedUserTest extends AuthTest {
    private static final String USERS = "/auth/v1/admin/users";

    @Inject
    ScriptedHooks hooks;

    @BeforeEach
    void hooked() {
        triggers(new JsonArray().add(trigger("look", 0)));
        pass();
    }

    private void triggers(JsonArray triggers) {
        TestProjects.await(
                control.query("update projects set triggers = $2 where ref = $1", Tuple.of(project.ref(), triggers)));
        await().until(() -> projects.project(project.ref()).triggers().size() == triggers.size());
    }

    private static JsonObject trigger(String function, int order) {
        return new JsonObject()
                .put("function", function)
                .put("table", "auth.users")
                .put("when", "before")
                .put("events", new JsonArray().add("insert").add("update").add("delete"))
                .put("timeoutMs", 1000)
                .put("onFailure", "reject")
                .put("order", order);
    }

    private void pass() {
        hooks.script(call -> new HookVerdict.Proceed(call.record()));
    }

    private void refuse() {
        hooks.script(call -> new HookVerdict.Reject(403, "not_invited", "Ask somebody in"));
    }

    private void change(UnaryOperator<JsonObject> change) {
        hooks.script(call -> new HookVerdict.Proceed(change.apply(Objects.requireNonNull(call.record()))));
    }

    private static void refused(Response response) {
        response.then()
                .statusCode(403)
                .body("code", equalTo("not_invited"))
                .body("message", equalTo("Ask somebody in"));
    }

    private HookCall onlyCall() {
        assertThat(hooks.calls()).hasSize(1);
        return hooks.calls().element();
    }

    private Caller caller() {
        return hooks.contexts().element().caller();
    }

    private static String json(Map<String, Object> body) {
        return new JsonObject(body).encode();
    }

    private void assertNobodyIsThere() {
        assertThat(users()).isZero();
        assertThat(sessions()).isZero();
        assertThat(count("select count(*) from auth.identities")).isZero();
        assertThat(count("select count(*) from auth.audit_log_entries")).isZero();
    }

    @Test
    void aHookSeesASignUpAndSetsMetadata() {
        change(user -> {
            user.getJsonObject("user_metadata").put("nick", "a");
            user.getJsonObject("app_metadata").put("team", "red");
            return user;
        });
        var session = signUp("Ann@example.com", PASSWORD);
        session.then()
                .statusCode(200)
                .body("user.user_metadata.nick", equalTo("a"))
                .body("user.app_metadata.team", equalTo("red"))
                .body("user.app_metadata.provider", equalTo("email"));
        var call = onlyCall();
        assertThat(call.operation()).isEqualTo(Operation.INSERT);
        assertThat(call.schema() + "." + call.table()).isEqualTo("auth.users");
        assertThat(call.oldRecord()).isNull();
        var record = Objects.requireNonNull(call.record());
        assertThat(record.fieldNames())
                .containsExactlyInAnyOrder(
                        "id", "aud", "role", "email", "phone", "app_metadata", "user_metadata", "is_anonymous");
        assertThat(record.getString("email")).isEqualTo("ann@example.com");
        assertThat(record.getString("id")).isEqualTo(Tokens.of(session).userId());
        assertThat(caller()).isInstanceOf(Caller.Anonymous.class);
        as(Tokens.of(session)).get("/auth/v1/user").then().body("app_metadata.team", equalTo("red"));
    }

    @Test
    void aRefusedSignUpLeavesNothing() {
        refuse();
        refused(signUp("ann@example.com", PASSWORD));
        refused(client().body("{}").post("/auth/v1/signup"));
        assertThat(hooks.calls()).hasSize(2);
        refused(admin().body(json(Map.of("email", "ann@example.com", "password", PASSWORD)))
                .post(USERS));
        assertNobodyIsThere();
    }

    @Test
    void clientsWithoutAVersionReadARefusalInTheOlderForm() {
        refuse();
        given().header("apikey", project.publishableKey())
                .contentType("application/json")
                .body(json(Map.of("email", "ann@example.com", "password", PASSWORD)))
                .post("/auth/v1/signup")
                .then()
                .statusCode(403)
                .body("code", equalTo(403))
                .body("error_code", equalTo("not_invited"))
                .body("msg", equalTo("Ask somebody in"));
    }

    @Test
    void whatIsNotAHooksToChangeRefusesTheSignUp() {
        for (var member : new String[] {"id", "email", "role", "is_anonymous", "aud", "more"}) {
            change(user -> user.put(member, "service_role"));
            signUp("ann@example.com", PASSWORD)
                    .then()
                    .statusCode(500)
                    .body("code", equalTo("hook_invalid_answer"))
                    .body("message", containsString("'" + member + "'"));
        }
        for (var metadata : new String[] {"user_metadata", "app_metadata"}) {
            change(user -> user.put(metadata, "text"));
            signUp("ann@example.com", PASSWORD).then().statusCode(500).body("code", equalTo("hook_invalid_answer"));
        }
        change(user -> user.put("user_metadata", new JsonObject().put("a", "x".repeat(4096))));
        signUp("ann@example.com", PASSWORD).then().statusCode(400).body("code", equalTo("validation_failed"));
        assertNobodyIsThere();
    }

    @Test
    void aUserMadeByTheServerIsLookedAtInItsName() {
        change(user -> {
            user.getJsonObject("app_metadata").put("made", true);
            return user;
        });
        admin().body(json(Map.of("email", "ann@example.com", "password", PASSWORD)))
                .post(USERS)
                .then()
                .statusCode(200)
                .body("app_metadata.made", equalTo(true));
        assertThat(caller()).isInstanceOf(Caller.Service.class);
    }

    @Test
    void aHookSeesWhatUsersChangeOfThemselves() {
        var ann = signedUp("ann@example.com");
        change(user -> {
            user.getJsonObject("user_metadata").put("seen", true);
            return user;
        });
        as(ann).body("{\"data\":{\"nick\":\"a\"},\"email\":\"new@example.com\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(200)
                .body("email", equalTo("new@example.com"))
                .body("user_metadata.nick", equalTo("a"))
                .body("user_metadata.seen", equalTo(true));
        var call = onlyCall();
        assertThat(call.operation()).isEqualTo(Operation.UPDATE);
        var old = Objects.requireNonNull(call.oldRecord());
        var record = Objects.requireNonNull(call.record());
        assertThat(old.getString("email")).isEqualTo("ann@example.com");
        assertThat(record.getString("email")).isEqualTo("new@example.com");
        assertThat(record.getJsonObject("user_metadata").getString("nick")).isEqualTo("a");
        assertThat(record.encode() + old.encode()).doesNotContain("argon2", "encrypted_password", ann.refresh());
        assertThat(caller())
                .isInstanceOfSatisfying(
                        Caller.User.class, user -> assertThat(user.id()).hasToString(ann.userId()));
    }

    @Test
    void aRefusedChangeChangesNothing() {
        var ann = signedUp("ann@example.com");
        var elsewhere = Tokens.of(logIn("ann@example.com", PASSWORD));
        refuse();
        refused(as(ann).body("{\"password\":\"another password\",\"data\":{\"nick\":\"a\"}}")
                .put("/auth/v1/user"));
        refused(admin().body("{\"email\":\"new@example.com\",\"app_metadata\":{\"a\":1},\"ban_duration\":\"1h\"}")
                .put(USERS + "/" + ann.userId()));
        assertThat(hooks.calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.operation()).isEqualTo(Operation.UPDATE));
        assertThat(sessions()).isEqualTo(2);
        assertThat(audited("user_modified") + audited("user_updated_password")).isZero();
        refresh(elsewhere.refresh()).then().statusCode(200);
        logIn("ann@example.com", PASSWORD)
                .then()
                .statusCode(200)
                .body("user.user_metadata.nick", equalTo(null))
                .body("user.app_metadata.a", equalTo(null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusedDeletionKeepsTheUserAndItsSessions(boolean softly) {
        var ann = signedUp("ann@example.com");
        refuse();
        var body = "{\"should_soft_delete\":" + softly + "}";
        refused(admin().body(body).delete(USERS + "/" + ann.userId()));
        var call = onlyCall();
        assertThat(call.operation()).isEqualTo(Operation.DELETE);
        assertThat(call.record()).isNull();
        assertThat(Objects.requireNonNull(call.oldRecord()).getString("email")).isEqualTo("ann@example.com");
        assertThat(audited("user_deleted")).isZero();
        as(ann).get("/auth/v1/user").then().statusCode(200);

        pass();
        admin().body(body).delete(USERS + "/" + ann.userId()).then().statusCode(200);
        admin().body(body).delete(USERS + "/" + ann.userId()).then().statusCode(404);
        assertThat(hooks.calls()).hasSize(1);
        assertThat(audited("user_deleted")).isEqualTo(1);
        assertThat(sessions()).isZero();
        as(ann).get("/auth/v1/user").then().statusCode(403);
    }

    @Test
    void signingInAndRefreshingAreNoChangesOfTheUser() {
        var ann = signedUp("ann@example.com");
        refuse();
        logIn("ann@example.com", PASSWORD).then().statusCode(200);
        refresh(ann.refresh()).then().statusCode(200);
        assertThat(hooks.calls()).isEmpty();
    }

    @Test
    void severalHooksRunByOrderAndThenByName() {
        var names = new String[] {"b", "y", "a", "z"};
        var orders = new int[] {0, 5, 0, -1};
        var several = new JsonArray();
        IntStream.range(0, names.length).forEach(i -> several.add(trigger(names[i], orders[i])));
        triggers(several);
        signedUp("ann@example.com");
        assertThat(onlyCall().triggers()).extracting(DataTrigger::function).containsExactly("z", "a", "b", "y");
    }
}
