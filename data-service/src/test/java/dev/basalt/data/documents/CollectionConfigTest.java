package dev.basalt.data.documents;

import static dev.basalt.data.documents.DocumentsClient.ROOT;
import static dev.basalt.data.documents.DocumentsClient.json;
import static dev.basalt.data.documents.DocumentsClient.name;
import static dev.basalt.data.documents.DocumentsClient.patch;
import static dev.basalt.data.documents.DocumentsClient.post;
import static dev.basalt.data.documents.DocumentsClient.put;
import static dev.basalt.data.rest.RestTestProject.ANN;
import static dev.basalt.data.rest.RestTestProject.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas, indexes and expiry of collections. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(CollectionConfigTest.QuickSweeps.class)
class CollectionConfigTest {
    private static final String MERGE = "application/merge-patch+json";
    private static final String SCHEMA = """
        {"schema": {"type": "object", "required": ["title"], "properties": {
          "title": {"type": "string", "minLength": 1}, "stars": {"type": "integer", "maximum": 5}},
          "additionalProperties": false}}\
        """;

    /** Sweeps that a test can wait for. */
    public static class QuickSweeps implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("basalt.data.documents.sweep-interval", "PT0.2S");
        }
    }

    @Inject
    RestTestProject app;

    @Inject
    DocumentsClient documents;

    @Inject
    TestProjects projects;

    private String url(String collection) {
        return "/platform/v1/projects/" + app.project().ref() + "/collections/" + collection;
    }

    private Response declare(String collection, String config) {
        return app.service().contentType("application/json").body(config).put(url(collection));
    }

    @Test
    void aCollectionIsDeclaredShownListedAndDeleted() {
        var c = name("declared");
        app.service().get(url(c)).then().statusCode(404);
        declare(c, "").then().statusCode(200).body("name", equalTo(c), "indexes", hasSize(0));
        declare(c, "{\"ttl\":{\"field\":\"a.b\"},\"indexes\":[{\"fields\":[\"n.desc\",\"m\"]}]}")
                .then()
                .statusCode(200);
        app.service()
                .get(url(c))
                .then()
                .body("ttl.field", equalTo("a.b"), "indexes[0].fields", equalTo(java.util.List.of("n.desc", "m")));
        app.service()
                .get("/platform/v1/projects/" + app.project().ref() + "/collections")
                .then()
                .body("collections", hasItem(c));
        put(app.service(), c + "/x", "{}").then().statusCode(201);
        app.service().delete(url(c)).then().statusCode(409).body("code", equalTo("collection_not_empty"));
        app.service().delete(url(c) + "?force=true").then().statusCode(204);
        app.service().get(ROOT + c + "/x").then().statusCode(404).body("code", equalTo("unknown_collection"));
        app.service().delete(url(c)).then().statusCode(404);
    }

    @Test
    void collectionsAreListedWhileOneIsDropped() throws Exception {
        var c = name("dropped");
        declare(c, "{\"indexes\":[{\"fields\":[\"n\"]}]}").then().statusCode(200);
        var database = projects.project(app.project().ref()).database();
        try (var client = Executors.newSingleThreadExecutor();
                var other = DriverManager.getConnection(
                        "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
                        database.ownerRole(),
                        database.ownerPassword().value());
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("drop table documents.\"" + c + "\"");
            var answer = client.submit(() ->
                    app.service().get("/platform/v1/projects/" + app.project().ref() + "/collections"));
            // It began when the collection was there, and waits to read its indexes.
            await().until(() -> {
                try (var waiting = statement.executeQuery("select from pg_locks where locktype = 'relation'"
                        + " and not granted and mode = 'AccessShareLock' and database ="
                        + " (select oid from pg_database where datname = current_database())")) {
                    return waiting.next();
                }
            });
            other.commit();
            answer.get().then().statusCode(200).body("collections", not(hasItem(c)));
        }
    }

    @Test
    void onlyTheServiceAndTheOperatorDeclare() {
        var c = name("declared");
        app.anonymous().put(url(c)).then().statusCode(403);
        app.user(RestTestProject.ANN).put(url(c)).then().statusCode(403);
        app.service()
                .put("/platform/v1/projects/another/collections/" + c)
                .then()
                .statusCode(404);
        operator().put("/platform/v1/projects/none/collections/" + c).then().statusCode(404);
        assertThat(app.sql("select to_regclass('documents." + c + "') is null as none")
                        .encode())
                .contains("true");
        operator().put(url(c)).then().statusCode(200);
        operator().get(url(c)).then().statusCode(200);
    }

    private static RequestSpecification operator() {
        return RestAssured.given().urlEncodingEnabled(false).header("apikey", BasaltTestResource.PLATFORM_KEY);
    }

    @Test
    void everyWriteMatchesTheSchema() {
        var c = name("typed");
        declare(c, SCHEMA).then().statusCode(200);
        put(app.service(), c + "/x", "{\"title\":\"One\",\"stars\":5}").then().statusCode(201);
        put(app.service(), c + "/x", "{\"title\":\"\",\"stars\":6}")
                .then()
                .statusCode(422)
                .body(
                        "code",
                        equalTo("schema_violation"),
                        "violations.pointer",
                        hasItem("/title"),
                        "violations",
                        hasSize(2));
        post(app.service(), "/" + c, "{}").then().statusCode(422);
        patch(app.service(), MERGE, c + "/x", "{\"title\":null}").then().statusCode(422);
        patch(app.service(), "application/json-patch+json", c + "/x", "[{\"op\":\"remove\",\"path\":\"/title\"}]")
                .then()
                .statusCode(422);
        for (var write : new String[] {
            "{\"op\":\"merge\",\"path\":\"%s/x\",\"transforms\":[{\"field\":\"stars\",\"increment\":1}]}",
            "{\"op\":\"set\",\"path\":\"%s/y\",\"data\":{}}",
            "{\"op\":\"set\",\"path\":\"%s/y\",\"data\":{\"title\":\"t\"},\"transforms\":[{\"field\":\"more\",\"max\":1}]}",
        }) {
            var body = "{\"writes\":[{\"op\":\"set\",\"path\":\"" + c + "/z\",\"data\":{\"title\":\"z\"}},"
                    + write.formatted(c) + "]}";
            post(app.service(), ":commit", body).then().statusCode(422).body("write", equalTo(1));
            post(app.service(), ":commit", body.replace("]}", "],\"sql\":[{\"query\":\"select 1\"}]}"))
                    .then()
                    .statusCode(422);
        }
        assertThat(app.count("documents." + c)).isEqualTo(1);
        patch(app.service(), MERGE, c + "/x", "{\"stars\":4}").then().statusCode(200);
        app.service().delete(ROOT + c + "/x").then().statusCode(204);
        declare(c, "{}").then().statusCode(200);
        put(app.service(), c + "/x", "{\"anything\":1}").then().statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":{\"type\":\"nonsense\"}}",
                "{\"schema\":{\"type\":\"object\",\"properties\":5}}",
                "{\"schema\":{\"$ref\":\"https://example.com/schema.json\"}}",
                "{\"schema\":{\"pattern\":\"(\"}}",
                "{\"schema\":5}",
                "{\"rules\":{\"read\":true}}",
                "{\"rules\":{\"write\":\"true\"}}",
                "{\"rules\":[]}",
                "{\"indexes\":{}}",
                "{\"indexes\":[{\"fields\":[]}]}",
                "{\"indexes\":[{\"fields\":[\"a\"],\"kind\":\"hash\"}]}",
                "{\"indexes\":[{\"fields\":[1]}]}",
                "{\"ttl\":5}",
                "{\"ttl\":{\"seconds\":0}}",
                "{\"ttl\":{\"seconds\":1,\"field\":\"a\"}}",
                "{\"other\":1}",
                "[]",
            })
    void aDeclarationThatMakesNoSenseIsRefused(String config) {
        var c = name("undeclared");
        assertThat(declare(c, config).statusCode()).isEqualTo(422);
        app.service().get(url(c)).then().statusCode(404);
    }

    @Test
    void anIndexServesWhomAPolicyLetsSeeTheirOwn() {
        var c = name("searched");
        declare(c, "{\"indexes\":[{\"fields\":[\"n\"]}]}").then().statusCode(200);
        app.sql("create policy own on documents." + c + " for all to authenticated using (owner = auth.uid())");
        app.sql("insert into documents." + c + " (parent, id, data, owner) select '', g::text,"
                + " jsonb_build_object('n', g), '" + ANN + "' from generate_series(1, 20000) g; analyze documents."
                + c);
        app.user(ANN).get("/documents/v1/" + c + "?n=eq.777").then().body("documents", hasSize(1));
        app.user(BOB).get("/documents/v1/" + c + "?n=eq.777").then().body("documents", hasSize(0));
        // A connection that idles tells after 10 s what it has counted.
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(app.count("pg_stat_user_indexes where relname = '" + c
                                + "' and indexrelname like '%.%' and idx_scan >= 2"))
                        .isEqualTo(1));
    }

    @Test
    void anIndexServesQueriesOnItsFields() {
        var c = name("indexed");
        declare(c, "{\"indexes\":[{\"fields\":[\"author.name\"]},{\"fields\":[\"n.desc\"],\"group\":true}]}")
                .then()
                .statusCode(200);
        app.sql("insert into documents." + c + " (id, data) select g::text, jsonb_build_object('n', g, 'author', "
                + "jsonb_build_object('name', 'author ' || g)) from generate_series(1, 20000) g; analyze documents."
                + c);
        assertThat(plan("select id from documents." + c
                        + " d where d.parent = '' and (d.data #> E'{\"author\",\"name\"}') = any"
                        + " ((select array['\"author 5\"']::jsonb[])::jsonb[])"))
                .contains("Index");
        assertThat(plan("select id from documents." + c
                        + " d order by (d.data #> E'{\"n\"}') desc, d.parent, d.id limit 3"))
                .contains("Index");
        declare(c, "{\"indexes\":[{\"fields\":[\"n\"]}]}").then().statusCode(200);
        assertThat(app.count("pg_indexes where schemaname = 'documents' and tablename = '" + c + "'"))
                .isEqualTo(2);
    }

    /** Not knowing how few documents come after a value, PostgreSQL reads them all in the order of their ids. */
    @Test
    void anIndexServesASelectiveRangeHoweverOftenItIsAsked() {
        var c = name("ranges");
        declare(c, "{\"indexes\":[{\"fields\":[\"n\"]}]}").then().statusCode(200);
        app.sql("insert into documents." + c + " (id, data) select g::text, jsonb_build_object('n', g)"
                + " from generate_series(1, 20000) g; analyze documents." + c);
        // Each connection of the pool plans anew a few times in any case.
        int times = 120;
        for (int i = 0; i < times; i++) {
            app.service()
                    .get(ROOT + c + "?n=gt." + (19_990 + i % 10) + "&limit=20")
                    .then()
                    .statusCode(200)
                    .body("documents.size()", equalTo(10 - i % 10));
        }
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(app.count("pg_stat_user_indexes where relname = '" + c
                                + "' and indexrelname like '%.%' and idx_scan = " + times))
                        .isEqualTo(1));
    }

    private String plan(String sql) {
        return app.sql("explain " + sql).encode();
    }

    @Test
    void aUniqueIndexHolds() {
        var c = name("unique");
        declare(c, "{\"indexes\":[{\"fields\":[\"email\"],\"unique\":true}]}")
                .then()
                .statusCode(200);
        put(app.service(), c + "/a", "{\"email\":\"a@b\"}").then().statusCode(201);
        put(app.service(), c + "/b", "{\"email\":\"a@b\"}")
                .then()
                .statusCode(409)
                .body("code", equalTo("duplicate_value"));
        put(app.service(), c + "/b", "{}").then().statusCode(201);
        put(app.service(), c + "/c", "{}").then().statusCode(201);
        declare(c, "{}").then().statusCode(200);
        put(app.service(), c + "/d", "{\"email\":\"a@b\"}").then().statusCode(201);
        declare(c, "{\"indexes\":[{\"fields\":[\"email\"],\"unique\":true}]}")
                .then()
                .statusCode(409);
    }

    @Test
    void whatExpiredIsGoneAtOnceAndSweptLater() {
        var c = name("expiring");
        declare(c, "{\"ttl\":{\"field\":\"until\"}}").then().statusCode(200);
        var past = Instant.now().minusSeconds(60).toString();
        var future = Instant.now().plusSeconds(600).toString();
        put(app.service(), c + "/past", "{\"until\":\"" + past + "\"}").then().statusCode(201);
        put(app.service(), c + "/future", "{\"until\":\"" + future + "\"}")
                .then()
                .statusCode(201);
        put(app.service(), c + "/never", "{\"until\":\"tomorrow\"}").then().statusCode(201);
        app.service().get(ROOT + c + "/past").then().statusCode(404);
        app.service()
                .get(ROOT + c + "?count=exact")
                .then()
                .body("count", equalTo(2), "documents.id", equalTo(java.util.List.of("future", "never")));
        post(app.service(), "/" + c + ":aggregate", "{\"count\":true}").then().body("groups[0].count", equalTo(2));
        post(app.service(), ":batchGet", "{\"paths\":[\"" + c + "/past\"]}")
                .then()
                .body("missing", hasSize(1));
        await().until(() -> app.service().get(ROOT + c).statusCode() == 200 && app.count("documents." + c) == 2);
    }

    @Test
    void anExpiredDocumentIsAsGoodAsAbsentToWrites() {
        var c = name("reborn");
        put(app.service(), c + "/x", "{\"old\":1}").then().statusCode(201);
        var etag = app.service().get(ROOT + c + "/x").header("ETag");
        app.sql("update documents." + c + " set expires_at = now() - interval '1 second'");
        patch(app.service(), MERGE, c + "/x", "{\"a\":1}").then().statusCode(404);
        app.service().delete(ROOT + c + "/x").then().statusCode(404);
        put(app.service().header("If-Match", etag), c + "/x", "{}").then().statusCode(412);
        post(app.service(), ":commit", "{\"writes\":[{\"op\":\"merge\",\"path\":\"" + c + "/x\",\"data\":{\"a\":1}}]}")
                .then()
                .statusCode(200);
        app.sql("update documents." + c + " set expires_at = null");
        assertThat(documents.data(c + "/x").encode()).isEqualTo("{\"a\":1}");
    }

    @Test
    void aDocumentThatIsSetKeepsItsOwnerUnlessItHasExpired() {
        var c = name("kept");
        put(app.service(), c + "/x", "{}").then().statusCode(201);
        for (var expiry : java.util.List.of("null", "now() - interval '1 second'")) {
            app.sql("update documents." + c + " set owner = '" + UUID.randomUUID()
                    + "', created_at = now() - interval '1 day', expires_at = " + expiry);
            put(app.service(), c + "/x", "{\"a\":1}").then().statusCode(200);
            boolean kept = expiry.equals("null");
            assertThat(app.count("documents." + c + " where expires_at is null and (owner is not null) = " + kept
                            + " and (created_at < now() - interval '1 hour') = " + kept))
                    .isEqualTo(1);
        }
    }

    @Test
    void secondsAfterTheLastWriteADocumentExpires() {
        var c = name("fleeting");
        put(app.service(), c + "/x", "{}").then().statusCode(201);
        var version = json(app.service().get(ROOT + c + "/x")).getLong("version");
        declare(c, "{\"ttl\":{\"seconds\":3600}}").then().statusCode(200);
        assertThat(app.count("documents." + c
                        + " where expires_at between now() + interval '59 min' and now() + interval '1 h'"))
                .isEqualTo(1);
        assertThat(json(app.service().get(ROOT + c + "/x")).getLong("version")).isEqualTo(version);
        declare(c, "{}").then().statusCode(200);
        assertThat(app.count("documents." + c + " where expires_at is null")).isEqualTo(1);
    }
}
