package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.JSON;
import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.post;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sees and changes what: nobody, Ann, Bob and the service, against a document of Ann's, on every way. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DocumentSecurityTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    private String collection = "";
    private String hidden = "";
    private String missing = "";

    /** Callers who may not see Ann's document. */
    enum Stranger {
        NOBODY,
        BOB
    }

    private RequestSpecification as(Stranger stranger) {
        return stranger == Stranger.NOBODY ? app.anonymous() : app.user(RestTestProject.BOB);
    }

    private RequestSpecification ann() {
        return app.user(RestTestProject.ANN);
    }

    @BeforeEach
    void annHasADocument() {
        collection = documents.owned();
        hidden = collection + "/hers";
        missing = collection + "/none";
        put(ann(), hidden, "{\"n\":7}").then().statusCode(201).body("owner", equalTo(RestTestProject.ANN.toString()));
    }

    private void unchanged() {
        assertThat(documents.data(hidden)).isEqualTo(new JsonObject().put("n", 7));
        assertThat(app.count("documents." + collection)).isEqualTo(1);
    }

    @Test
    void theOwnerAndTheServiceSeeIt() {
        for (var caller : List.of(ann(), app.service())) {
            caller.get(ROOT + hidden).then().statusCode(200).body("data.n", equalTo(7));
        }
        ann().get(ROOT + collection + "?count=exact").then().body("count", equalTo(1));
        put(ann(), hidden, "{\"n\":8}").then().statusCode(200);
        ann().delete(ROOT + hidden).then().statusCode(204);
    }

    @ParameterizedTest
    @EnumSource(Stranger.class)
    void readsLookAsIfItWereMissing(Stranger stranger) {
        same(as(stranger).get(ROOT + hidden), as(stranger).get(ROOT + missing), 404);
        as(stranger)
                .get(ROOT + collection + "?count=exact")
                .then()
                .statusCode(200)
                .body("documents.size()", equalTo(0), "count", equalTo(0));
        as(stranger).get(ROOT + collection + "?group=true&n=eq.7").then().body("documents.size()", equalTo(0));
        post(as(stranger), "/" + collection + ":aggregate", "{\"count\":true,\"sum\":[\"n\"],\"max\":[\"n\"]}")
                .then()
                .body("groups[0].count", equalTo(0), "groups[0].sum.n", equalTo(0), "groups[0].max.n", equalTo(null));
        post(as(stranger), ":batchGet", "{\"paths\":[\"" + hidden + "\",\"" + missing + "\"]}")
                .then()
                .body("documents.size()", equalTo(0), "missing", equalTo(List.of(hidden, missing)));
    }

    @ParameterizedTest
    @EnumSource(Stranger.class)
    void preconditionsTellNothing(Stranger stranger) {
        var etag = app.service().get(ROOT + hidden).header("ETag");
        for (var match : List.of("*", etag, "\"1\"")) {
            same(
                    put(as(stranger).header("If-Match", match), hidden, "{}"),
                    put(as(stranger).header("If-Match", match), missing, "{}"),
                    412);
            for (var type : List.of(MERGE, JSON_PATCH)) {
                var body = type.equals(MERGE) ? "{}" : "[]";
                same(
                        patch(as(stranger).header("If-Match", match), type, hidden, body),
                        patch(as(stranger).header("If-Match", match), type, missing, body),
                        412);
            }
            same(
                    as(stranger).header("If-Match", match).delete(ROOT + hidden),
                    as(stranger).header("If-Match", match).delete(ROOT + missing),
                    412);
        }
        unchanged();
    }

    @ParameterizedTest
    @EnumSource(Stranger.class)
    void writesChangeNothing(Stranger stranger) {
        put(as(stranger), hidden, "{\"n\":0}").then().statusCode(403).body("code", equalTo("document_forbidden"));
        put(as(stranger).header("If-None-Match", "*"), hidden, "{}").then().statusCode(403);
        same(patch(as(stranger), MERGE, hidden, "{}"), patch(as(stranger), MERGE, missing, "{}"), 404);
        same(patch(as(stranger), JSON, hidden, "{}"), patch(as(stranger), JSON, missing, "{}"), 404);
        same(patch(as(stranger), JSON_PATCH, hidden, "[]"), patch(as(stranger), JSON_PATCH, missing, "[]"), 404);
        same(as(stranger).delete(ROOT + hidden), as(stranger).delete(ROOT + missing), 404);
        for (var op : List.of("create", "set", "merge")) {
            post(
                            as(stranger),
                            ":commit",
                            "{\"writes\":[{\"op\":\"" + op + "\",\"path\":\"" + hidden + "\",\"data\":{\"n\":0}}]}")
                    .then()
                    .statusCode(403);
        }
        post(as(stranger), ":commit", "{\"writes\":[{\"op\":\"delete\",\"path\":\"" + hidden + "\"}]}")
                .then()
                .statusCode(200)
                .body("writes[0].action", equalTo("none"));
        unchanged();
    }

    /** Another's write that came in between would have let the second try pass. */
    @Test
    void aDocumentThatMayNotBeUpdatedIsTriedOnceMore() {
        app.sql("""
                create policy seen on documents."%1$s" for select to authenticated using (true);
                create sequence tries;
                create function count_try() returns trigger language plpgsql security definer as
                  'begin perform nextval(''public.tries''); return new; end';
                create trigger count_tries before insert on documents."%1$s" for each row execute function count_try()
                """.formatted(collection));
        put(app.user(RestTestProject.BOB), hidden, "{}").then().statusCode(403);
        var tries = app.sql("with tried as (select last_value as n from tries) select n from tried")
                .getJsonArray("rows")
                .getJsonObject(0)
                .getInteger("n");
        app.sql("drop function count_try() cascade; drop sequence tries");
        // Each try asks for an insert that may update, and then for either alone.
        assertThat(tries).isEqualTo(2 * 2);
        unchanged();
    }

    @ParameterizedTest
    @CsvSource({"representation, 200", "minimal, 204"})
    void whoMayUpdateAloneSetsWhatIsThere(String wanted, int status) {
        var shared = documents.closed();
        put(app.service(), shared + "/old", "{\"n\":1}").then().statusCode(201);
        app.sql("create policy see on documents.\"%1$s\" for select to authenticated using (true);".formatted(shared)
                + "create policy change on documents.\"%1$s\" for update to authenticated using (true)"
                        .formatted(shared));
        put(ann().header("Prefer", "return=" + wanted), shared + "/old", "{\"n\":2}")
                .then()
                .statusCode(status);
        put(ann().header("Prefer", "return=" + wanted), shared + "/new", "{\"n\":2}")
                .then()
                .statusCode(403);
        assertThat(documents.data(shared + "/old")).isEqualTo(new JsonObject().put("n", 2));
        assertThat(app.count("documents." + shared)).isEqualTo(1);
    }

    @Test
    void whoMayInsertAloneSetsWhatIsNotThere() {
        var shared = documents.closed();
        put(app.service(), shared + "/old", "{\"n\":1}").then().statusCode(201);
        app.sql("create policy see on documents.\"%1$s\" for select to authenticated using (true);".formatted(shared)
                + "create policy add on documents.\"%1$s\" for insert to authenticated with check (true)"
                        .formatted(shared));
        put(ann(), shared + "/old", "{\"n\":2}").then().statusCode(403);
        put(ann(), shared + "/new", "{\"n\":2}").then().statusCode(201);
        assertThat(documents.data(shared + "/old")).isEqualTo(new JsonObject().put("n", 1));
        assertThat(app.count("documents." + shared)).isEqualTo(2);
    }

    @Test
    void nobodyCreatesWhereOnlyUsersMay() {
        put(app.anonymous(), missing, "{}").then().statusCode(403);
        post(app.anonymous(), "/" + collection, "{}").then().statusCode(403);
        unchanged();
    }

    @Test
    void aRefusedWriteTakesTheWholeCommitWithIt() {
        post(
                        app.user(RestTestProject.BOB),
                        ":commit",
                        "{\"writes\":[{\"op\":\"set\",\"path\":\"" + missing
                                + "\",\"data\":{}},{\"op\":\"set\",\"path\":\"" + hidden + "\",\"data\":{}}]}")
                .then()
                .statusCode(403);
        unchanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anon", "user"})
    void aNewCollectionIsForTheServiceAlone(String who) {
        var closed = documents.closed();
        put(app.service(), closed + "/x", "{}").then().statusCode(201);
        var caller = who.equals("anon") ? app.anonymous() : ann();
        caller.get(ROOT + closed + "/x").then().statusCode(404);
        var again = who.equals("anon") ? app.anonymous() : ann();
        put(again, closed + "/y", "{}").then().statusCode(403);
        assertThat(app.count("documents." + closed)).isEqualTo(1);
    }

    /** Reading what somebody may write is another right than writing it. */
    @Test
    void whoMayReadButNotWriteIsRefused() {
        app.sql("create policy everybody on documents." + collection
                + " for select to anon, authenticated using (true)");
        app.user(RestTestProject.BOB).get(ROOT + hidden).then().statusCode(200);
        put(app.user(RestTestProject.BOB), hidden, "{}").then().statusCode(403);
        patch(app.user(RestTestProject.BOB), MERGE, hidden, "{}").then().statusCode(403);
        patch(app.user(RestTestProject.BOB), JSON_PATCH, hidden, "[]").then().statusCode(403);
        assertThat(app.user(RestTestProject.BOB).delete(ROOT + hidden).statusCode())
                .isEqualTo(403);
        unchanged();
    }

    @Test
    void restSeesTheSame() {
        for (var stranger : Stranger.values()) {
            assertThat(as(stranger)
                            .header("Accept-Profile", "documents")
                            .get("/rest/v1/" + collection)
                            .asString())
                    .isEqualTo("[]");
        }
        assertThat(ann().header("Accept-Profile", "documents")
                        .get("/rest/v1/" + collection + "?select=id")
                        .asString())
                .isEqualTo("[{\"id\":\"hers\"}]");
    }

    private static void same(Response hidden, Response missing, int status) {
        assertThat(hidden.statusCode()).isEqualTo(status);
        assertThat(hidden.asString()).isEqualTo(missing.asString());
        assertThat(hidden.header("ETag")).isNull();
        assertThat(json(hidden)).isEqualTo(json(missing));
    }
}
