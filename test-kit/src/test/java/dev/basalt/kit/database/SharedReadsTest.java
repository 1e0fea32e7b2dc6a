package dev.basalt.kit.database;

import static dev.basalt.test.TestProjects.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that wait for the only connection there is. */
@QuarkusTest
@TestProfile(SharedReadsTest.OneConnection.class)
@WithTestResource(BasaltTestResource.class)
class SharedReadsTest {
    /** A project with one connection for each role. */
    public static class OneConnection implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("basalt.database.project-pool-size", "1");
        }
    }

    private static final String WHO = "select auth.uid() || ' ' || $1::text || ' ' || pg_backend_pid()";
    private static final String DIVIDE = "select (12 / $1::int)::text";
    private static final String SLEEP = "select 'slept ' || $1::int from pg_sleep($1::int)";

    private static final String SLEEPS = "state = 'active' and query like 'select ''slept %'";

    @Inject
    ProjectDatabases databases;

    @Inject
    ControlDatabase control;

    @Inject
    TestProjects projects;

    @Inject
    MeterRegistry metrics;

    @Inject
    Vertx vertx;

    private RequestContext service;
    private ContextInternal loop;

    @BeforeEach
    void project() {
        var ref = "r-" + UUID.randomUUID().toString().substring(0, 8);
        projects.create(ref);
        service = RequestContext.internal("test", projects.project(ref), 0);
        loop = (ContextInternal) vertx.getOrCreateContext();
    }

    private static Caller user(UUID id) {
        var claims = new JsonObject().put("sub", id.toString()).put("role", "authenticated");
        return new Caller.User(id, id, Role.AUTHENTICATED, claims, claims.encode(), Instant.MAX);
    }

    private Future<String> run(Caller caller, TransactionStart start, String sql, Object parameter) {
        var answer = Promise.<String>promise();
        var request = loop.duplicate();
        request.runOnContext(on -> databases
                .query(service.as(caller), start, sql, Tuple.of(parameter))
                .map(rows -> {
                    assertThat(vertx.getOrCreateContext())
                            .as("the request's own context")
                            .isSameAs(request);
                    return rows.iterator().next().getString(0);
                })
                .onComplete(answer));
        return answer.future();
    }

    private Future<String> read(String sql, Object parameter) {
        return run(user(UUID.randomUUID()), TransactionStart.of(Mode.READ), sql, parameter);
    }

    private Future<String> read(String sql, Object parameter, Future<Void> abandoned) {
        return run(user(UUID.randomUUID()), TransactionStart.of(Mode.READ).until(abandoned), sql, parameter);
    }

    /** Makes a statement one that is known to be quick. */
    private void learn(String sql, Object parameter) {
        IntStream.range(0, 40).forEach(run -> await(read(sql, parameter)));
    }

    /** Takes the connection; the promise gives it back. */
    private Promise<Void> hold() {
        var held = Promise.<Void>promise();
        var release = Promise.<Void>promise();
        loop.runOnContext(on -> databases.transaction(service.as(user(UUID.randomUUID())), Mode.WRITE, connection -> {
            held.complete();
            return release.future();
        }));
        await(held.future());
        return release;
    }

    private void release(Promise<Void> held) {
        loop.runOnContext(on -> held.complete());
    }

    private double shared() {
        return metrics.counter("basalt.pools.reads.shared").count();
    }

    @Test
    void eachIsAnsweredAsItsOwnCaller() {
        learn(WHO, "warm");
        var held = hold();
        double before = shared();
        var callers = IntStream.range(0, 20).mapToObj(n -> UUID.randomUUID()).toList();
        var answers = callers.stream()
                .map(id -> run(user(id), TransactionStart.of(Mode.READ), WHO, "of " + id))
                .toList();
        release(held);
        for (int n = 0; n < callers.size(); n++) {
            assertThat(await(answers.get(n))).startsWith(callers.get(n) + " of " + callers.get(n) + " ");
        }
        // Eight, eight and four.
        assertThat(shared() - before).isEqualTo(17);
    }

    @Test
    void whatIsNotKnownToBeQuickOrWritesSharesNothing() {
        learn(WHO, "warm");
        double before = shared();
        var held = hold();
        var answers = List.of(
                read("select 'new ' || $1::text", "a"),
                read("select 'new ' || $1::text", "b"),
                run(user(UUID.randomUUID()), TransactionStart.of(Mode.WRITE), WHO, "c"),
                run(user(UUID.randomUUID()), TransactionStart.of(Mode.WRITE), WHO, "d"));
        release(held);
        assertThat(answers.stream().map(TestProjects::await)).hasSize(4).doesNotContainNull();
        assertThat(shared() - before).isZero();
    }

    @Test
    void oneThatFailsFailsAlone() {
        learn(DIVIDE, 1);
        learn(WHO, "warm");
        double before = shared();
        var held = hold();
        var first = read(DIVIDE, 4);
        var failing = read(DIVIDE, 0);
        var behind = read(DIVIDE, 3);
        var other = read(WHO, "last");
        release(held);
        assertThat(await(first)).isEqualTo("3");
        assertThatThrownBy(() -> await(failing))
                .isInstanceOfSatisfying(
                        PgException.class,
                        failure -> assertThat(failure.getSqlState()).isEqualTo("22012"));
        assertThat(await(behind)).isEqualTo("4");
        assertThat(await(other)).contains(" last ");
        assertThat(shared() - before).isEqualTo(3);
        // It is not quick any more.
        held = hold();
        var after = List.of(read(DIVIDE, 6), read(DIVIDE, 2));
        release(held);
        assertThat(after.stream().map(TestProjects::await)).containsExactly("2", "6");
        assertThat(shared() - before).isEqualTo(3);
    }

    @Test
    void settingsThatOneLeavesAreNotTheNextOnes() {
        var poison = "select set_config('request.jwt.claim.sub', $1::text, false)"
                + " || set_config('basalt.poison', $1::text, false)";
        var look = "select coalesce(nullif(current_setting('basalt.poison', true), ''), $1::text) || auth.uid()";
        learn(poison, "p");
        learn(look, "clean ");
        var held = hold();
        double before = shared();
        var ann = UUID.randomUUID();
        var poisoned = read(poison, UUID.randomUUID().toString());
        var seen = run(user(ann), TransactionStart.of(Mode.READ), look, "clean ");
        release(held);
        await(poisoned);
        assertThat(await(seen)).isEqualTo("clean " + ann);
        assertThat(shared() - before).isEqualTo(1);
    }

    @Test
    void aStatementThatTheConnectionDoesNotKnowYetTakesItsTurn() {
        learn(WHO, "warm");
        terminate("backend_type = 'client backend'");
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> !await(read("select $1::text", "new connection")).isEmpty());
        var held = hold();
        var answers = IntStream.range(0, 5).mapToObj(n -> read(WHO, "n" + n)).toList();
        release(held);
        for (int n = 0; n < 5; n++) {
            assertThat(await(answers.get(n))).contains(" n" + n + " ");
        }
    }

    @Test
    void oneThatIsSlowForOnceHoldsTheOthersUpForASecond() {
        learn(SLEEP, 0);
        var backend = backend();
        learn(WHO, "warm");
        var held = hold();
        var before = read(WHO, "before");
        var slow = read(SLEEP, 3);
        var behind = read(WHO, "behind");
        release(held);
        assertThat(await(slow)).isEqualTo("slept 3");
        assertThat(await(before)).contains(" before ");
        assertThat(await(behind)).contains(" behind ");
        // What took too long was cancelled with its connection, and ran again on another.
        assertThat(backend()).isNotEqualTo(backend);
    }

    @Test
    void oneWhoseCallerHasLeftIsNotRun() {
        learn(SLEEP, 0);
        learn(WHO, "warm");
        var held = hold();
        var leavesSoon = Promise.<Void>promise();
        var leavesLater = Promise.<Void>promise();
        var soon = read(SLEEP, 14, leavesSoon.future());
        var later = read(SLEEP, 13, leavesLater.future());
        var stays = read(WHO, "stays");
        loop.runOnContext(on -> leavesSoon.complete());
        release(held);
        assertThatThrownBy(() -> await(soon)).isInstanceOf(ClosedConnectionException.class);
        Awaitility.await().until(() -> sleeping() == 1);
        loop.runOnContext(on -> leavesLater.complete());
        assertThatThrownBy(() -> await(later)).isInstanceOf(ClosedConnectionException.class);
        assertThat(await(stays)).contains(" stays ");
        assertThat(sleeping()).isZero();
    }

    @Test
    void whenAllHaveLeftTheConnectionGoesOn() {
        learn(SLEEP, 0);
        var backend = backend();
        var held = hold();
        var left = Promise.<Void>promise();
        var reads = List.of(read(SLEEP, 14, left.future()), read(SLEEP, 14, left.future()));
        loop.runOnContext(on -> left.complete());
        release(held);
        for (var read : reads) {
            assertThatThrownBy(() -> await(read)).isInstanceOf(ClosedConnectionException.class);
        }
        assertThat(backend()).isEqualTo(backend);
    }

    @Test
    void thoseThatWaitTooLongAreRefusedTogetherAndTheNextOnesAreNot() {
        learn(WHO, "warm");
        var held = hold();
        double before = shared();
        var late = List.of(read(WHO, "a"), read(WHO, "b"));
        for (var read : late) {
            assertThatThrownBy(() -> await(read)).hasMessageContaining("Timeout");
        }
        assertThat(shared() - before).isEqualTo(1);
        var next = read(WHO, "next");
        release(held);
        assertThat(await(next)).contains(" next ");
    }

    @Test
    void whenTheirConnectionEndsEachIsAnsweredAndOthersGoOn() {
        learn(SLEEP, 0);
        learn(WHO, "warm");
        var held = hold();
        var first = read(SLEEP, 1);
        var behind = read(WHO, "behind");
        release(held);
        Awaitility.await().until(() -> sleeping() == 1);
        terminate(SLEEPS);
        for (var answer : List.of(first, behind)) {
            Awaitility.await().until(answer::isComplete);
        }
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> await(read(WHO, "after")).contains(" after "));
    }

    private String backend() {
        return await(read("select $1::text || pg_backend_pid()", "backend "));
    }

    private long sleeping() {
        return sessions("count(*)", SLEEPS);
    }

    private void terminate(String which) {
        assertThat(sessions("count(pg_terminate_backend(pid))", which)).isPositive();
    }

    /** Of the sessions of the project's database that a condition holds for. */
    private long sessions(String aggregate, String which) {
        return await(control.query(
                        "select " + aggregate + " from pg_stat_activity where datname = $1 and (" + which + ")",
                        Tuple.of(service.project().database().name())))
                .iterator()
                .next()
                .getLong(0);
    }
}
