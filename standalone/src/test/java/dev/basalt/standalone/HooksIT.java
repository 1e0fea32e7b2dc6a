package dev.basalt.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before hooks of users and objects, all of it real: the command, the services, the database, the workers. */
class HooksIT {
    private static final String OBJECT = "/storage/v1/object/papers/";

    @TempDir
    Path directory;

    @Test
    void functionsChangeAndRefuseUsersAndObjectsInTheirOrder() throws IOException, InterruptedException {
        try (var basalt = new RunningBasalt(directory.resolve("data"), Map.of()).up()) {
            basalt.post("/storage/v1/bucket", new JsonObject().put("name", "papers"));
            deploy(basalt, "a", 2);
            deploy(basalt, "b", 1);
            assertThat(basalt.post(OBJECT + "good.json", new JsonObject()).statusCode())
                    .isEqualTo(200);
            assertThat(steps(basalt)).isEqualTo("[\"b\",\"a\"]");

            var ann = signUp(basalt, "ann@example.com");
            assertThat(ann.getJsonObject("user").getJsonObject("app_metadata").getJsonArray("steps"))
                    .isEqualTo(new JsonArray().add("b").add("a"));
            assertThat(ann.getJsonObject("user").getJsonObject("app_metadata").getString("by"))
                    .isEqualTo("service_role");

            assertThat(signUp(basalt, "bad@example.com"))
                    .isEqualTo(new JsonObject()
                            .put("code", 422)
                            .put("error_code", "b_says_no")
                            .put("msg", "No"));
            assertThat(basalt.sql("select email from auth.users").body())
                    .contains("ann@example.com")
                    .doesNotContain("bad@example.com");

            var refused = basalt.post(OBJECT + "bad.json", new JsonObject());
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("b_says_no");
            assertThat(basalt.sql("select name from storage.objects").body()).doesNotContain("bad.json");
        }
    }

    private static String steps(RunningBasalt basalt) {
        return new JsonObject(basalt.sql("select user_metadata -> 'steps' as steps from storage.objects"
                                + " order by created_at desc limit 1")
                        .body())
                .getJsonArray("rows")
                .getJsonObject(0)
                .getJsonArray("steps", new JsonArray())
                .encode();
    }

    private static JsonObject signUp(RunningBasalt basalt, String email) {
        return new JsonObject(basalt.post(
                        "/auth/v1/signup", new JsonObject().put("email", email).put("password", "correct horse"))
                .body());
    }

    private void deploy(RunningBasalt basalt, String name, int order) throws IOException {
        var function = Files.createDirectories(directory.resolve(name));
        Files.writeString(function.resolve("basalt.function.json"), """
                {"runtime": "js", "triggers": [
                  {"on": "users", "when": "before", "events": ["insert"], "order": %1$d},
                  {"on": "objects", "when": "before", "events": ["insert"], "order": %1$d}]}""".formatted(order));
        Files.writeString(function.resolve("index.js"), """
                export async function onEvent({ table, record }, ctx) {
                  const name = "%s";
                  if ((record.email ?? record.name).startsWith("bad"))
                    return { reject: { status: 422, code: name + "_says_no", message: "No" } };
                  const member = table === "users" ? "app_metadata" : "user_metadata";
                  const before = record[member] ?? {};
                  const after = { ...before, by: ctx.caller.role, steps: [...(before.steps ?? []), name] };
                  return { record: { ...record, [member]: after } };
                }
                """.formatted(name));
        var deployed = basalt.run("functions", "deploy", function.toString());
        assertThat(deployed.code()).as(deployed.output()).isZero();
    }
}
