package dev.basalt.auth;

import static io.restassured.RestAssured.given;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the authentication API share: a project of their own and a client's calls. */
@WithTestResource(BasaltTestResource.class)
abstract class AuthTest {
    static final String PASSWORD = "correct horse";

    @Inject
    TestProjects projects;

    @Inject
    ProjectDatabases databases;

    @Inject
    ControlDatabase control;

    NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("t-" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** A session as a client holds it. */
    record Tokens(String access, String refresh, String userId) {
        static Tokens of(Response response) {
            var json = response.then().statusCode(200).extract().jsonPath();
            return new Tokens(
                    json.getString("access_token"), json.getString("refresh_token"), json.getString("user.id"));
        }
    }

    /** A request with the publishable key of the test's project. */
    RequestSpecification client() {
        return client(project);
    }

    static RequestSpecification client(NewProject of) {
        return given().header("apikey", of.publishableKey())
                .header("X-Supabase-Api-Version", "2024-01-01")
                .contentType("application/json");
    }

    RequestSpecification as(Tokens tokens) {
        return client().header("Authorization", "Bearer " + tokens.access());
    }

    RequestSpecification admin() {
        return given().header("apikey", project.secretKey().value())
                .header("X-Supabase-Api-Version", "2024-01-01")
                .contentType("application/json");
    }

    Response signUp(String email, String password) {
        return client().body(new JsonObject()
                        .put("email", email)
                        .put("password", password)
                        .encode())
                .post("/auth/v1/signup");
    }

    Tokens signedUp(String email) {
        return Tokens.of(signUp(email, PASSWORD));
    }

    Response logIn(String email, String password) {
        return client().body(new JsonObject()
                        .put("email", email)
                        .put("password", password)
                        .encode())
                .post("/auth/v1/token?grant_type=password");
    }

    Response refresh(String refreshToken) {
        return refresh(project, refreshToken);
    }

    static Response refresh(NewProject of, String refreshToken) {
        return client(of)
                .body(new JsonObject().put("refresh_token", refreshToken).encode())
                .post("/auth/v1/token?grant_type=refresh_token");
    }

    /** How many rows a query of the project's database counts. */
    long count(String sql) {
        return count(project, sql);
    }

    long count(NewProject of, String sql) {
        return TestProjects.await(databases.platformQuery(context(of), sql, Tuple.tuple()))
                .iterator()
                .next()
                .getLong(0);
    }

    void execute(String sql) {
        TestProjects.await(databases.platformQuery(context(project), sql, Tuple.tuple()));
    }

    void executeAsOwner(String sql) {
        TestProjects.await(databases.owner(
                context(project), connection -> connection.query(sql).execute()));
    }

    /** Sets the project's settings and waits until they hold. */
    void configure(String settings) {
        TestProjects.await(control.query(
                "update projects set settings = $2 where ref = $1", Tuple.of(project.ref(), new JsonObject(settings))));
        Awaitility.await()
                .until(() -> projects.project(project.ref()).settings().equals(new JsonObject(settings)));
    }

    RequestContext context(NewProject of) {
        return RequestContext.internal("test", projects.project(of.ref()), 0).as(new Caller.Service());
    }

    long users() {
        return count("select count(*) from auth.users");
    }

    long sessions() {
        return count("select count(*) from auth.sessions");
    }

    long audited(String action) {
        return count("select count(*) from auth.audit_log_entries where payload ->> 'action' = '" + action + "'");
    }
}
