package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sees and changes what: caller by operation, with what must not have happened. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class RowLevelSecurityTest {
    private static final String NOTES = "/rest/v1/notes";

    @Inject
    RestTestProject app;

    @BeforeEach
    void notesOfTwoPeople() {
        app.sql("""
                drop table if exists notes, secrets, folders, labels cascade;
                create table notes (id int primary key, owner uuid not null default auth.uid(), text text, public boolean default false);
                alter table notes enable row level security;
                create policy own on notes to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
                create policy public on notes for select to anon, authenticated using (public);
                create table secrets (id int primary key);
                revoke all on secrets from anon, authenticated;
                create table folders (id int primary key, name text);
                create table labels (id int primary key, folder int references folders, note int references notes on delete cascade,
                  secret int references secrets);
                insert into folders values (1, 'all');
                """);
        app.sql(
                "insert into notes values (1, $1, 'ann private', false), (2, $1, 'ann public', true), (3, $2, 'bob private', false)",
                RestTestProject.ANN.toString(),
                RestTestProject.BOB.toString());
        app.sql("insert into labels (id, folder, note) values (1, 1, 1), (2, 1, 2), (3, 1, 3)");
    }

    @ParameterizedTest
    @CsvSource({"anon,2", "ann,'1,2'", "bob,'2,3'", "service,'1,2,3'"})
    void readsSeeWhatPoliciesAllow(String who, String ids) {
        assertThat(ids(as(who).get(NOTES + "?select=id&order=id").then().statusCode(200)))
                .isEqualTo(ids);
        as(who).header("Prefer", "count=exact")
                .head(NOTES)
                .then()
                .header("Content-Range", "0-" + (ids.split(",").length - 1) + "/" + ids.split(",").length);
    }

    @ParameterizedTest
    @CsvSource({"anon,''", "ann,'1,2'", "bob,3", "service,'1,2,3'"})
    void updatesTouchWhatPoliciesAllow(String who, String ids) {
        var answer = as(who).header("Prefer", "return=representation")
                .contentType("application/json")
                .body("{\"text\":\"changed\"}")
                .patch(NOTES + "?id=gt.0&select=id&order=id");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ids(answer.then())).isEqualTo(ids);
        assertThat(app.count("notes where text = 'changed'")).isEqualTo(ids.isEmpty() ? 0 : ids.split(",").length);
    }

    @ParameterizedTest
    @CsvSource({"anon,''", "ann,'1,2'", "bob,3", "service,'1,2,3'"})
    void deletesRemoveWhatPoliciesAllow(String who, String ids) {
        var answer = as(who).header("Prefer", "return=representation").delete(NOTES + "?id=gt.0&select=id&order=id");
        assertThat(ids(answer.then().statusCode(200))).isEqualTo(ids);
        assertThat(app.count("notes")).isEqualTo(3 - (ids.isEmpty() ? 0 : ids.split(",").length));
    }

    @ParameterizedTest
    @CsvSource({"anon,401", "ann,201", "bob,403", "service,201"})
    void insertsAreCheckedAgainstPolicies(String who, int status) {
        var answer = as(who).contentType("application/json")
                .body("{\"id\":9,\"owner\":\"" + RestTestProject.ANN + "\"}")
                .post(NOTES)
                .then()
                .statusCode(status);
        if (status != 201) {
            answer.body("code", equalTo("42501"));
        }
        assertThat(app.count("notes where id = 9")).isEqualTo(status == 201 ? 1 : 0);
    }

    @Test
    void defaultsSeeTheCaller() {
        as("bob")
                .header("Prefer", "return=representation")
                .contentType("application/json")
                .body("{\"id\":10}")
                .post(NOTES + "?select=owner")
                .then()
                .statusCode(201)
                .body("[0].owner", equalTo(RestTestProject.BOB.toString()));
    }

    @Test
    void nobodyGivesARowAway() {
        as("ann")
                .contentType("application/json")
                .body("{\"owner\":\"" + RestTestProject.BOB + "\"}")
                .patch(NOTES + "?id=eq.1")
                .then()
                .statusCode(403)
                .body("code", equalTo("42501"));
        assertThat(app.count("notes where owner = '" + RestTestProject.ANN + "'"))
                .isEqualTo(2);
    }

    @Test
    void upsertDoesNotReachForeignRows() {
        as("ann")
                .header("Prefer", "resolution=merge-duplicates")
                .contentType("application/json")
                .body("{\"id\":3,\"owner\":\"" + RestTestProject.ANN + "\",\"text\":\"stolen\"}")
                .post(NOTES)
                .then()
                .statusCode(403);
        assertThat(app.count("notes where text = 'stolen'")).isZero();
        assertThat(app.count("notes where id = 3 and owner = '" + RestTestProject.BOB + "'"))
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"anon,2", "ann,'1,2'", "bob,'2,3'", "service,'1,2,3'"})
    void embeddedResourcesShowWhatPoliciesAllow(String who, String ids) {
        int count = ids.split(",").length;
        var labels = new JsonArray(as(who).get("/rest/v1/labels?select=id,notes(id,text)&order=id")
                .then()
                .statusCode(200)
                .extract()
                .asString());
        assertThat(labels).hasSize(3);
        assertThat(seen(labels, "notes")).isEqualTo(ids);
        // Neither the rows nor that there are some, by whichever way a request may tell.
        for (var query : List.of(
                "select=id,notes!inner(id)", "select=id,notes()&notes=not.is.null", "select=id,...notes!inner(text)")) {
            as(who).header("Prefer", "count=exact")
                    .get("/rest/v1/labels?" + query + "&order=id")
                    .then()
                    .statusCode(200)
                    .header("Content-Range", "0-" + (count - 1) + "/" + count);
        }
        var none = 3 - count;
        as(who).header("Prefer", "count=exact")
                .get("/rest/v1/labels?select=id,notes()&notes=is.null")
                .then()
                .header("Content-Range", (none == 0 ? "*" : "0-" + (none - 1)) + "/" + none);
        as(who).get("/rest/v1/folders?select=labels(id,notes!inner(id))&labels.order=id")
                .then()
                .statusCode(200)
                .body("[0].labels.size()", equalTo(count));
    }

    @ParameterizedTest
    @CsvSource({"anon,1,2,2", "ann,2,1,2", "bob,2,2,3", "service,3,1,3"})
    void aggregatesCountWhatPoliciesAllow(String who, int count, int least, int greatest) {
        as(who).get(NOTES + "?select=count(),least:id.min(),greatest:id.max()")
                .then()
                .statusCode(200)
                .body("[0].count", equalTo(count), "[0].least", equalTo(least), "[0].greatest", equalTo(greatest));
        as(who).get("/rest/v1/labels?select=...notes(n:id.count(),greatest:id.max())")
                .then()
                .statusCode(200)
                .body("[0].n", equalTo(count), "[0].greatest", equalTo(greatest));
        as(who).get("/rest/v1/folders?select=labels(notes(count))")
                .then()
                .statusCode(200)
                .body("[0].labels.sum { it.notes.count }", equalTo(count));
    }

    @ParameterizedTest
    @CsvSource({"anon,'2,1,3'", "ann,'2,1,3'", "bob,'2,3,1'", "service,'2,1,3'"})
    void anOrderByARelatedRowKnowsOnlyWhatPoliciesAllow(String who, String ids) {
        // 'ann private' < 'ann public' < 'bob private': hidden texts must not order.
        assertThat(ids(as(who).get("/rest/v1/labels?select=id,notes(text)&order=notes(public).desc.nullslast,"
                                + "notes(text).asc.nullslast,id")
                        .then()
                        .statusCode(200)))
                .isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource({"anon,401", "ann,403", "service,200"})
    void privilegesHoldOnEmbeddedResources(String who, int status) {
        for (var query : List.of(
                "select=id,secrets(id)", "select=id,secrets()&secrets=is.null", "select=id,...secrets(s:id.count())")) {
            as(who).get("/rest/v1/labels?" + query).then().statusCode(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"anon,2", "ann,'1,2'", "bob,'2,3'", "service,'1,2,3'"})
    void whatAWriteEmbedsIsWhatPoliciesAllow(String who, String ids) {
        var changed = new JsonArray(as(who).header("Prefer", "return=representation")
                .contentType("application/json")
                .body("{\"folder\":null}")
                .patch("/rest/v1/labels?id=gt.0&select=id,notes(id)&order=id")
                .then()
                .statusCode(200)
                .extract()
                .asString());
        assertThat(changed).hasSize(3);
        assertThat(seen(changed, "notes")).isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource({"anon,401", "ann,403", "service,200"})
    void privilegesHoldBeforePolicies(String who, int status) {
        as(who).get("/rest/v1/secrets").then().statusCode(status);
    }

    /** The connections of the pool are shared: what one caller was must not be left for the next. */
    @Test
    void aRequestLeavesNothingOfItsCallerBehind() {
        for (int i = 0; i < 40; i++) {
            assertThat(ids(as("ann").get(NOTES + "?select=id&order=id").then())).isEqualTo("1,2");
            assertThat(ids(as("anon").get(NOTES + "?select=id&order=id").then()))
                    .isEqualTo("2");
            as("service").get(NOTES + "?select=nope").then().statusCode(400);
        }
    }

    @Test
    void readsCannotWriteEvenThroughFunctions() {
        app.sql("""
                create or replace function sneak(notes) returns int language plpgsql as
                  $$ begin delete from notes; return 1; end $$;""");
        as("service").get(NOTES + "?select=id,sneak").then().statusCode(405).body("code", equalTo("25006"));
        assertThat(app.count("notes")).isEqualTo(3);
        app.sql("drop function sneak(notes)");
    }

    private RequestSpecification as(String who) {
        return switch (who) {
            case "ann" -> app.user(RestTestProject.ANN);
            case "bob" -> app.user(RestTestProject.BOB);
            case "service" -> app.service();
            default -> app.anonymous();
        };
    }

    /** The ids of the embedded rows that are there, in order. */
    private static String seen(JsonArray rows, String embedded) {
        return rows.stream()
                .map(row -> ((JsonObject) row).getJsonObject(embedded))
                .filter(java.util.Objects::nonNull)
                .map(row -> row.getValue("id").toString())
                .collect(Collectors.joining(","));
    }

    private static String ids(ValidatableResponse response) {
        return new JsonArray(response.extract().asString())
                .stream()
                        .map(row -> ((JsonObject) row).getValue("id").toString())
                        .collect(Collectors.joining(","));
    }
}
