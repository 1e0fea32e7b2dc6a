package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code Prefer}, {@code Range} and {@code OPTIONS}. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class PreferenceTest {
    private static final String VISITS = "/rest/v1/visits";

    @Inject
    RestTestProject app;

    @BeforeEach
    void tables() {
        app.sql("""
                drop table if exists visits, keyless cascade;
                create table visits (id int primary key, at timestamptz not null);
                insert into visits select n, '2024-01-01 12:00:00+00' from generate_series(1, 5) n;
                create table keyless (n int);
                create or replace view visit_counts as select count(*) as n from visits;
                create or replace view recent as select * from visits;
                create or replace function changes_nothing() returns int language sql stable as 'select 1';
                create or replace function changes_much() returns int language sql volatile as 'select 1';
                """);
    }

    @Test
    void timesAreToldInTheZoneThatIsPreferred() {
        app.service()
                .header("Prefer", "timezone=America/Los_Angeles")
                .get(VISITS + "?id=eq.1&select=at")
                .then()
                .statusCode(200)
                .header("Preference-Applied", "timezone=America/Los_Angeles")
                .body(equalTo("[{\"at\":\"2024-01-01T04:00:00-08:00\"}]"));
        app.service()
                .get(VISITS + "?id=eq.1&select=at")
                .then()
                .body(equalTo("[{\"at\":\"2024-01-01T12:00:00+00:00\"}]"));
    }

    @Test
    void aZoneThatThereIsNotIsIgnoredUnlessHandledStrictly() {
        app.service()
                .header("Prefer", "handling=lenient, timezone=Jupiter/Red_Spot")
                .get(VISITS + "?id=eq.1&select=at")
                .then()
                .statusCode(200)
                .header("Preference-Applied", "handling=lenient")
                .body(equalTo("[{\"at\":\"2024-01-01T12:00:00+00:00\"}]"));
        app.service()
                .header("Prefer", "handling=strict, timezone=Jupiter/Red_Spot")
                .get(VISITS)
                .then()
                .statusCode(400)
                .body(
                        "code", equalTo("PGRST122"),
                        "message", equalTo("Invalid preferences given with handling=strict"),
                        "details", equalTo("Invalid preferences: timezone=Jupiter/Red_Spot"));
    }

    @Test
    void aWriteTellsTheZoneToo() {
        app.service()
                .header("Prefer", "timezone=Asia/Tokyo, return=representation")
                .contentType("application/json")
                .body("{\"id\":9,\"at\":\"2024-01-01 00:00:00\"}")
                .post(VISITS)
                .then()
                .statusCode(201)
                .header("Preference-Applied", "return=representation, timezone=Asia/Tokyo")
                .body(equalTo("[{\"id\":9,\"at\":\"2024-01-01T00:00:00+09:00\"}]"));
    }

    @Test
    void headersOnlyTellsWhereTheRowIs() {
        app.service()
                .header("Prefer", "return=headers-only")
                .contentType("application/json")
                .body("{\"id\":9,\"at\":\"2024-01-01\"}")
                .post(VISITS)
                .then()
                .statusCode(201)
                .header("Location", "/rest/v1/visits?id=eq.9")
                .header("Preference-Applied", "return=headers-only")
                .body(equalTo(""));
    }

    @Test
    void aTransactionEndsAsItIsPreferredAndSaysSo() {
        app.service()
                .header("Prefer", "tx=rollback, return=representation")
                .contentType("application/json")
                .body("{\"id\":9,\"at\":\"2024-01-01\"}")
                .post(VISITS + "?select=id")
                .then()
                .statusCode(201)
                .header("Preference-Applied", "return=representation, tx=rollback");
        assertThat(app.count("visits")).isEqualTo(5);
        app.service()
                .header("Prefer", "tx=commit")
                .delete(VISITS + "?id=eq.1")
                .then()
                .statusCode(204)
                .header("Preference-Applied", "tx=commit");
        assertThat(app.count("visits")).isEqualTo(4);
    }

    @Test
    void theRangeHeaderPages() {
        app.service()
                .header("Range-Unit", "items")
                .header("Range", "1-2")
                .get(VISITS + "?select=id&order=id")
                .then()
                .statusCode(200)
                .header("Content-Range", "1-2/*")
                .body("id", equalTo(java.util.List.of(2, 3)));
        app.service()
                .header("Range", "3-")
                .header("Prefer", "count=exact")
                .get(VISITS + "?select=id&order=id")
                .then()
                .statusCode(206)
                .header("Content-Range", "3-4/5");
        app.service().header("Range", "2-1").get(VISITS).then().statusCode(416).body("code", equalTo("PGRST103"));
    }

    @Test
    void aPlannedCountIsWhatThePlannerExpects() {
        app.sql("insert into visits select n, now() from generate_series(6, 1000) n");
        app.sql("analyze visits");
        app.service()
                .header("Prefer", "count=planned")
                .get(VISITS + "?select=id&limit=2")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-1/1000")
                .header("Preference-Applied", "count=planned")
                .body("size()", equalTo(2));
        app.service()
                .header("Prefer", "count=planned")
                .head(VISITS + "?id=eq.7")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-0/1")
                .body(equalTo(""));
        app.service()
                .header("Prefer", "count=planned")
                .get(VISITS + "?id=eq.x")
                .then()
                .statusCode(400)
                .body("code", equalTo("22P02"));
    }

    @Test
    void anEstimatedCountIsExactWhereAPageCanHoldItAll() {
        app.service()
                .header("Prefer", "count=estimated")
                .get(VISITS + "?id=lt.3&limit=1")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-0/2")
                .header("Preference-Applied", "count=estimated");
    }

    @Test
    void optionsTellWhatATableTakes() {
        app.service().options(VISITS).then().statusCode(200).header("Allow", "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE");
        app.service().options("/rest/v1/keyless").then().header("Allow", "OPTIONS,GET,HEAD,POST,PATCH,DELETE");
        app.service().options("/rest/v1/visit_counts").then().header("Allow", "OPTIONS,GET,HEAD");
        app.service().options("/rest/v1/recent").then().header("Allow", "OPTIONS,GET,HEAD,POST,PATCH,DELETE");
        app.service().options("/rest/v1/rpc/changes_nothing").then().header("Allow", "OPTIONS,GET,HEAD,POST");
        app.service().options("/rest/v1/rpc/changes_much").then().header("Allow", "OPTIONS,POST");
        app.service().options("/rest/v1/").then().header("Allow", "OPTIONS,GET,HEAD");
        app.service().options("/rest/v1/nowhere").then().statusCode(404).body("code", equalTo("PGRST205"));
        app.service().options("/rest/v1/rpc/nowhere").then().statusCode(404).body("code", equalTo("PGRST202"));
    }

    @Test
    void preferencesOfOneRequestAreGoneInTheNext() {
        for (int i = 0; i < 20; i++) {
            app.service()
                    .header("Prefer", "timezone=Asia/Tokyo")
                    .get(VISITS + "?id=eq.1")
                    .then()
                    .statusCode(200);
            app.service()
                    .get(VISITS + "?id=eq.1&select=at")
                    .then()
                    .header("Preference-Applied", nullValue())
                    .body(equalTo("[{\"at\":\"2024-01-01T12:00:00+00:00\"}]"));
        }
    }
}
