package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Queries that go on. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class LiveQueryTest {
    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    @Inject
    MeterRegistry metrics;

    private Map<String, String> secret() {
        return Map.of("apikey", app.project().secretKey().value());
    }

    private Map<String, String> user(UUID id, Duration validity) {
        return Map.of(
                "apikey",
                app.project().publishableKey(),
                "Authorization",
                "Bearer " + app.token(id, Instant.now().plus(validity)));
    }

    private static List<JsonObject> changes(EventStream.Event event) {
        assertThat(event.name()).isEqualTo("change");
        return event.data().getJsonArray("changes").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static JsonObject only(EventStream.Event event) {
        var changes = changes(event);
        assertThat(changes).hasSize(1);
        return changes.getFirst();
    }

    @Test
    void aSnapshotIsFollowedByChanges() {
        var c = documents.closed();
        put(app.service(), c + "/b", "{\"n\":2}").then().statusCode(201);
        try (var live = EventStream.open(c + "?n=gt.0&order=n", secret())) {
            var snapshot = live.next();
            assertThat(snapshot.name()).isEqualTo("snapshot");
            assertThat(snapshot.data().getJsonArray("documents")).hasSize(1);

            put(app.service(), c + "/a", "{\"n\":1}").then().statusCode(201);
            var added = only(live.next());
            assertThat(added.getString("type")).isEqualTo("added");
            assertThat(added.getInteger("index")).isZero();
            assertThat(added.getJsonObject("document").getString("id")).isEqualTo("a");

            put(app.service(), c + "/a", "{\"n\":3}").then().statusCode(200);
            var modified = only(live.next());
            assertThat(modified.getString("type")).isEqualTo("modified");
            assertThat(modified.getInteger("index")).isEqualTo(1);

            put(app.service(), c + "/b", "{\"n\":0}").then().statusCode(200);
            assertThat(only(live.next()))
                    .isEqualTo(new JsonObject().put("type", "removed").put("path", c + "/b"));

            app.sql("update documents.\"" + c + "\" set data = '{\"n\": 9}' where id = 'a'");
            assertThat(only(live.next()).getJsonObject("document").getJsonObject("data"))
                    .isEqualTo(new JsonObject().put("n", 9));

            app.sql("truncate documents.\"" + c + "\"");
            assertThat(only(live.next()).getString("type")).isEqualTo("removed");
        }
    }

    @Test
    void whoComesBackGoesOnWhereItLeftOff() {
        var c = documents.closed();
        put(app.service(), c + "/a", "{}").then().statusCode(201);
        String last;
        try (var live = EventStream.open(c, secret())) {
            last = live.next().id();
        }
        var resumed = new java.util.HashMap<>(secret());
        resumed.put("Last-Event-ID", last);
        put(app.service(), c + "/b", "{}").then().statusCode(201);
        app.service().delete(ROOT + c + "/a").then().statusCode(204);
        try (var live = EventStream.open(c, resumed)) {
            assertThat(changes(live.next()))
                    .extracting(change -> change.getString("type"))
                    .containsExactly("removed", "added");
        }
        resumed.put("Last-Event-ID", "00000000000000000000000000000000");
        try (var live = EventStream.open(c, resumed)) {
            var event = live.next();
            assertThat(event.name()).isEqualTo("snapshot");
            resumed.put("Last-Event-ID", event.id());
        }
        try (var live = EventStream.open(c, resumed)) {
            put(app.service(), c + "/c", "{}").then().statusCode(201);
            assertThat(only(live.next()).getJsonObject("document").getString("id"))
                    .isEqualTo("c");
        }
    }

    @Test
    void everybodySeesTheirOwn() {
        var c = documents.owned();
        put(app.user(RestTestProject.ANN), c + "/hers", "{\"n\":1}").then().statusCode(201);
        try (var ann = EventStream.open(c, user(RestTestProject.ANN, Duration.ofMinutes(5)));
                var bob = EventStream.open(c, user(RestTestProject.BOB, Duration.ofMinutes(5)));
                var nobody = EventStream.open(c, Map.of("apikey", app.project().publishableKey()))) {
            assertThat(ann.next().data().getJsonArray("documents")).hasSize(1);
            assertThat(bob.next().data().getJsonArray("documents")).isEmpty();
            assertThat(nobody.next().data().getJsonArray("documents")).isEmpty();
            put(app.user(RestTestProject.ANN), c + "/hers", "{\"n\":2}").then().statusCode(200);
            assertThat(only(ann.next()).getString("type")).isEqualTo("modified");
            put(app.user(RestTestProject.BOB), c + "/his", "{}").then().statusCode(201);
            // His first event is of his own document: hers never came.
            assertThat(only(bob.next()).getJsonObject("document").getString("id"))
                    .isEqualTo("his");
            assertThat(nobody.waiting()).isNull();
            assertThat(ann.waiting()).isNull();
        }
    }

    @Test
    void aPolicyThatChangesTakesEffect() {
        var c = documents.owned();
        put(app.user(RestTestProject.ANN), c + "/hers", "{}").then().statusCode(201);
        try (var live = EventStream.open(c, user(RestTestProject.ANN, Duration.ofMinutes(5)))) {
            assertThat(live.next().data().getJsonArray("documents")).hasSize(1);
            app.sql("drop policy own on documents.\"" + c + "\"");
            assertThat(only(live.next()).getString("type")).isEqualTo("removed");
        }
    }

    @Test
    void manySubscribersOfOneQueryCostOneQuery() {
        var c = documents.closed();
        app.sql("create policy open on documents.\"" + c + "\" for select to anon using (true)");
        put(app.service(), c + "/a", "{}").then().statusCode(201);
        var before = runs();
        var streams = new ArrayList<EventStream>();
        try {
            for (int i = 0; i < 50; i++) {
                var live = EventStream.open(c, Map.of("apikey", app.project().publishableKey()));
                streams.add(live);
                assertThat(live.next().data().getJsonArray("documents")).hasSize(1);
            }
            app.service().delete(ROOT + c + "/a").then().statusCode(204);
            put(app.service(), c + "/b", "{}").then().statusCode(201);
            streams.forEach(live -> await().until(() -> {
                var event = live.waiting();
                return event != null && event.data().encode().contains("\"id\":\"b\"");
            }));
            assertThat(runs() - before).isBetween(2.0, 25.0);
        } finally {
            streams.forEach(EventStream::close);
        }
    }

    private double runs() {
        return metrics.counter("basalt.documents.live.runs").count();
    }

    @Test
    void aBurstOfWritesEndsInTheLastState() {
        var c = documents.closed();
        try (var live = EventStream.open(c + "?order=n.desc&limit=3", secret())) {
            assertThat(live.next().data().getJsonArray("documents")).isEmpty();
            IntStream.range(0, 30)
                    .forEach(i -> put(app.service(), c + "/d" + i, "{\"n\":" + i + "}")
                            .then()
                            .statusCode(201));
            var order = new ArrayList<String>();
            await().until(() -> {
                var event = live.waiting();
                if (event != null) {
                    apply(order, event);
                }
                return order.equals(List.of("d29", "d28", "d27"));
            });
        }
    }

    private static void apply(List<String> order, EventStream.Event event) {
        var changes = changes(event);
        for (var change : changes) {
            if (change.getString("type").equals("removed")) {
                order.remove(change.getString("path")
                        .substring(change.getString("path").indexOf('/') + 1));
            } else {
                order.remove(change.getJsonObject("document").getString("id"));
            }
        }
        for (var change : changes) {
            if (!change.getString("type").equals("removed")) {
                order.add(
                        change.getInteger("index"),
                        change.getJsonObject("document").getString("id"));
            }
        }
    }

    @Test
    void nobodyAnnouncesWhereNobodyListens() {
        var c = documents.closed();
        try (var live = EventStream.open(c, secret())) {
            live.next();
            assertThat(announcing()).isTrue();
        }
        await().atMost(Duration.ofMinutes(3)).until(() -> listeners() == 0);
    }

    private boolean announcing() {
        return app.count("pg_stat_activity where application_name = 'basalt live queries' and datname ="
                        + " current_database()")
                > 0;
    }

    private long listeners() {
        return app.count(
                "pg_stat_activity where application_name = 'basalt live queries' and datname = current_database()");
    }

    @Test
    void theStreamEndsWithTheCallersRights() {
        var c = documents.owned();
        try (var live = EventStream.open(c, user(RestTestProject.ANN, Duration.ofSeconds(3)))) {
            assertThat(live.next().name()).isEqualTo("snapshot");
            await().atMost(Duration.ofMinutes(1)).until(live::hasEnded);
        }
    }

    @Test
    void aQueryThatCannotBeIsRefusedAsUsual() {
        var c = documents.closed();
        assertThat(EventStream.send(c + "?n=bogus", secret()).statusCode()).isEqualTo(400);
        assertThat(EventStream.send(c + "?$version=eq.x", secret()).statusCode())
                .isEqualTo(400);
        assertThat(EventStream.send(c + "?count=exact", secret()).statusCode()).isEqualTo(400);
        assertThat(EventStream.send(name("none"), secret()).statusCode()).isEqualTo(404);
        assertThat(EventStream.send(c, Map.of("apikey", "sb_publishable_nobodys"))
                        .statusCode())
                .isEqualTo(401);
        // The feed is none the worse for it.
        try (var live = EventStream.open(c, secret())) {
            live.next();
            post(app.service(), "/" + c, "{}").then().statusCode(201);
            assertThat(only(live.next()).getString("type")).isEqualTo("added");
        }
    }
}
