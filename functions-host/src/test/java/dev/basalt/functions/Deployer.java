package dev.basalt.functions;

import static io.restassured.RestAssured.given;

import dev.basalt.kit.schema.ProjectFactory.NewProject;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deploys functions as users do. */
public final class Deployer {
    private Deployer() {}

    /** Deploys one file and expects it to be taken. */
    public static void deploy(NewProject project, String name, String source, String manifest) {
        put(project, name, new JsonObject(Map.of("index.js", source)), new JsonObject(manifest))
                .statusCode(org.hamcrest.Matchers.oneOf(200, 201));
    }

    /** Deploys files; without a manifest of its own, one of the files is it. */
    public static ValidatableResponse put(
            NewProject project, String name, JsonObject files, @Nullable JsonObject manifest) {
        return given().header("apikey", project.secretKey().value())
                .contentType("application/json")
                .body(new JsonObject()
                        .put("files", files)
                        .put("manifest", manifest)
                        .encode())
                .put("/platform/v1/projects/" + project.ref() + "/functions/" + name)
                .then();
    }
}
