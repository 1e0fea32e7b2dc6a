package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Documents one by one. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentsTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    @Test
    void aDocumentIsWrittenReadReplacedAndDeleted() {
        var path = name("notes") + "/first";
        put(app.service(), path, "{\"title\":\"One\",\"n\":1.50}")
                .then()
                .statusCode(201)
                .header("Location", ROOT + path)
                .body("path", equalTo(path), "id", equalTo("first"), "data.title", equalTo("One"));
        var read = app.service().get(ROOT + path);
        read.then().statusCode(200).body(containsString("1.50"));
        var etag = read.header("ETag");
        assertThat(etag).isEqualTo("\"" + json(read).getLong("version") + "\"");
        app.service()
                .header("If-None-Match", etag)
                .get(ROOT + path)
                .then()
                .statusCode(304)
                .body(equalTo(""));
        app.service().head(ROOT + path).then().statusCode(200).header("ETag", etag);
        put(app.service(), path, "{\"text\":\"Two\"}").then().statusCode(200).header("ETag", not(equalTo(etag)));
        assertThat(documents.data(path)).isEqualTo(new JsonObject().put("text", "Two"));
        app.service().header("If-None-Match", etag).get(ROOT + path).then().statusCode(200);
        app.service().delete(ROOT + path).then().statusCode(204);
        app.service().get(ROOT + path).then().statusCode(404).body("code", equalTo("document_not_found"));
        app.service().delete(ROOT + path).then().statusCode(404);
    }

    @Test
    void anIdIsMadeThatSortsByTime() {
        var collection = name("log");
        var first = json(post(app.service(), "/" + collection, "{}")).getString("id");
        var created = post(app.service(), "/" + collection, "{\"a\":1}");
        created.then().statusCode(201);
        var second = json(created).getString("id");
        assertThat(UUID.fromString(second).version()).isEqualTo(7);
        assertThat(UUID.fromString(second).variant()).isEqualTo(2);
        assertThat(created.header("Location")).isEqualTo(ROOT + collection + "/" + second);
        assertThat(second.substring(0, 13)).isGreaterThanOrEqualTo(first.substring(0, 13));
    }

    @Test
    void minimalAnswersLeaveTheDocumentOut() {
        var path = name("notes") + "/x";
        put(app.service().header("Prefer", "return=minimal"), path, "{}")
                .then()
                .statusCode(201)
                .body(equalTo(""));
        put(app.service().header("Prefer", "return=minimal"), path, "{}").then().statusCode(204);
    }

    @Test
    void aSubcollectionBelongsToItsDocument() {
        var users = name("users");
        var posts = name("posts");
        put(app.service(), users + "/ann/" + posts + "/p1", "{\"by\":\"ann\"}")
                .then()
                .statusCode(201)
                .body("path", equalTo(users + "/ann/" + posts + "/p1"));
        put(app.service(), users + "/bob/" + posts + "/p1", "{\"by\":\"bob\"}")
                .then()
                .statusCode(201);
        assertThat(documents.data(users + "/ann/" + posts + "/p1").getString("by"))
                .isEqualTo("ann");
        app.service().get(ROOT + posts + "/p1").then().statusCode(404);
        assertThat(app.count("documents.\"" + posts + "\"")).isEqualTo(2);
    }

    @Test
    void numbersKeepTheirDigits() {
        var path = name("numbers") + "/n";
        var exact = "12345678901234567890.123456789";
        put(app.service(), path, "{\"n\":" + exact + ",\"m\":1}").then().statusCode(201);
        app.service().get(ROOT + path).then().body(containsString(exact));
        patch(app.service(), MERGE, path, "{\"m\":2}").then().statusCode(200).body(containsString(exact));
        patch(app.service(), JSON_PATCH, path, "[{\"op\":\"replace\",\"path\":\"/m\",\"value\":3.10}]")
                .then()
                .statusCode(200)
                .body(containsString(exact), containsString("3.10"));
    }

    @Test
    void preconditionsHold() {
        var path = name("guarded") + "/x";
        put(app.service().header("If-Match", "*"), path, "{}")
                .then()
                .statusCode(412)
                .body("code", equalTo("precondition_failed"));
        put(app.service().header("If-None-Match", "*"), path, "{\"v\":1}")
                .then()
                .statusCode(201);
        put(app.service().header("If-None-Match", "*"), path, "{\"v\":2}")
                .then()
                .statusCode(412);
        var etag = app.service().get(ROOT + path).header("ETag");
        put(app.service().header("If-Match", "\"1\", " + etag), path, "{\"v\":3}")
                .then()
                .statusCode(200);
        put(app.service().header("If-Match", etag), path, "{\"v\":4}").then().statusCode(412);
        patch(app.service().header("If-Match", etag), MERGE, path, "{\"v\":4}")
                .then()
                .statusCode(412);
        patch(app.service().header("If-Match", etag), JSON_PATCH, path, "[]")
                .then()
                .statusCode(412);
        app.service().header("If-Match", etag).delete(ROOT + path).then().statusCode(412);
        var current = app.service().get(ROOT + path).header("ETag");
        put(app.service().header("If-Match", "W/" + current), path, "{}").then().statusCode(412);
        put(app.service().header("If-Match", "nonsense"), path, "{}")
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_precondition"));
        put(app.service().header("If-None-Match", current), path, "{}").then().statusCode(400);
        assertThat(documents.data(path).getInteger("v")).isEqualTo(3);
        app.service().header("If-Match", current).delete(ROOT + path).then().statusCode(204);
    }

    @Test
    void aVersionIsNeverUsedAgain() {
        var path = name("again") + "/x";
        put(app.service(), path, "{}");
        var first = app.service().get(ROOT + path).header("ETag");
        app.service().delete(ROOT + path);
        put(app.service(), path, "{}").then().statusCode(201);
        put(app.service().header("If-Match", first), path, "{\"late\":true}")
                .then()
                .statusCode(412);
    }

    @Test
    void sqlChangesTheVersionToo() {
        var collection = name("by_sql");
        put(app.service(), collection + "/x", "{\"a\":1}");
        var etag = app.service().get(ROOT + collection + "/x").header("ETag");
        app.sql("update documents." + collection + " set data = '{\"a\":2}'");
        put(app.service().header("If-Match", etag), collection + "/x", "{}")
                .then()
                .statusCode(412);
        assertThat(documents.data(collection + "/x").getInteger("a")).isEqualTo(2);
    }

    @Test
    void anUnknownCollectionIsMadeByTheServiceAlone() {
        var collection = name("nowhere");
        for (var as : new String[] {"anon", "user"}) {
            var caller = as.equals("anon") ? app.anonymous() : app.user(RestTestProject.ANN);
            put(caller, collection + "/x", "{}").then().statusCode(404).body("code", equalTo("unknown_collection"));
        }
        app.service().get(ROOT + collection + "/x").then().statusCode(404).body("code", equalTo("unknown_collection"));
        assertThat(app.sql("select to_regclass('documents." + collection + "') is null as none")
                        .encode())
                .contains("\"none\":true");
        put(app.service(), collection + "/x", "{}").then().statusCode(201);
    }

    @Test
    void aTableOfAnotherShapeIsNoCollection() {
        var table = name("plain");
        app.sql("create table documents." + table + " (id int)");
        app.service().get(ROOT + table + "/1").then().statusCode(404).body("code", equalTo("unknown_collection"));
        put(app.service(), table + "/1", "{}").then().statusCode(404);
    }

    @Test
    void methodsThatDoNotFitAreRefused() {
        var collection = documents.closed();
        put(app.service(), collection, "{}").then().statusCode(405);
        app.service().delete(ROOT + collection).then().statusCode(405);
        post(app.service(), "/" + collection + "/x", "{}").then().statusCode(405);
        app.service()
                .contentType("text/plain")
                .body("{}")
                .put(ROOT + collection + "/x")
                .then()
                .statusCode(415);
        app.anonymous().get("/documents/v1").then().statusCode(404);
    }

    @Test
    void withoutAValidKeyNothingIsAnswered() {
        io.restassured.RestAssured.given()
                .header("apikey", "sb_publishable_nobodys")
                .get(ROOT + "notes/x")
                .then()
                .statusCode(401)
                .contentType(containsString("application/problem+json"));
    }
}
