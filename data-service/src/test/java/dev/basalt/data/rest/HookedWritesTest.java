package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes to a table that a project's functions look at. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class HookedWritesTest {
    private static final String ORDERS = "/rest/v1/orders";

    @Inject
    RestTestProject app;

    @Inject
    ScriptedHooks hooks;

    @Inject
    ControlDatabase control;

    @Inject
    TestProjects projects;

    @BeforeEach
    void hookedTable() {
        app.sql("""
                drop table if exists orders, keyless;
                create table keyless (id int);
                create table orders (
                  id int primary key, item text not null default 'thing', price numeric, note text default 'none',
                  loud text generated always as (upper(item)) stored);
                insert into orders (id, item, price) values
                  (1, 'tea', 12345678901234567890.123456789), (2, 'cup', 2.50), (3, 'pot', 3);""");
        var triggers = new JsonArray()
                .add(trigger("public.orders", "before", "insert", "update", "delete"))
                .add(trigger("public.keyless", "before", "insert", "update"))
                .add(trigger("public.clocks", "before", "update"))
                .add(trigger("public.orders", "after", "insert"));
        TestProjects.await(control.query(
                "update projects set triggers = $2 where ref = $1",
                Tuple.of(app.project().ref(), triggers)));
        await().until(() -> projects.project(app.project().ref()).triggers().size() == 4);
        hooks.script(call -> new HookVerdict.Proceed(call.record()));
    }

    @Test
    void aHookChangesTheRowBeforeItIsWritten() {
        hooks.script(call -> new HookVerdict.Proceed(
                Objects.requireNonNull(call.record()).put("item", "changed").put("note", "seen")));
        post("{\"id\":10,\"item\":\"x\"}")
                .post(ORDERS + "?select=id,item,note,loud&columns=id,item")
                .then()
                .statusCode(201)
                .body(equalTo("[{\"id\":10,\"item\":\"changed\",\"note\":\"seen\",\"loud\":\"CHANGED\"}]"));
        assertThat(hooks.calls()).hasSize(1).allSatisfy(call -> {
            assertThat(call.table()).isEqualTo("orders");
            assertThat(call.oldRecord()).isNull();
            assertThat(call.record()).isEqualTo(new JsonObject("{\"id\":10,\"item\":\"x\"}"));
        });
        assertThat(hooks.nudges()).containsExactly(app.project().ref());
    }

    @Test
    void aDomainGoesToAHookAndBackAsItIsShown() {
        app.sql("""
                drop table if exists clocks;
                drop domain if exists hours cascade;
                create domain hours as int;
                create or replace function show_hours(hours) returns json language sql immutable as $$
                  select to_json($1::int || 'h') $$;
                create or replace function read_hours(json) returns hours language sql immutable as $$
                  select rtrim($1 #>> '{}', 'h')::int::hours $$;
                create cast (hours as json) with function show_hours(hours) as implicit;
                create cast (json as hours) with function read_hours(json) as implicit;
                create table clocks (id hours primary key, at hours, note text);
                insert into clocks values (1, 7, 'a'), (2, 8, 'b');""");
        hooks.script(call -> {
            var row = Objects.requireNonNull(call.record());
            return new HookVerdict.Proceed(row.getString("id").equals("1h") ? row.put("at", "9h") : row);
        });
        post("{\"note\":\"seen\"}")
                .patch("/rest/v1/clocks?select=id,at,note&order=id")
                .then()
                .statusCode(200)
                .body("at", equalTo(List.of("9h", "8h")), "note", equalTo(List.of("seen", "seen")));
        assertThat(hooks.calls())
                .extracting(HookCall::oldRecord)
                .contains(new JsonObject("{\"id\":\"1h\",\"at\":\"7h\",\"note\":\"a\"}"));
        assertThat(app.count("clocks where id = 1 and at = 9")).isEqualTo(1);
    }

    @Test
    void eachRowOfABulkGoesThroughAndRaggedRowsTakeDefaults() {
        hooks.script(call -> {
            var row = Objects.requireNonNull(call.record());
            return new HookVerdict.Proceed(row.getInteger("id") == 11 ? row.put("note", "eleven") : row);
        });
        post("[{\"id\":11,\"item\":\"a\"},{\"id\":12,\"item\":\"b\"}]")
                .post(ORDERS + "?select=id,note")
                .then()
                .statusCode(201)
                .body(equalTo("[{\"id\":11,\"note\":\"eleven\"}, \n {\"id\":12,\"note\":\"none\"}]"));
    }

    @Test
    void aRejectionIsTheAnswerAndNothingIsWritten() {
        hooks.script(call -> new HookVerdict.Reject(422, "too_cheap", "The price is too low"));
        post("[{\"id\":13},{\"id\":14}]")
                .post(ORDERS)
                .then()
                .statusCode(422)
                .body("code", equalTo("too_cheap"), "message", equalTo("The price is too low"));
        post("{\"item\":\"never\"}").patch(ORDERS + "?id=eq.1").then().statusCode(422);
        app.service().delete(ORDERS).then().statusCode(422);
        assertThat(app.count("orders")).isEqualTo(3);
        assertThat(app.count("orders where item = 'never'")).isZero();
        assertThat(hooks.nudges()).isEmpty();
    }

    @Test
    void anUpdateShowsOldAndNewAndWritesWhatComesBack() {
        hooks.script(call -> {
            var row = Objects.requireNonNull(call.record());
            return new HookVerdict.Proceed(
                    row.put("note", Objects.requireNonNull(call.oldRecord()).getString("item")));
        });
        post("{\"item\":\"new\"}")
                .patch(ORDERS + "?id=lt.3&select=id,item,note,price&order=id")
                .then()
                .statusCode(200)
                .body(equalTo(
                        "[{\"id\":1,\"item\":\"new\",\"note\":\"tea\",\"price\":12345678901234567890.123456789}, \n"
                                + " {\"id\":2,\"item\":\"new\",\"note\":\"cup\",\"price\":2.50}]"));
        assertThat(app.count("orders where item = 'new'")).isEqualTo(2);
    }

    @Test
    void anUpdateOfNoRowCallsNothing() {
        post("{\"item\":\"new\"}")
                .patch(ORDERS + "?id=eq.99")
                .then()
                .statusCode(200)
                .body(equalTo("[]"));
        assertThat(hooks.calls()).isEmpty();
    }

    @Test
    void aDeleteShowsTheRowAndRemovesIt() {
        app.service()
                .header("Prefer", "return=representation")
                .delete(ORDERS + "?id=gte.2&select=id&order=id")
                .then()
                .statusCode(200)
                .body(equalTo("[{\"id\":2}, \n {\"id\":3}]"));
        assertThat(hooks.calls()).hasSize(2).allSatisfy(call -> {
            assertThat(call.record()).isNull();
            assertThat(call.oldRecord()).isNotNull();
        });
        assertThat(app.count("orders")).isOne();
    }

    @Test
    void policiesHoldForWhatAHookMade() {
        app.sql("""
                alter table orders enable row level security;
                create policy cheap on orders to authenticated using (true) with check (price < 100);""");
        hooks.script(call ->
                new HookVerdict.Proceed(Objects.requireNonNull(call.record()).put("price", 1000)));
        app.user(RestTestProject.ANN)
                .contentType("application/json")
                .body("{\"id\":20,\"price\":1}")
                .post(ORDERS)
                .then()
                .statusCode(403)
                .body("code", equalTo("42501"));
        assertThat(app.count("orders")).isEqualTo(3);
    }

    @Test
    void whatAHookCannotDoIsToldClearly() {
        post("{\"id\":5}")
                .patch("/rest/v1/keyless")
                .then()
                .statusCode(400)
                .body("details", containsString("primary key"));
        post("{\"id\":5}").patch(ORDERS + "?id=eq.1").then().statusCode(400).body("details", containsString("'id'"));
        hooks.script(call ->
                new HookVerdict.Proceed(Objects.requireNonNull(call.record()).put("nonsense", 1)));
        post("{\"id\":30}").post(ORDERS).then().statusCode(400).body("code", equalTo("PGRST204"));
        assertThat(app.count("orders")).isEqualTo(3);
    }

    private RequestSpecification post(String body) {
        return app.service()
                .header("Prefer", "return=representation")
                .contentType("application/json")
                .body(body);
    }

    private static JsonObject trigger(String table, String when, String... events) {
        return new JsonObject()
                .put("function", "f")
                .put("table", table)
                .put("when", when)
                .put("events", new JsonArray(java.util.List.of(events)))
                .put("timeoutMs", 1000)
                .put("onFailure", "reject");
    }
}
