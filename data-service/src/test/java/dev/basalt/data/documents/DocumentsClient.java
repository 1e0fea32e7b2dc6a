package dev.basalt.data.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.rest.RestTestProject;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/** Requests to the documents of the test project, and collections for them. */
@ApplicationScoped
public class DocumentsClient {
    static final String ROOT = "/documents/v1/";
    static final String JSON = "application/json";

    final RestTestProject app;

    @Inject
    DocumentsClient(RestTestProject app) {
        this.app = app;
    }

    /** A name that no other test uses. */
    static String name(String prefix) {
        return prefix + "_" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A collection of documents that belong to who made them, whom alone they are for. */
    String owned() {
        var name = name("owned");
        put(app.service(), name + "/first", "{}").then().statusCode(201);
        app.sql("delete from documents.\"" + name + "\"; create policy own on documents.\"" + name
                + "\" for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid())");
        return name;
    }

    /** An empty collection that the service alone reaches. */
    String closed() {
        var name = name("closed");
        put(app.service(), name + "/first", "{}").then().statusCode(201);
        app.sql("delete from documents.\"" + name + "\"");
        return name;
    }

    static Response put(RequestSpecification as, String path, String body) {
        return as.contentType(JSON).body(body).put(ROOT + path);
    }

    static Response post(RequestSpecification as, String path, String body) {
        return as.contentType(JSON).body(body).post("/documents/v1" + path);
    }

    static Response patch(RequestSpecification as, String type, String path, String body) {
        return as.contentType(type).body(body).patch(ROOT + path);
    }

    static JsonObject json(Response response) {
        return new JsonObject(response.asString());
    }

    /** The data of a document, as the service sees it. */
    JsonObject data(String path) {
        var response = app.service().get(ROOT + path);
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response).getJsonObject("data");
    }
}
