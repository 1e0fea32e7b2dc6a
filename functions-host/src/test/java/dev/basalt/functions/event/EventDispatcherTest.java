package dev.basalt.functions.event;

import static dev.basalt.functions.Deployer.deploy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.invoke.InvocationLogbook;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(EventDispatcherTest.Impatient.class)
class EventDispatcherTest {
    private static final String AFTER =
            "{\"triggers\":[{\"on\":\"table\",\"table\":\"public.todos\",\"when\":\"after\",\"events\":[\"insert\",\"update\"]}]}";

    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.functions.events.first-retry", "PT0.05S",
                    "basalt.functions.events.max-attempts", "3",
                    "basalt.functions.events.sweep-interval", "PT1S");
        }
    }

    @Inject
    TestProjects projects;

    @Inject
    ProjectDatabases databases;

    @Inject
    ControlDatabase control;

    @Inject
    EventSink events;

    @Inject
    InvocationLogbook logbook;

    private NewProject project;

    @BeforeEach
    void newProjectWithATable() {
        project = projects.create("e-" + UUID.randomUUID().toString().substring(0, 8));
        owner("create table public.todos (id int primary key, title text)");
    }

    @Test
    void aWriteRunsTheFunctionWithACloudEvent() {
        deploy(
                project,
                "after",
                "export const onEvent = (event, ctx) => { console.log(JSON.stringify({ event, kind: ctx.kind })); };",
                AFTER);
        owner("insert into public.todos values (7, 'x')");
        events.nudge(projects.project(project.ref()));
        var log = awaitInvocations(1).getFirst();
        assertThat(log.getString("outcome")).isEqualTo("ok");
        assertThat(log.getJson("logs").toString())
                .contains(
                        "specversion",
                        "dev.basalt.table.insert",
                        "/tables/public.todos",
                        "subject\\\":\\\"7",
                        "title\\\":\\\"x",
                        "kind\\\":\\\"after");
        await().untilAsserted(() -> assertThat(pending()).isZero());
        owner("delete from public.todos");
        assertThat(pending()).as("deletes were not asked for").isZero();
    }

    @Test
    void aRolledBackWriteMakesNoEvent() {
        deploy(project, "after", "export const onEvent = () => {};", AFTER);
        owner("begin; insert into public.todos values (1, 'x'); rollback");
        assertThat(pending()).isZero();
    }

    @Test
    void everyWriteArrivesOnceWithoutFailures() {
        deploy(project, "after", "export const onEvent = (event) => { console.log(event.subject); };", AFTER);
        owner("insert into public.todos select n, 'x' from generate_series(1, 500) n");
        long start = System.nanoTime();
        events.nudge(projects.project(project.ref()));
        await().atMost(java.time.Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(pending()).isZero());
        System.out.printf("500 events delivered in %d ms%n", (System.nanoTime() - start) / 1_000_000);
        assertThat(awaitInvocations(500)).hasSize(500);
    }

    @Test
    void aFailingFunctionIsTriedAgainAndThenTheEventIsDead() {
        deploy(
                project,
                "after",
                "export const onEvent = (e, ctx) => { throw new Error('attempt ' + ctx.attempt); };",
                AFTER);
        owner("insert into public.todos values (1, 'x')");
        events.nudge(projects.project(project.ref()));
        await().untilAsserted(() -> assertThat(one("select count(*) from basalt.events where dead_at is not null"))
                .isEqualTo(1L));
        var dead = rows("select attempts, last_error from basalt.events").getFirst();
        assertThat(dead.getInteger(0)).isEqualTo(3);
        assertThat(dead.getString(1)).contains("attempt 3");
        assertThat(awaitInvocations(3)).hasSize(3);
    }

    @Test
    void anEventThatEventsLedToTooOftenIsCutOff() {
        deploy(project, "after", "export const onEvent = () => {};", AFTER);
        owner(
                "begin; select set_config('basalt.event_depth', '8', true); insert into public.todos values (1, 'x'); commit");
        events.nudge(projects.project(project.ref()));
        await().untilAsserted(() -> assertThat(one("select count(*) from basalt.events where dead_at is not null"))
                .isEqualTo(1L));
        TestProjects.await(logbook.flush());
        assertThat(invocations()).isEmpty();
    }

    @Test
    void anEventWhoseNudgeWasLostIsFoundBySweeping() {
        deploy(project, "after", "export const onEvent = () => {};", AFTER);
        owner("insert into public.todos values (1, 'x')");
        events.nudge(projects.project(project.ref()));
        awaitInvocations(1);
        owner("insert into public.todos values (2, 'x')");
        assertThat(awaitInvocations(2)).hasSize(2);
    }

    @Test
    void deletingTheFunctionRemovesItsTriggers() {
        deploy(project, "after", "export const onEvent = () => {};", AFTER);
        assertThat(one("select count(*) from pg_trigger where tgname like 'basalt_event_%'"))
                .isEqualTo(1L);
        io.restassured.RestAssured.given()
                .header("apikey", project.secretKey().value())
                .delete("/platform/v1/projects/" + project.ref() + "/functions/after")
                .then()
                .statusCode(204);
        assertThat(one("select count(*) from pg_trigger where tgname like 'basalt_event_%'"))
                .isZero();
        owner("insert into public.todos values (1, 'x')");
        assertThat(pending()).isZero();
    }

    private RequestContext context() {
        return RequestContext.internal("test", projects.project(project.ref()), 0);
    }

    private void owner(String sql) {
        TestProjects.await(databases.owner(
                context(), connection -> connection.query(sql).execute().mapEmpty()));
    }

    private List<Row> rows(String sql) {
        var rows = new ArrayList<Row>();
        TestProjects.await(databases.platformQuery(context(), sql, Tuple.tuple()))
                .forEach(rows::add);
        return rows;
    }

    private long one(String sql) {
        return rows(sql).getFirst().getLong(0);
    }

    private long pending() {
        return one("select count(*) from basalt.events where dead_at is null");
    }

    private List<Row> invocations() {
        var rows = new ArrayList<Row>();
        TestProjects.await(control.query(
                        "select outcome, logs from invocations where project_id = $1 order by at",
                        Tuple.of(project.id())))
                .forEach(rows::add);
        return rows;
    }

    private List<Row> awaitInvocations(int count) {
        await().atMost(java.time.Duration.ofSeconds(20)).untilAsserted(() -> {
            TestProjects.await(logbook.flush());
            assertThat(invocations()).hasSizeGreaterThanOrEqualTo(count);
        });
        return invocations();
    }
}
