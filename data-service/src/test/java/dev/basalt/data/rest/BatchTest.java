package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several requests in one transaction. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(BatchTest.SmallBatches.class)
class BatchTest {
    private static final String RETURNED = "{\"Prefer\":\"return=representation\"}";

    /** Bounds that a test can reach. */
    public static class SmallBatches implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("basalt.data.rest.max-batch-requests", "5", "basalt.data.rest.max-batch-bytes", "20000");
        }
    }

    @Inject
    RestTestProject app;

    @Inject
    ScriptedHooks hooks;

    @Inject
    ControlDatabase control;

    @Inject
    TestProjects projects;

    @BeforeEach
    void tables() {
        app.sql("""
                drop table if exists lines, orders, diary cascade;
                create table orders (id bigint generated always as identity (start 9007199254740993) primary key,
                  customer text not null, total numeric);
                create table lines (order_id bigint references orders, item text not null, extra jsonb);
                create table diary (owner uuid not null default auth.uid(), line text);
                alter table diary enable row level security;
                create policy own on diary using (owner = auth.uid()) with check (owner = auth.uid());
                create or replace function write_by_get() returns void language sql volatile as
                  $$ insert into orders (customer) values ('by get') $$;
                create or replace function order_of(who text) returns setof orders language sql stable as
                  $$ select * from orders where customer = who $$;
                create or replace function seen() returns json language sql stable as
                  $$ select json_build_object('method', current_setting('request.method', true),
                    'path', current_setting('request.path', true), 'zone', current_setting('timezone'),
                    'mine', current_setting('request.headers', true)::json ->> 'x-mine',
                    'uid', auth.uid(), 'limit', current_setting('work_mem')) $$;
                create or replace function with_setting() returns text language sql volatile set work_mem = '7MB' as
                  $$ select current_setting('work_mem') $$;""");
    }

    @AfterEach
    void noTriggers() {
        triggers();
    }

    private void triggers(JsonObject... triggers) {
        TestProjects.await(control.query(
                "update projects set triggers = $2 where ref = $1",
                Tuple.of(app.project().ref(), new JsonArray(List.of(triggers)))));
        await().until(() -> projects.project(app.project().ref()).triggers().size() == triggers.length);
        hooks.script(call -> new HookVerdict.Proceed(call.record()));
    }

    private static ValidatableResponse batch(RequestSpecification caller, String... requests) {
        return send(caller, "{\"requests\":[" + String.join(",", requests) + "]}");
    }

    private static ValidatableResponse send(RequestSpecification caller, String body) {
        return caller.contentType("application/json")
                .body(body)
                .post("/rest/v1:batch")
                .then();
    }

    private ValidatableResponse batch(String... requests) {
        return batch(app.service(), requests);
    }

    private static String post(String path, String body) {
        return "{\"method\":\"POST\",\"path\":\"" + path + "\",\"headers\":" + RETURNED + ",\"body\":" + body + "}";
    }

    private static String get(String path) {
        return "{\"path\":\"" + path + "\"}";
    }

    @Test
    void laterRequestsUseWhatEarlierOnesReturned() {
        batch(
                        post("/orders", "{\"customer\":\"Ann\",\"total\":0.10}"),
                        post(
                                "/rest/v1/lines",
                                "[{\"order_id\":{\"$ref\":\"#/0/body/0/id\"},\"item\":\"tea\"},{\"order_id\":{\"$ref\":\"#/0/body/0/id\"},\"item\":\"cup\"}]"),
                        get("/orders?id=eq.${0.body[0].id}&select=id,total,lines(item)&lines.order=item"),
                        get("/rpc/order_of?who=${0.body[0].customer}"))
                .statusCode(200)
                .contentType("application/json")
                .body("responses.status", equalTo(List.of(201, 201, 200, 200)))
                .body("responses[0].headers['content-type']", containsString("application/json"))
                .body(containsString("\"id\":9007199254740993"))
                .body(containsString("\"total\":0.10"))
                .body("responses[2].body[0].lines.item", equalTo(List.of("cup", "tea")))
                .body("responses[3].body[0].customer", equalTo("Ann"));
        assertThat(app.count("lines where order_id = 9007199254740993")).isEqualTo(2);
    }

    @Test
    void oneThatFailsUndoesAllAndIsToldByItsIndex() {
        batch(
                        post("/orders", "{\"customer\":\"Ann\"}"),
                        post("/lines", "{\"order_id\":7,\"item\":\"x\"}"),
                        post("/orders", "{\"customer\":\"never\"}"))
                .statusCode(409)
                .body("code", equalTo("23503"), "index", equalTo(1), "message", containsString("foreign key"));
        batch(post("/orders", "{\"customer\":\"Ann\"}"), get("/nowhere"))
                .statusCode(404)
                .body("code", equalTo("PGRST205"), "index", equalTo(1));
        batch(
                        post("/orders", "{\"customer\":\"Ann\"}"),
                        "{\"path\":\"/orders?id=eq.1\",\"headers\":{\"Accept\":\"application/vnd.pgrst.object+json\"}}")
                .statusCode(406)
                .body("code", equalTo("PGRST116"), "index", equalTo(1));
        batch(
                        post("/orders", "[{\"customer\":\"a\"},{\"customer\":\"b\"}]"),
                        "{\"method\":\"DELETE\",\"path\":\"/orders\",\"headers\":{\"Prefer\":\"handling=strict,max-affected=1\"}}")
                .statusCode(400)
                .body("code", equalTo("PGRST124"), "index", equalTo(1));
        assertThat(app.count("orders")).isZero();
    }

    @Test
    void aConstraintThatIsCheckedAtTheCommitUndoesAll() {
        app.sql("alter table lines alter constraint lines_order_id_fkey deferrable initially deferred");
        batch(post("/lines", "{\"order_id\":7,\"item\":\"x\"}"))
                .statusCode(409)
                .body("code", equalTo("23503"), "index", nullValue());
        assertThat(app.count("lines")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "a,b",
                "a)b",
                "\")",
                "a\",\"b",
                "'; drop table orders; --",
                "a&customer=neq.x",
                "${0.status}",
                "null",
                "%2C",
                "é😀",
                "\\",
                "*"
            })
    void aReferencedValueIsAValueWhateverItHolds(String value) {
        app.sql("insert into orders (customer) values ('other')");
        var quoted = new JsonObject().put("customer", value).encode();
        for (var filter : List.of(
                "customer=eq.${0.body[0].customer}",
                "customer=eq.$%7B0.body%5B0%5D.customer%7D",
                "customer=in.(${0.body[0].customer},zzz)",
                "or=(customer.eq.${0.body[0].customer},customer.eq.zzz)",
                "and=(customer.in.(zzz,${0.body[0].customer}),id.gt.0)",
                "customer=not.neq.${0.body.0.customer}")) {
            app.sql("delete from orders where customer <> 'other'");
            batch(post("/orders", quoted), get("/orders?select=customer&" + filter))
                    .statusCode(200)
                    .body("responses[1].body.customer", equalTo(List.of(value)));
        }
        batch(post("/orders", quoted), get("/rpc/order_of?select=customer&limit=1&who=${0.body[0].customer}"))
                .statusCode(200)
                .body("responses[1].body[0].customer", equalTo(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select=${0.body[0].customer}",
                "${0.body[0].customer}=eq.x",
                "customer=${0.body[0].customer}",
                "customer=${0.body[0].customer}.x",
                "customer=eq.x${0.body[0].customer}",
                "customer=like.*${0.body[0].customer}",
                "order=${0.body[0].customer}",
                "limit=${0.body[0].customer}",
                "or=${0.body[0].customer}",
                "or=(${0.body[0].customer})",
                "customer=in.${0.body[0].customer}",
                "customer=in.(a${0.body[0].customer})",
                "extra=cs.{${0.body[0].customer}}",
                "columns=${0.body[0].customer}",
            })
    void aReferenceIsNeverSyntax(String query) {
        batch(post("/orders", "{\"customer\":\"id\"}"), get("/orders?" + query))
                .statusCode(400)
                .body("index", equalTo(1));
        assertThat(app.count("orders")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.body[0].id",
                "2.body",
                "0",
                "0.nothing",
                "0.body[1].id",
                "0.body[0].nope",
                "0.body[0].id.x",
                "-1.body",
                "x.body",
                "",
                "0..body",
                "0.body[0].total"
            })
    void aReferenceToNothingIsRefused(String reference) {
        batch(post("/orders", "{\"customer\":\"a\"}"), get("/orders?customer=eq.${" + reference + "}"))
                .statusCode(400)
                .body("code", equalTo("PGRST102"), "index", equalTo(1));
        assertThat(app.count("orders")).isZero();
    }

    @Test
    void bodiesThatOnlyLookLikeReferencesCanBeWritten() {
        batch(
                        post("/orders", "{\"customer\":\"a\"}"),
                        post(
                                "/lines",
                                "{\"item\":\"$${0.status}\",\"extra\":{\"$literal\":{\"$ref\":\"#/0/body/0/id\"}}}"),
                        get("/lines?item=eq.$$${0.status}"))
                .statusCode(200)
                .body("responses[1].body[0].extra['$ref']", equalTo("#/0/body/0/id"))
                .body("responses[2].body.item", equalTo(List.of("$${0.status}")));
        batch(post("/lines", "{\"item\":{\"$ref\":\"#/definitions/x\"}}"))
                .statusCode(400)
                .body("code", equalTo("PGRST102"));
    }

    /** What is doubled stands for itself alone: it once ran up to the next brace that closes, through a reference. */
    @Test
    void aPlainBraceThatNeverClosesHidesNoReference() {
        batch(
                        post("/orders", "{\"customer\":\"a${\"}"),
                        get("/orders?customer=eq.a$${&id=eq.${0.body[0].id}"),
                        get("/orders?customer=eq.a$${"))
                .statusCode(200)
                .body("responses[1].body.customer", equalTo(List.of("a${")))
                .body("responses[2].body.customer", equalTo(List.of("a${")));
    }

    @Test
    void eachRequestHasItsOwnSettings() {
        batch(
                        app.user(RestTestProject.ANN),
                        "{\"path\":\"/rpc/seen\",\"headers\":{\"Prefer\":\"timezone=Asia/Tokyo\",\"X-Mine\":\"one\"}}",
                        "{\"method\":\"POST\",\"path\":\"/rpc/with_setting\"}",
                        "{\"method\":\"post\",\"path\":\"/rpc/seen\"}")
                .statusCode(200)
                .body(
                        "responses[0].body.method",
                        equalTo("GET"),
                        "responses[0].body.path",
                        equalTo("/rest/v1/rpc/seen"))
                .body("responses[0].body.zone", equalTo("Asia/Tokyo"), "responses[0].body.mine", equalTo("one"))
                .body("responses[0].body.uid", equalTo(RestTestProject.ANN.toString()))
                .body("responses[1].body", equalTo("7MB"))
                .body("responses[2].body.method", equalTo("POST"), "responses[2].body.zone", not(equalTo("Asia/Tokyo")))
                .body("responses[2].body.mine", nullValue(), "responses[2].body.limit", not(equalTo("7MB")))
                .body("responses[2].body.uid", equalTo(RestTestProject.ANN.toString()));
    }

    @Test
    void whatReadsDoesNotWriteAndWhatComesBehindItMay() {
        batch(get("/rpc/write_by_get")).statusCode(405).body("code", equalTo("25006"), "index", equalTo(0));
        batch(
                        get("/orders"),
                        post("/orders", "{\"customer\":\"a\"}"),
                        get("/orders"),
                        post("/orders", "{\"customer\":\"b\"}"))
                .statusCode(200)
                .body("responses[2].body.customer", equalTo(List.of("a")));
        assertThat(app.count("orders")).isEqualTo(2);
    }

    @Test
    void rowLevelSecurityHoldsForEveryRequest() {
        app.sql("insert into diary values ('" + RestTestProject.BOB + "', 'Bob''s')");
        batch(
                        app.user(RestTestProject.ANN),
                        post("/diary", "{\"line\":\"Ann's\"}"),
                        "{\"path\":\"/diary?select=line\",\"headers\":{\"Prefer\":\"count=exact\"}}",
                        "{\"method\":\"DELETE\",\"path\":\"/diary?line=eq.Bob's\",\"headers\":" + RETURNED + "}")
                .statusCode(200)
                .body("responses[1].body.line", equalTo(List.of("Ann's")))
                .body("responses[1].headers['content-range']", equalTo("0-0/1"))
                .body("responses[2].body", equalTo(List.of()));
        batch(
                        app.user(RestTestProject.ANN),
                        post("/diary", "{\"line\":\"second\"}"),
                        post("/diary", "{\"line\":\"forged\",\"owner\":\"" + RestTestProject.BOB + "\"}"))
                .statusCode(403)
                .body("code", equalTo("42501"), "index", equalTo(1));
        batch(app.anonymous(), get("/diary")).statusCode(200).body("responses[0].body", equalTo(List.of()));
        assertThat(app.count("diary")).isEqualTo(2);
        for (var header : List.of("Authorization", "apikey", "Cookie")) {
            batch(app.anonymous(), "{\"path\":\"/diary\",\"headers\":{\"" + header + "\":\"x\"}}")
                    .statusCode(400)
                    .body("index", equalTo(0));
        }
    }

    private static JsonObject trigger(String when, String... events) {
        return new JsonObject()
                .put("function", "f")
                .put("table", "public.orders")
                .put("when", when)
                .put("events", new JsonArray(List.of(events)))
                .put("timeoutMs", 1000)
                .put("onFailure", "reject");
    }

    @Test
    void hooksAndEventsHold() {
        triggers(trigger("before", "insert", "update"), trigger("after", "insert"));
        hooks.script(call ->
                new HookVerdict.Proceed(Objects.requireNonNull(call.record()).put("customer", "hooked")));
        batch(
                        post("/orders", "{\"customer\":\"a\"}"),
                        "{\"method\":\"PATCH\",\"path\":\"/orders?id=eq.${0.body[0].id}\",\"body\":{\"total\":1}}")
                .statusCode(200)
                .body("responses[0].body[0].customer", equalTo("hooked"));
        assertThat(hooks.calls()).hasSize(2);
        assertThat(hooks.nudges()).containsExactly(app.project().ref());
        hooks.script(call -> new HookVerdict.Reject(422, "no", "Not this one"));
        batch(post("/lines", "{\"item\":\"x\"}"), post("/orders", "{\"customer\":\"a\"}"))
                .statusCode(422)
                .body("code", equalTo("no"), "index", equalTo(1));
        assertThat(app.count("lines")).isZero();
        assertThat(hooks.nudges()).isEmpty();
    }

    @Test
    void csvAndTextGoInAndComeOut() {
        batch(
                        "{\"method\":\"POST\",\"path\":\"/orders\",\"headers\":{\"Content-Type\":\"text/csv\"},\"body\":\"customer,total\\nAnn,1.5\"}",
                        "{\"path\":\"/orders?select=customer,total\",\"headers\":{\"Accept\":\"text/csv\"}}",
                        "{\"method\":\"HEAD\",\"path\":\"/orders\"}")
                .statusCode(200)
                .body("responses[0].status", equalTo(201), "responses[0].body", nullValue())
                .body("responses[1].body", equalTo("customer,total\nAnn,1.5"))
                .body("responses[2].body", nullValue());
    }

    @Test
    void theIsolationIsTheWholeBatchs() {
        app.sql("create or replace function isolation() returns text language sql stable as"
                + " $$ select current_setting('transaction_isolation') $$");
        for (var level : List.of("read committed", "repeatable read", "serializable")) {
            send(
                            app.service(),
                            "{\"isolation\":\"" + level
                                    + "\",\"requests\":[{\"path\":\"/orders\"},{\"path\":\"/rpc/isolation\"}]}")
                    .statusCode(200)
                    .body("responses[1].body", equalTo(level));
        }
    }

    @Test
    void aSchemaThatIsNewIsFound() {
        app.sql("drop table if exists fresh");
        batch(get("/orders")).statusCode(200);
        app.sql("create table fresh (id int)");
        batch(post("/fresh", "{\"id\":1}"), get("/fresh")).statusCode(200);
    }

    @Test
    void requestsAndBytesHaveTheirCaps() {
        batch(get("/orders"), get("/orders"), get("/orders"), get("/orders"), get("/orders"))
                .statusCode(200);
        batch(get("/orders"), get("/orders"), get("/orders"), get("/orders"), get("/orders"), get("/orders"))
                .statusCode(400)
                .body("message", containsString("max-batch-requests"));
        app.sql("insert into orders (customer) values (repeat('x', 15000))");
        batch(get("/orders?select=customer")).statusCode(200);
        batch(post("/lines", "{\"item\":\"x\"}"), get("/orders?select=customer"), get("/orders?select=customer"))
                .statusCode(400)
                .body("message", containsString("max-batch-bytes"), "index", equalTo(2));
        assertThat(app.count("lines")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                      | PGRST102",
                "{}                                                     | PGRST102",
                "{\"requests\":[]}                                      | PGRST102",
                "{\"requests\":{}}                                      | PGRST102",
                "{\"requests\":[5]}                                     | PGRST102",
                "{\"requests\":[{\"path\":5}]}                          | PGRST102",
                "{\"requests\":[{\"path\":\"\"}]}                       | PGRST125",
                "{\"requests\":[{\"path\":\"orders\"}]}                 | PGRST125",
                "{\"requests\":[{\"path\":\"/\"}]}                      | PGRST125",
                "{\"requests\":[{\"path\":\"/a/b\"}]}                   | PGRST125",
                "{\"requests\":[{\"path\":\"/rpc/\"}]}                  | PGRST125",
                "{\"requests\":[{\"path\":\"/rest/v1:batch\"}]}         | PGRST125",
                "{\"requests\":[{\"path\":\"/orders%ZZ\"}]}             | PGRST125",
                "{\"requests\":[{\"path\":\"/orders\",\"method\":\"TRACE\"}]} | PGRST117",
                "{\"requests\":[{\"path\":\"/orders\",\"headers\":{\"a\":1}}]} | PGRST102",
                "{\"requests\":[{\"path\":\"/orders\"}],\"isolation\":\"none\"} | PGRST102",
                "{\"requests\":[{\"path\":\"/orders\",\"headers\":{\"Prefer\":\"tx=rollback\"}}]} | PGRST122",
            })
    void badInputIsRefused(String body, String code) {
        send(app.service(), body).body("code", equalTo(code));
    }

    @Test
    void theQueryOfAReferenceMayBeEncoded() {
        var reference = URLEncoder.encode("${0.body[0].id}", StandardCharsets.UTF_8);
        batch(post("/orders", "{\"customer\":\"a\"}"), get("/orders?id=eq." + reference))
                .statusCode(200)
                .body("responses[1].body[0].customer", equalTo("a"));
    }
}
