package dev.basalt.data.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the schema is loaded again, and when not. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class SchemaCachesTest {
    @Inject
    RestTestProject app;

    @Inject
    TestProjects projects;

    @Inject
    SchemaCaches caches;

    @Inject
    MeterRegistry metrics;

    @Test
    void ddlFromElsewhereReloadsWithoutAnyRequest() throws SQLException {
        generation();
        owner("create table from_elsewhere (id int)");
        // What an earlier test changed may make it load once more meanwhile.
        await().until(() -> current().table("public", "from_elsewhere") != null);
        owner("drop table from_elsewhere");
        await().until(() -> current().table("public", "from_elsewhere") == null);
    }

    @Test
    void notifyReloads() throws SQLException {
        var before = generation();
        owner("notify pgrst, 'reload schema'");
        await().until(() -> generation() > before);
    }

    @Test
    void aBrokenListenerListensAgainAndMissesNothing() throws SQLException {
        generation();
        owner("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'basalt schema'"
                + " and datname = current_database()");
        owner("create table while_deaf (id int)");
        await().until(() -> current().table("public", "while_deaf") != null);
        var before = generation();
        owner("drop table while_deaf");
        await().until(() -> generation() > before);
    }

    @Test
    void theOldSchemaServesWhileTheNewOneLoads() throws SQLException {
        generation();
        owner("create table served (id int)");
        await().until(() -> current().table("public", "served") != null);
        var reload = caches.changed(context());
        assertThat(caches.get(context()).isComplete()).isTrue();
        TestProjects.await(reload);
        owner("drop table served");
    }

    @Test
    void requestsForNonsenseDoNotLoadAgainAndAgain() {
        generation();
        var before = loads();
        var all = IntStream.range(0, 60)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> app.service().get("/rest/v1/nonsense" + i).then().statusCode(404)))
                .toArray(CompletableFuture[]::new);
        var start = System.nanoTime();
        CompletableFuture.allOf(all).join();
        var seconds = (System.nanoTime() - start) / 1_000_000_000L + 1;
        assertThat(loads() - before).isLessThanOrEqualTo(seconds + 1);
    }

    @Test
    void manyWhoAskAtOnceShareALoad() {
        generation();
        var before = loads();
        var all =
                IntStream.range(0, 50).mapToObj(_ -> caches.changed(context())).toList();
        all.forEach(TestProjects::await);
        assertThat(loads() - before).isLessThanOrEqualTo(2);
    }

    private long loads() {
        return metrics.timer("basalt.data.schema.loads").count();
    }

    private long generation() {
        return current().generation();
    }

    private SchemaCache current() {
        return TestProjects.await(caches.get(context()));
    }

    private RequestContext context() {
        return RequestContext.internal("test", projects.project(app.project().ref()), 0);
    }

    /** DDL that this process knows nothing of. */
    private void owner(String sql) throws SQLException {
        var database = projects.project(app.project().ref()).database();
        var url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name();
        var user = sql.contains("pg_terminate_backend") ? database.login("basalt_platform") : database.ownerRole();
        var password = sql.contains("pg_terminate_backend") ? database.appPassword() : database.ownerPassword();
        try (var connection = DriverManager.getConnection(url, user, password.value());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
