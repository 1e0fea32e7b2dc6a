package dev.basalt.kit.schema;

import static dev.basalt.test.TestProjects.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.control.ServerAddress;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.ProjectsConfig;
import dev.basalt.kit.secret.Secret;
import dev.basalt.kit.secret.SecretBox;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class InstallationTest {
    @Inject
    Vertx vertx;

    @Inject
    ControlDatabase control;

    @Inject
    SecretBox secrets;

    @Inject
    ProjectsConfig config;

    @Inject
    ProjectFactory factory;

    @Inject
    TestProjects projects;

    @Test
    void aUserThatMayNotDoAllIsNamedBeforeAnythingIsMade() throws Exception {
        var server = control.address();
        var administrator = new AdminConnections(server);
        administrator.requireSuitable("postgres");
        administrator.execute(
                "postgres",
                List.of("drop role if exists clerk", "create role clerk login createdb createrole password 'secret'"));
        try {
            var clerk = new AdminConnections(
                    new ServerAddress(server.host(), server.port(), "clerk", new Secret("secret"), "clerks"));
            assertThatThrownBy(() -> clerk.requireSuitable("postgres"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must be a superuser")
                    .hasMessageContaining("clerk")
                    .hasMessageNotContaining("secret");
        } finally {
            administrator.execute("postgres", List.of("drop role clerk"));
        }
    }

    private Installation replica() {
        return new Installation(vertx, control, secrets, config);
    }

    private long count(String condition) {
        return await(control.query("select count(*) from project_databases where " + condition, Tuple.tuple()))
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void twoReplicasMigrateAndFillTheStockAtOnceWithoutHarm() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            Callable<String> start = () -> {
                var installation = replica();
                installation.migrate();
                await(installation.replenish());
                return "done";
            };
            var first = threads.submit(start);
            var second = threads.submit(start);
            assertThat(first.get()).isEqualTo("done");
            assertThat(second.get()).isEqualTo("done");
        }
        assertThat(count("state = 'stock'")).isEqualTo(config.stock());
        assertThat(count("state = 'building'")).isZero();
    }

    @Test
    void moreProjectsAtOnceThanThereIsStockAreAllMade() {
        var name = "many-" + UUID.randomUUID().toString().substring(0, 6);
        var made = IntStream.range(0, 5)
                .mapToObj(i -> factory.create(name + "-" + i, name))
                .toList();
        await(Future.all(made));
        assertThat(made.stream().map(future -> future.result().ref()))
                .doesNotHaveDuplicates()
                .hasSize(5);
        assertThat(made.stream()
                        .map(future -> projects.project(future.result().ref())
                                .database()
                                .name()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aRefIsTakenOnceAndARefusedProjectLeavesNoKeyAndNoDatabase() {
        var ref = "twice-" + UUID.randomUUID().toString().substring(0, 6);
        projects.create(ref);
        await(replica().replenish());
        var assigned = count("state = 'assigned'");
        assertThatThrownBy(() -> projects.create(ref))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error()).isEqualTo(ProjectError.REF_TAKEN));
        assertThat(count("state = 'assigned'")).isEqualTo(assigned);
    }

    @Test
    void aDatabaseOfOneLoginForAllRolesGetsALoginForEach() {
        var ref = "before-" + UUID.randomUUID().toString().substring(0, 6);
        projects.create(ref);
        var app = projects.project(ref).database().appRole();
        await(control.query("drop role " + app + "_anon", Tuple.tuple()));
        await(control.query("alter role " + app + " login", Tuple.tuple()));
        await(control.query("grant anon, service_role to " + app, Tuple.tuple()));
        replica().migrate();
        assertThat(await(control.query("""
                select rolcanlogin, pg_has_role(rolname, 'anon', 'member'), pg_has_role(rolname, 'service_role', 'member')
                from pg_roles where rolname = any($1) order by rolname""", Tuple.of(new String[] {app, app + "_anon"}))))
                .extracting(row -> row.getBoolean(0), row -> row.getBoolean(1), row -> row.getBoolean(2))
                .containsExactly(tuple(false, false, false), tuple(true, true, false));
    }

    @Test
    void anInterruptedBuildIsCleared() {
        await(control.query("""
                insert into project_databases (name, server_id, state, app_role, app_password, owner_role,
                  owner_password, schema_version, created_at)
                values ('basalt_p_interrupted', 'main', 'building', 'x', '', 'y', '', '1', now() - interval '1 hour')
                on conflict do nothing""", Tuple.tuple()));
        await(replica().replenish());
        assertThat(count("name = 'basalt_p_interrupted'")).isZero();
    }
}
