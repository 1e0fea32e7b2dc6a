package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Filter.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.sql.Isolation;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What batches send. */
class BatchTest {
    private RecordingServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void requestsAreThoseThatTheyWouldBeAlone() {
        server.answers(
                200,
                "{\"responses\":[{\"status\":201,\"headers\":{\"content-range\":\"*/1\"},\"body\":null},"
                        + "{\"status\":200,\"headers\":{\"content-range\":\"0-0/7\"},\"body\":[{\"id\":1.50}]}]}",
                Map.of());
        var steps = new ArrayList<Step<?>>();
        BatchResult done = server.client().batch(Isolation.REPEATABLE_READ, batch -> {
            steps.add(batch.write(server.client().schema("s").from("a b").insertCsv("id\n1")));
            steps.add(
                    batch.rows(table().select("id").eq("id", "x y").order("id").withTotal()));
        });

        assertThat(done.get(steps.get(0))).isEqualTo(1L);
        assertThat(done.get(steps.get(1))).isInstanceOfSatisfying(Rows.class, rows -> {
            assertThat(rows.total()).hasValue(7);
            assertThat(rows.get(0)).hasToString("{id=1.50}");
        });
        assertThat(server.sent().path()).isEqualTo("/rest/v1:batch");
        JsonNode sent = sent();
        assertThat(sent.path("isolation").asText()).isEqualTo("repeatable read");
        assertThat(sent.at("/requests/0/path").asText()).isEqualTo("/rest/v1/a%20b");
        assertThat(sent.at("/requests/0/body").asText()).isEqualTo("id\n1");
        assertThat(sent.at("/requests/0/headers/Content-Type").asText()).isEqualTo("text/csv; charset=utf-8");
        assertThat(sent.at("/requests/0/headers/Content-Profile").asText()).isEqualTo("s");
        assertThat(sent.at("/requests/0/headers/Prefer").asText()).isEqualTo("return=minimal,count=exact");
        assertThat(sent.at("/requests/1/method").asText()).isEqualTo("GET");
        assertThat(sent.at("/requests/1/path").asText()).isEqualTo("/rest/v1/t?select=id&id=eq.x%20y&order=id.asc");
    }

    @Test
    void referencesArePointersInBodiesAndPathsInQueries() {
        empty(3);
        server.client().batch(batch -> {
            Step<Map<String, @Nullable Object>> one = batch.single(
                    table().insert(Map.of("a", new BigDecimal("1.00"))).returning());
            batch.write(table().insert(List.of(Map.of("b", one.ref("a/~b"), "c", List.of(one.ref("d", 0))))));
            batch.rows(table().select()
                    .eq("x", one.ref("a"))
                    .in("y", List.of("n", one.ref("l", 2, "z")))
                    .where(Filter.anyOf(eq("x", one.ref("a")))));
        });

        JsonNode sent = sent();
        assertThat(sent.at("/requests/0/body").toString()).isEqualTo("{\"a\":1.00}");
        assertThat(sent.at("/requests/1/body/0/b").toString()).isEqualTo("{\"$ref\":\"#/0/body/a~1~0b\"}");
        assertThat(sent.at("/requests/1/body/0/c").toString()).isEqualTo("[{\"$ref\":\"#/0/body/d/0\"}]");
        assertThat(decoded(sent.at("/requests/2/path").asText()))
                .isEqualTo("/rest/v1/t?select=*&x=eq.${0.body.a}&y=in.(n,${0.body.l[2].z})&or=(x.eq.${0.body.a})");
    }

    @Test
    void whatOnlyLooksLikeAReferenceIsToldToBeData() {
        empty(2);
        server.client().batch(batch -> {
            batch.write(table().insert(Map.of("a", Map.of("$ref", "#/0/body"), "b", Map.of("$literal", 1))));
            batch.rows(table().select().eq("x", "${0.body}").eq("y", "$${"));
        });

        assertThat(sent().at("/requests/0/body/a").toString()).isEqualTo("{\"$literal\":{\"$ref\":\"#/0/body\"}}");
        assertThat(sent().at("/requests/0/body/b").toString()).isEqualTo("{\"$literal\":{\"$literal\":1}}");
        assertThat(decoded(sent().at("/requests/1/path").asText())).endsWith("?select=*&x=eq.$${0.body}&y=eq.$$${");
    }

    @Test
    void aReferenceHasNoMeaningElsewhereAndIsNotSent() {
        var refs = new ArrayList<Ref>();
        empty(1);
        server.client().batch(batch -> refs.add(batch.single(table().select()).ref("id")));
        Ref ref = refs.getFirst();

        assertThatThrownBy(() -> table().select().eq("id", ref).list(Map.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table().insert(Map.of("id", ref)).execute())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        server.client().rpc("f", Map.of("id", ref)).readOnly().run())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.client().functions().invoke("f", Map.of("id", ref)))
                .isInstanceOf(TransportException.class);
        assertThatThrownBy(() ->
                        server.client().documents().collection("c").query().eq("id", ref))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.client()
                        .batch(batch -> batch.rows(table().select().eq("id", ref))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.client().batch(batch -> batch.write(table().insert(Map.of("id", ref)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.count()).isEqualTo(1);
        assertThat(ref).hasToString("#/0/body/id");
    }

    @Test
    void whatABatchCannotHoldIsRefusedBeforeItIsSent() {
        assertThatThrownBy(() -> server.client().batch(batch -> {})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.client()
                        .batch(batch ->
                                batch.run(server.client().schema("public").rpcBytes("f", new byte[1]))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.client().batch(batch -> {
                    var step = batch.single(table().select());
                    batch.write(table().insert(Map.of("a", Map.of("$literal", step.ref("id")))));
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.client().batch(batch -> {
                    var step = batch.single(table().select());
                    batch.rows(table().select().eq("a", step.ref("odd.name}")));
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.count()).isZero();
    }

    @Test
    void stepsBelongToTheirBatchWhileItIsMade() {
        var batches = new ArrayList<Batch>();
        var steps = new ArrayList<Step<?>>();
        empty(1);
        server.client().batch(batch -> {
            batches.add(batch);
            steps.add(batch.rows(table().select()));
        });
        BatchResult other = server.client().batch(batch -> batch.rows(table().select()));

        assertThatThrownBy(() -> other.get(steps.getFirst())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> batches.getFirst().rows(table().select())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> steps.getFirst().ref("id")).isInstanceOf(IllegalStateException.class);
        empty(2);
        assertThatThrownBy(() -> server.client().batch(batch -> batch.rows(table().select())))
                .isInstanceOf(TransportException.class);
    }

    private void empty(int answers) {
        var body = String.join(",", Collections.nCopies(answers, "{\"status\":200,\"headers\":{},\"body\":[]}"));
        server.answers(200, "{\"responses\":[" + body + "]}", Map.of());
    }

    private Table table() {
        return server.client().from("t");
    }

    private JsonNode sent() {
        return Json.parsed(server.sent().body().getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path, StandardCharsets.UTF_8);
    }
}
