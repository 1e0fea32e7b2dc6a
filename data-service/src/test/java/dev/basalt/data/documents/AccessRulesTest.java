package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A collection's declared rules: caller by operation, with what must not have happened. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class AccessRulesTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final JsonObject RULES = new JsonObject()
            .put("read", "resource.data.published || resource.owner == auth.uid")
            .put("create", "request.owner == auth.uid && request.data.title.size() <= 5")
            .put("update", "resource.owner == auth.uid && request.data.author == resource.data.author")
            .put("delete", "resource.owner == auth.uid && !resource.data.published");

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    private String collection = "";

    private Response declare(String name, JsonObject rules) {
        return app.service()
                .contentType("application/json")
                .body(new JsonObject().put("rules", rules).encode())
                .put("/platform/v1/projects/" + app.project().ref() + "/collections/" + name);
    }

    @BeforeEach
    void twoDocumentsOfAnns() {
        collection = name("ruled");
        declare(collection, RULES).then().statusCode(200).body("rules.delete", equalTo(RULES.getString("delete")));
        put(
                        app.user(RestTestProject.ANN),
                        collection + "/public",
                        "{\"title\":\"One\",\"author\":\"ann\",\"published\":true}")
                .then()
                .statusCode(201);
        put(
                        app.user(RestTestProject.ANN),
                        collection + "/secret",
                        "{\"title\":\"Two\",\"author\":\"ann\",\"published\":false}")
                .then()
                .statusCode(201);
    }

    @ParameterizedTest
    @CsvSource({"anon,public,404", "ann,'public,secret',200", "bob,public,404", "service,'public,secret',200"})
    void readsSeeWhatTheRuleAllows(String who, String ids, int secret) {
        var list = json(as(who).get(ROOT + collection + "?order=id&count=exact"));
        assertThat(list.getJsonArray("documents").stream()
                        .map(document -> ((JsonObject) document).getString("id"))
                        .collect(Collectors.joining(",")))
                .isEqualTo(ids);
        assertThat(list.getInteger("count")).isEqualTo(ids.split(",").length);
        as(who).get(ROOT + collection + "/secret").then().statusCode(secret);
    }

    @ParameterizedTest
    @CsvSource({"anon,403,403", "ann,201,403", "bob,201,403", "service,201,201"})
    void creationsAreChecked(String who, int status, int tooLong) {
        put(as(who), collection + "/new", "{\"title\":\"Three\"}").then().statusCode(status);
        put(as(who), collection + "/long", "{\"title\":\"Longer\"}").then().statusCode(tooLong);
        put(as(who), collection + "/untitled", "{}").then().statusCode(tooLong);
        assertThat(app.count("documents." + collection))
                .isEqualTo(2
                        + List.of(status, tooLong, tooLong).stream()
                                .filter(code -> code == 201)
                                .count());
    }

    @ParameterizedTest
    @CsvSource({"anon,false,false", "ann,true,false", "bob,false,false", "service,true,true"})
    void updatesAreCheckedOnBothSides(String who, boolean changes, boolean gives) {
        var read = patch(as(who), MERGE, collection + "/public", "{\"likes\":1}");
        var given = patch(as(who), MERGE, collection + "/public", "{\"author\":\"bob\"}");
        assertThat(read.statusCode() == 200).isEqualTo(changes);
        assertThat(given.statusCode() == 200).isEqualTo(gives);
        if (changes && !gives) {
            given.then().statusCode(403).body("code", equalTo("document_forbidden"));
        }
        var data = documents.data(collection + "/public");
        assertThat(data.containsKey("likes")).isEqualTo(changes);
        assertThat(data.getString("author")).isEqualTo(gives ? "bob" : "ann");
    }

    @ParameterizedTest
    @CsvSource({"anon,2", "ann,1", "bob,2", "service,0"})
    void deletionsRemoveWhatTheRuleAllows(String who, int left) {
        for (var id : List.of("public", "secret")) {
            as(who).delete(ROOT + collection + "/" + id);
        }
        assertThat(app.count("documents." + collection)).isEqualTo(left);
    }

    /** The rules are the table's, not this API's. */
    @ParameterizedTest
    @CsvSource({"anon,1", "ann,2", "bob,1", "service,2"})
    void theRulesHoldUnderSqlToo(String who, int seen) {
        app.sql("create or replace function count_" + collection
                + "() returns bigint language sql stable as 'select count(*) from documents." + collection + "'");
        assertThat(as(who).get("/rest/v1/rpc/count_" + collection).asString()).isEqualTo(Integer.toString(seen));
    }

    @Test
    void rulesThatAreLeftOutNoLongerHold() {
        declare(collection, new JsonObject().put("read", "resource.id == 'public'"))
                .then()
                .statusCode(200)
                .body("rules.delete", equalTo(null));
        app.anonymous().get(ROOT + collection + "/public").then().statusCode(200);
        app.user(RestTestProject.ANN).get(ROOT + collection + "/secret").then().statusCode(404);
        put(app.user(RestTestProject.ANN), collection + "/new", "{\"title\":\"Three\"}")
                .then()
                .statusCode(403);
        app.service()
                .delete("/platform/v1/projects/" + app.project().ref() + "/collections/" + collection + "?force=true")
                .then()
                .statusCode(204);
        assertThat(app.count(
                        "pg_proc where proname like 'basalt_rule_change%' and pronamespace = 'documents'::regnamespace"
                                + " and not exists (select from pg_trigger where tgfoid = pg_proc.oid)"))
                .isZero();
    }

    @Test
    void aRuleThatCantBeUsedIsRefusedWithItsPlace() {
        var c = name("undeclared");
        declare(
                        c,
                        new JsonObject()
                                .put("read", "true")
                                .put("update", "resource.owner == auth.uid\n && request.dat.a == 1"))
                .then()
                .statusCode(422)
                .body(
                        "code",
                        equalTo("invalid_rule"),
                        "rule",
                        equalTo("update"),
                        "line",
                        equalTo(2),
                        "column",
                        equalTo(12));
        app.service().get(ROOT + c + "/x").then().statusCode(404).body("code", equalTo("unknown_collection"));
        declare(collection, new JsonObject().put("write", "true")).then().statusCode(422);
        app.anonymous().get(ROOT + collection + "/secret").then().statusCode(404);
    }

    private RequestSpecification as(String who) {
        return switch (who) {
            case "ann" -> app.user(RestTestProject.ANN);
            case "bob" -> app.user(RestTestProject.BOB);
            case "service" -> app.service();
            default -> app.anonymous();
        };
    }
}
