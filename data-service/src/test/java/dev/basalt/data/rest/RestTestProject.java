package dev.basalt.data.rest;

import static io.restassured.RestAssured.given;

import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.TestProjects;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One project for the tests of this module, with people in it. */
@ApplicationScoped
public class RestTestProject {
    public static final UUID ANN = UUID.fromString("5d2c7f7e-1111-2222-3333-00000000000a");
    public static final UUID BOB = UUID.fromString("5d2c7f7e-1111-2222-3333-00000000000b");

    private final TestProjects projects;
    private final TokenIssuer tokens;
    private final NewProject project;

    @Inject
    RestTestProject(TestProjects projects, TokenIssuer tokens) {
        this.projects = projects;
        this.tokens = tokens;
        this.project = projects.create("rest-" + UUID.randomUUID().toString().substring(0, 8));
    }

    public NewProject project() {
        return project;
    }

    public RequestSpecification anonymous() {
        return given().urlEncodingEnabled(false).header("apikey", project.publishableKey());
    }

    public RequestSpecification service() {
        return given().urlEncodingEnabled(false)
                .header("apikey", project.secretKey().value());
    }

    /** The service with a body that goes out as these bytes under exactly this content type. */
    public RequestSpecification sending(String contentType, byte[] body) {
        var exact = EncoderConfig.encoderConfig()
                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                .encodeContentTypeAs(contentType, ContentType.BINARY);
        return service()
                .config(RestAssuredConfig.config().encoderConfig(exact))
                .contentType(contentType)
                .body(body);
    }

    public RequestSpecification user(UUID id) {
        return anonymous()
                .header("Authorization", "Bearer " + token(id, Instant.now().plusSeconds(600)));
    }

    public String token(UUID id, Instant expiry) {
        return tokens.sign(
                projects.project(project.ref()),
                Map.of(
                        "sub", id.toString(),
                        "role", "authenticated",
                        "session_id", UUID.randomUUID().toString(),
                        "iat", expiry.minusSeconds(3600).getEpochSecond(),
                        "exp", expiry.getEpochSecond()));
    }

    /** Runs SQL through the API, as an app does. */
    public JsonObject sql(String query, Object... parameters) {
        var body = new JsonObject().put("query", query);
        if (parameters.length > 0) {
            body.put("params", new JsonArray(java.util.List.of(parameters)));
        }
        return new JsonObject(service()
                .contentType("application/json")
                .body(body.encode())
                .post("/sql/v1")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    /** Asks for SQL that may be refused. */
    public ValidatableResponse send(JsonObject body) {
        return send(body.encode());
    }

    /** {@link #send(JsonObject)} with a body that may be none. */
    public ValidatableResponse send(String body) {
        return service()
                .contentType("application/json")
                .body(body)
                .post("/sql/v1")
                .then();
    }

    public long count(String table) {
        return sql("select count(*) as n from " + table)
                .getJsonArray("rows")
                .getJsonObject(0)
                .getLong("n");
    }
}
