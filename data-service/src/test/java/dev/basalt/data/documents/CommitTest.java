package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many writes in one transaction. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class CommitTest {
    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    private Response commit(String writes) {
        return post(app.service(), ":commit", "{\"writes\":[" + writes + "]}");
    }

    private static String write(String op, String path, String rest) {
        return "{\"op\":\"" + op + "\",\"path\":\"" + path + "\"" + (rest.isEmpty() ? "" : "," + rest) + "}";
    }

    @Test
    void everyKindOfWriteGoesIntoOneCommit() {
        var c = name("kinds");
        commit(write("set", c + "/merged", "\"data\":{\"a\":1,\"b\":2}") + ","
                        + write("set", c + "/patched", "\"data\":{\"l\":[1]}") + ","
                        + write("set", c + "/gone", "\"data\":{}"))
                .then()
                .statusCode(200);
        commit(String.join(
                        ",",
                        write("create", c + "/created", "\"data\":{\"n\":1.50}"),
                        write("set", c + "/patched2", "\"data\":{}"),
                        write("merge", c + "/merged", "\"data\":{\"b\":null,\"c\":3}"),
                        write("patch", c + "/patched", "\"data\":[{\"op\":\"add\",\"path\":\"/l/-\",\"value\":2}]"),
                        write("delete", c + "/gone", ""),
                        write("delete", c + "/never", ""),
                        write("create", c, "\"data\":{\"auto\":true}")))
                .then()
                .statusCode(200)
                .body(
                        "writes.action",
                        equalTo(List.of("created", "created", "updated", "updated", "deleted", "none", "created")),
                        "writes[0].version",
                        greaterThan(0L));
        assertThat(documents.data(c + "/merged")).isEqualTo(new JsonObject("{\"a\":1,\"c\":3}"));
        assertThat(documents.data(c + "/patched")).isEqualTo(new JsonObject("{\"l\":[1,2]}"));
        app.service().get(ROOT + c + "/created").then().body(org.hamcrest.Matchers.containsString("1.50"));
        assertThat(app.count("documents." + c)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":\"create\",\"path\":\"%s/there\",\"data\":{}}",
                "{\"op\":\"set\",\"path\":\"%s/there\",\"data\":{},\"precondition\":{\"version\":1}}",
                "{\"op\":\"set\",\"path\":\"%s/there\",\"data\":{},\"precondition\":{\"exists\":false}}",
                "{\"op\":\"set\",\"path\":\"%s/none\",\"data\":{},\"precondition\":{\"exists\":true}}",
                "{\"op\":\"merge\",\"path\":\"%s/none\",\"data\":{},\"precondition\":{\"version\":5}}",
                "{\"op\":\"delete\",\"path\":\"%s/none\",\"precondition\":{\"exists\":true}}",
                "{\"op\":\"patch\",\"path\":\"%s/none\",\"data\":[]}",
                "{\"op\":\"patch\",\"path\":\"%s/there\",\"data\":[{\"op\":\"remove\",\"path\":\"/none\"}]}",
                "{\"op\":\"merge\",\"path\":\"%s/there\",\"transforms\":[{\"field\":\"n\",\"increment\":1.7e308}]}",
                "{\"op\":\"set\",\"path\":\"1bad/x\",\"data\":{}}",
                "{\"op\":\"set\",\"path\":\"%s\",\"data\":{}}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":[]}",
                "{\"op\":\"set\",\"path\":\"%s/x\"}",
                "{\"op\":\"delete\",\"path\":\"%s/there\",\"data\":{}}",
                "{\"op\":\"upsert\",\"path\":\"%s/x\",\"data\":{}}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":{},\"extra\":1}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":{},\"precondition\":{}}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":{},\"transforms\":[{\"field\":\"n\"}]}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":{},\"transforms\":[{\"field\":\"n\",\"increment\":\"1\"}]}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":{},\"transforms\":[{\"field\":\"\",\"increment\":1}]}",
                "{\"op\":\"set\",\"path\":\"%s/x\",\"data\":{},\"transforms\":[{\"field\":\"n\",\"triple\":1}]}",
                "7",
            })
    void oneWriteThatCannotBeFailsThemAll(String bad) {
        var c = name("atomic");
        put(app.service(), c + "/there", "{\"n\":1e308}").then().statusCode(201);
        var before = documents.data(c + "/there");
        var response = commit(write("set", c + "/first", "\"data\":{}") + "," + bad.formatted(c));
        assertThat(response.statusCode()).as(response.asString()).isBetween(400, 422);
        assertThat(app.count("documents." + c)).isEqualTo(1);
        assertThat(documents.data(c + "/there")).isEqualTo(before);
        if (response.statusCode() != 422 || !response.asString().contains("22003")) {
            assertThat(json(response).getInteger("write"))
                    .as(response.asString())
                    .isEqualTo(1);
        }
    }

    @Test
    void writesToOneDocumentRunInTheirOrder() {
        var c = name("ordered");
        commit(String.join(
                        ",",
                        write("create", c + "/x", "\"data\":{\"n\":1}"),
                        write("merge", c + "/x", "\"data\":{\"m\":2}"),
                        write("delete", c + "/y", ""),
                        write("set", c + "/y", "\"data\":{\"back\":true}"),
                        write("patch", c + "/x", "\"data\":[{\"op\":\"test\",\"path\":\"/m\",\"value\":2}]")))
                .then()
                .statusCode(200);
        assertThat(documents.data(c + "/x")).isEqualTo(new JsonObject("{\"n\":1,\"m\":2}"));
        assertThat(documents.data(c + "/y").getBoolean("back")).isTrue();
    }

    @Test
    void transformsChangeWhatIsThere() {
        var c = name("transformed");
        put(app.service(), c + "/x", "{\"n\":1.5,\"l\":[1,\"a\"],\"deep\":{\"k\":1},\"text\":\"t\",\"max\":3}");
        commit(write(
                        "merge",
                        c + "/x",
                        "\"data\":{\"seen\":true},\"transforms\":["
                                + "{\"field\":\"n\",\"increment\":2},{\"field\":\"deep.made.here\",\"increment\":-1},"
                                + "{\"field\":\"text\",\"increment\":7},{\"field\":\"max\",\"max\":2},{\"field\":\"deep.k\",\"min\":0.5},"
                                + "{\"field\":\"l\",\"arrayUnion\":[\"a\",\"b\",\"b\",{\"x\":1}]},"
                                + "{\"field\":\"l\",\"arrayRemove\":[1]},{\"field\":\"fresh\",\"arrayUnion\":[1]},"
                                + "{\"field\":\"at\",\"serverTimestamp\":true}]"))
                .then()
                .statusCode(200);
        var data = documents.data(c + "/x");
        assertThat(java.time.Instant.parse((String) data.remove("at"))).isAfter(java.time.Instant.EPOCH);
        assertThat(data)
                .isEqualTo(new JsonObject(
                        "{\"n\":3.5,\"l\":[\"a\",\"b\",{\"x\":1}],\"deep\":{\"k\":0.5,\"made\":{\"here\":-1}},"
                                + "\"text\":7,\"max\":3,\"seen\":true,\"fresh\":[1]}"));
        commit(write("merge", c + "/new", "\"transforms\":[{\"field\":\"n\",\"increment\":1}]"))
                .then()
                .statusCode(200)
                .body("writes[0].action", equalTo("created"));
        assertThat(documents.data(c + "/new")).isEqualTo(new JsonObject("{\"n\":1}"));
    }

    @Test
    void incrementsOfManyAtOnceAllCount() throws Exception {
        var c = name("counter");
        put(app.service(), c + "/n", "{\"n\":0}");
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> all = IntStream.range(0, 40)
                    .<Callable<Integer>>mapToObj(i ->
                            () -> commit(write("merge", c + "/n", "\"transforms\":[{\"field\":\"n\",\"increment\":1}]")
                                            + "," + write("create", c + "/made" + i, "\"data\":{}"))
                                    .statusCode())
                    .toList();
            for (var done : threads.invokeAll(all)) {
                assertThat(done.get()).isEqualTo(200);
            }
        }
        assertThat(documents.data(c + "/n").getInteger("n")).isEqualTo(40);
    }

    /** They are worked out from what was read, and must not overwrite each other. */
    @Test
    void jsonPatchesOfManyAtOnceAllCount() throws Exception {
        var c = name("appended");
        put(app.service(), c + "/l", "{\"l\":[]}");
        var patch = "[{\"op\":\"add\",\"path\":\"/l/-\",\"value\":1}]";
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> all = IntStream.range(0, 20)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        int status;
                        do {
                            status = DocumentsClient.patch(
                                            app.service(), "application/json-patch+json", c + "/l", patch)
                                    .statusCode();
                        } while (status == 409);
                        return status == 200;
                    })
                    .toList();
            for (var done : threads.invokeAll(all)) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(documents.data(c + "/l").getJsonArray("l")).hasSize(20);
    }

    /** Read a version, write on the condition that it holds, else read again: as if one came after the other. */
    @Test
    void preconditionsMakeConcurrentCommitsSerializable() throws Exception {
        var c = name("serial");
        put(app.service(), c + "/a", "{\"n\":50}");
        put(app.service(), c + "/b", "{\"n\":50}");
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> all = IntStream.range(0, 20)
                    .<Callable<Boolean>>mapToObj(i -> () -> transfer(c, i % 2 == 0 ? "a" : "b", i % 2 == 0 ? "b" : "a"))
                    .toList();
            for (var done : threads.invokeAll(all)) {
                assertThat(done.get()).isTrue();
            }
        }
        int a = documents.data(c + "/a").getInteger("n");
        int b = documents.data(c + "/b").getInteger("n");
        assertThat(a + b).isEqualTo(100);
        assertThat(a).isEqualTo(50);
    }

    private boolean transfer(String c, String from, String to) {
        while (true) {
            var source = json(app.service().get(ROOT + c + "/" + from));
            var target = json(app.service().get(ROOT + c + "/" + to));
            var status = commit(set(source, -1) + "," + set(target, 1)).statusCode();
            if (status == 200) {
                return true;
            }
            assertThat(status).isIn(409, 412);
        }
    }

    private static String set(JsonObject document, int by) {
        return write(
                "set",
                document.getString("path"),
                "\"data\":{\"n\":" + (document.getJsonObject("data").getInteger("n") + by)
                        + "},\"precondition\":{\"version\":" + document.getLong("version") + "}");
    }

    @Test
    void aCommitHasABoundedNumberOfWrites() {
        var c = name("many");
        var writes = IntStream.range(0, 500)
                .mapToObj(i -> write("set", c + "/" + i, "\"data\":{\"i\":" + i + "}"))
                .toList();
        commit(String.join(",", writes)).then().statusCode(200).body("writes.size()", equalTo(500));
        assertThat(app.count("documents." + c)).isEqualTo(500);
        commit(String.join(",", writes) + "," + write("set", c + "/500", "\"data\":{}"))
                .then()
                .statusCode(422)
                .body("code", equalTo("too_many_writes"));
        assertThat(app.count("documents." + c)).isEqualTo(500);
    }

    @Test
    void aLargeCommitIsReadElsewhereAndAnsweredAlike() {
        var c = name("large");
        var text = "\"data\":{\"text\":\"" + "x".repeat(200_000) + "\"}";
        commit(write("set", c + "/a", text) + "," + write("set", c + "/b", text))
                .then()
                .statusCode(200);
        commit(write("set", c + "/c", text) + "," + write("bogus", c + "/d", text))
                .then()
                .statusCode(422)
                .body("write", equalTo(1));
        assertThat(app.count("documents." + c)).isEqualTo(2);
    }

    /** Otherwise a commit of a hundred documents would be a hundred statements. */
    @Test
    void manyDocumentsAreOneStatement() {
        var c = name("bulk");
        put(app.service(), c + "/first", "{}");
        app.sql("create table public." + c + "_log (kind text); create function public." + c
                + "_note() returns trigger language plpgsql security definer as $$ begin insert into public." + c
                + "_log values (tg_op); return null; end $$; create trigger note after insert on documents." + c
                + " for each statement execute function public." + c + "_note()");
        var writes = IntStream.range(0, 100)
                .mapToObj(i -> write("set", c + "/" + i, "\"data\":{}"))
                .toList();
        commit(String.join(",", writes)).then().statusCode(200);
        assertThat(app.count("public." + c + "_log")).isEqualTo(1);
    }

    @Test
    void documentsAndSqlAreOneTransaction() {
        var c = name("both");
        app.sql("create table public." + c + " (id int primary key, note text)");
        var insert =
                "{\"query\":\"insert into public." + c + " values ($1, $2) returning id, note\",\"params\":[1,\"x\"]}";
        post(
                        app.service(),
                        ":commit",
                        "{\"writes\":[" + write("set", c + "/d", "\"data\":{\"n\":1}") + "],\"sql\":[" + insert
                                + ",{\"query\":\"select data->>'n' as n from documents." + c + "\"}]}")
                .then()
                .statusCode(200)
                .body(
                        "writes[0].action",
                        equalTo("created"),
                        "sql[0].rows[0].note",
                        equalTo("x"),
                        "sql[1].rows[0].n",
                        equalTo("1"));
        post(
                        app.service(),
                        ":commit",
                        "{\"writes\":[" + write("set", c + "/e", "\"data\":{}") + "],\"sql\":[" + insert + "]}")
                .then()
                .statusCode(409)
                .body("code", equalTo("sql_conflict"), "statement", equalTo(0));
        app.service().get(ROOT + c + "/e").then().statusCode(404);
        post(
                        app.service(),
                        ":commit",
                        "{\"writes\":[" + write("create", c + "/d", "\"data\":{}")
                                + "],\"sql\":[{\"query\":\"insert into public." + c + " values (2)\"}]}")
                .then()
                .statusCode(409)
                .body("code", equalTo("document_exists"));
        assertThat(app.count("public." + c)).isEqualTo(1);
        post(app.service(), ":commit", "{\"sql\":[{\"query\":\"select 1 as one\"}]}")
                .then()
                .statusCode(200)
                .body("sql[0].rows[0].one", equalTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"commit", "rollback; select 1", "begin", "select 1; end", "abort", "prepare transaction 'x'"})
    void sqlMayNotEndTheTransaction(String query) {
        var c = name("ended");
        post(
                        app.service(),
                        ":commit",
                        new JsonObject()
                                .put("writes", new JsonArray("[" + write("set", c + "/x", "\"data\":{}") + "]"))
                                .put("sql", new JsonArray().add(new JsonObject().put("query", query)))
                                .encode())
                .then()
                .statusCode(400);
        assertThat(app.service().get(ROOT + c + "/x").statusCode()).isEqualTo(404);
    }

    @Test
    void sqlIsForTheSecretKeyAlone() {
        var c = documents.owned();
        var body = "{\"writes\":[" + write("set", c + "/x", "\"data\":{}") + "],\"sql\":[{\"query\":\"select 1\"}]}";
        post(app.anonymous(), ":commit", body).then().statusCode(403);
        post(app.user(RestTestProject.ANN), ":commit", body).then().statusCode(403);
        assertThat(app.count("documents." + c)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"writes\":1}", "{\"writes\":[],\"sql\":[]}", "{\"write\":[]}", "[]"})
    void aCommitThatIsNoneIsRefused(String body) {
        post(app.service(), ":commit", body).then().statusCode(422);
    }
}
