package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import jakarta.inject.Inject;
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
                drop table if exists notes, secrets;
                create table notes (id int primary key, owner uuid not null default auth.uid(), text text, public boolean default false);
                alter table notes enable row level security;
                create policy own on notes to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
                create policy public on notes for select to anon, authenticated using (public);
                create table secrets (id int primary key);
                revoke all on secrets from anon, authenticated;
                """);
        app.sql(
                "insert into notes values (1, $1, 'ann private', false), (2, $1, 'ann public', true), (3, $2, 'bob private', false)",
                RestTestProject.ANN.toString(),
                RestTestProject.BOB.toString());
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

    private static String ids(ValidatableResponse response) {
        return new JsonArray(response.extract().asString())
                .stream()
                        .map(row -> ((io.vertx.core.json.JsonObject) row)
                                .getValue("id")
                                .toString())
                        .collect(Collectors.joining(","));
    }
}
