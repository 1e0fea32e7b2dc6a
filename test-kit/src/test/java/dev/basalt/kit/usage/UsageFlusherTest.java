package dev.basalt.kit.usage;

import static dev.basalt.test.TestProjects.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.request.FunctionUse;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class UsageFlusherTest {
    @Inject
    UsageJournal journal;

    @Inject
    UsageFlusher flusher;

    @Inject
    UsageConfig config;

    @Inject
    ControlDatabase control;

    @Inject
    io.vertx.core.Vertx vertx;

    private final UUID projectId = UUID.randomUUID();

    private UsageRecord usage(int status) {
        return new UsageRecord(
                System.currentTimeMillis(),
                projectId,
                Service.DATA,
                "read",
                status,
                1,
                2,
                3,
                4,
                new FunctionUse(5, 6, 7, 8, 9),
                "r",
                "anon",
                "");
    }

    private long counted(String column) {
        return await(control.query(
                        "select coalesce(sum(" + column + "), 0)::bigint from usage_minutes where project_id = $1",
                        Tuple.of(projectId)))
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void everyRecordIsCountedAndTheLogKeepsErrorsFirst() {
        IntStream.range(0, config.requestLogPerFlush() + 100).forEach(i -> journal.record(usage(200)));
        journal.record(usage(500));
        await(flusher.flush());
        assertThat(counted("requests")).isEqualTo(config.requestLogPerFlush() + 101);
        assertThat(counted("errors")).isEqualTo(1);
        assertThat(counted("function_mb_ms")).isEqualTo(6L * (config.requestLogPerFlush() + 101));
        assertThat(counted("function_init_ms")).isEqualTo(7L * (config.requestLogPerFlush() + 101));
        assertThat(counted("function_cpu_us")).isEqualTo(8L * (config.requestLogPerFlush() + 101));
        assertThat(counted("egress_bytes")).isEqualTo(9L * (config.requestLogPerFlush() + 101));
        var logged = await(control.query(
                        "select count(*), count(*) filter (where status = 500) from request_log where project_id = $1",
                        Tuple.of(projectId)))
                .iterator()
                .next();
        assertThat(logged.getLong(0)).isEqualTo(config.requestLogPerFlush());
        assertThat(logged.getLong(1)).isEqualTo(1);
    }

    @Test
    void aBatchThatCommittedBeforeTheKillIsNotCountedTwice() throws IOException {
        journal.record(usage(200));
        var segment = journal.oldest(true);
        assertThat(segment).isPresent();
        Path copy;
        try (var files = Files.list(config.directory())) {
            var file = files.filter(each -> each.toString().endsWith(".usage"))
                    .findFirst()
                    .orElseThrow();
            copy = Files.copy(
                    file, file.resolveSibling(file.getFileName() + ".kept"), StandardCopyOption.REPLACE_EXISTING);
        }
        await(flusher.flush());
        // The process was killed between the commit and the deletion: the next one finds the segment again.
        Files.move(copy, Path.of(copy.toString().replace(".kept", "")));
        var restarted = new UsageJournal(config, new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
        await(new UsageFlusher(vertx, restarted, control, config).flush());
        assertThat(counted("requests")).isEqualTo(1);
        assertThat(restarted.oldest(false)).isEmpty();
    }
}
