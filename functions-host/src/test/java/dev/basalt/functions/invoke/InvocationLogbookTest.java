package dev.basalt.functions.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.tail.LiveTail;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.request.FunctionUse;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When records are written. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class InvocationLogbookTest {
    private static final int FILLS_A_STATEMENT = 500;

    @Inject
    Vertx vertx;

    @Inject
    ControlDatabase control;

    @Inject
    LiveTail tail;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final UUID project = UUID.randomUUID();

    @AfterEach
    void nothingWasDropped() {
        assertThat(metrics.counter("basalt.functions.records.dropped").count()).isZero();
    }

    private InvocationLogbook logbook(String flushInterval) {
        var config = new SmallRyeConfigBuilder()
                .withMapping(InvocationConfig.class)
                .withDefaultValue("basalt.functions.invocations.flush-interval", flushInterval)
                .build()
                .getConfigMapping(InvocationConfig.class);
        return new InvocationLogbook(vertx, control, config, tail, metrics);
    }

    private void add(InvocationLogbook logbook, int records) {
        for (var i = 0; i < records; i++) {
            logbook.add(row(InvocationId.next(System.currentTimeMillis()), "done"));
        }
    }

    private InvocationRecord row(UUID id, String state) {
        return new InvocationRecord(
                id,
                project,
                "hello",
                1,
                "http",
                OffsetDateTime.now(ZoneOffset.UTC),
                "request",
                Origin.of("GET /"),
                null,
                0,
                state,
                state.equals("done") ? "ok" : null,
                null,
                128,
                Outcome.Report.NONE,
                FunctionUse.NONE,
                RecordedLogs.NONE,
                null,
                false);
    }

    private long written() {
        var count = control.query("select count(*) from invocations where project_id = $1", Tuple.of(project));
        return TestProjects.await(count).iterator().next().getLong(0);
    }

    @Test
    void whatFillsAStatementDoesNotWaitForTheClock() {
        var logbook = logbook("PT1H");
        add(logbook, 2 * FILLS_A_STATEMENT + 1);
        await().untilAsserted(() -> assertThat(written()).isGreaterThanOrEqualTo(2 * FILLS_A_STATEMENT));
        TestProjects.await(logbook.flush());
        assertThat(written()).isEqualTo(2 * FILLS_A_STATEMENT + 1);
    }

    @Test
    void aFullStatementThatFailsIsWrittenLater() {
        var logbook = logbook("PT0.1S");
        TestProjects.await(control.query("alter table invocations rename to away", Tuple.tuple()));
        try {
            add(logbook, FILLS_A_STATEMENT);
            TestProjects.await(logbook.flush().otherwiseEmpty());
        } finally {
            TestProjects.await(control.query("alter table away rename to invocations", Tuple.tuple()));
        }
        await().untilAsserted(() -> assertThat(written()).isEqualTo(FILLS_A_STATEMENT));
        add(logbook, FILLS_A_STATEMENT);
        await().untilAsserted(() -> assertThat(written()).isEqualTo(2 * FILLS_A_STATEMENT));
    }

    @Test
    void anEndThatTheBeginningHasOvertakenIsWritten() {
        var logbook = logbook("PT1H");
        var id = InvocationId.next(System.currentTimeMillis());
        logbook.add(row(id, "running"));
        TestProjects.await(logbook.flush());
        logbook.add(row(id, "done"));
        add(logbook, 2);
        TestProjects.await(logbook.flush());
        assertThat(written()).isEqualTo(3);
        assertThat(state(id)).isEqualTo("done");

        logbook.add(row(id, "running"));
        TestProjects.await(logbook.flush());
        assertThat(state(id)).isEqualTo("done");
    }

    private String state(UUID id) {
        var found = control.query("select state from invocations where id = $1", Tuple.of(id));
        return TestProjects.await(found).iterator().next().getString(0);
    }

    @Test
    void aStopWritesWhatWaits() throws InterruptedException {
        var logbook = logbook("PT1H");
        add(logbook, 3);
        assertThat(written()).isZero();
        logbook.stop(new ShutdownEvent());
        assertThat(written()).isEqualTo(3);
    }
}
