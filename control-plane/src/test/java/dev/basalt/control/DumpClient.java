package dev.basalt.control;

import static io.restassured.RestAssured.given;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Makes projects, fills them by migrations and SQL, dumps and restores them. */
@ApplicationScoped
class DumpClient {
    @Inject
    TestProjects projects;

    @Inject
    ProjectDatabases databases;

    NewProject create() {
        return projects.create("d-" + UUID.randomUUID().toString().substring(0, 8));
    }

    static RequestSpecification operator() {
        return given().header("apikey", BasaltTestResource.PLATFORM_KEY);
    }

    static String path(NewProject project, String below) {
        return "/platform/v1/projects/" + project.ref() + below;
    }

    RequestContext context(NewProject project) {
        return RequestContext.internal("test", projects.project(project.ref()), 0);
    }

    RowSet<Row> sql(NewProject project, String sql) {
        return TestProjects.await(databases.owner(
                context(project), connection -> connection.query(sql).execute()));
    }

    Object value(NewProject project, String sql) {
        return sql(project, sql).iterator().next().getValue(0);
    }

    void push(NewProject project, String name, String sql) {
        operator()
                .contentType("application/json")
                .body(new JsonObject()
                        .put(
                                "migrations",
                                new JsonArray()
                                        .add(new JsonObject().put("name", name).put("sql", sql)))
                        .encode())
                .post(path(project, "/migrations"))
                .then()
                .statusCode(200);
    }

    String dump(NewProject project) {
        return operator()
                .get(path(project, "/dump"))
                .then()
                .statusCode(200)
                .contentType("application/sql")
                .extract()
                .asString();
    }

    ValidatableResponse restore(NewProject project, String dump) {
        return operator()
                .contentType("application/sql")
                .body(dump.getBytes(StandardCharsets.UTF_8))
                .post(path(project, "/restore"))
                .then();
    }
}
