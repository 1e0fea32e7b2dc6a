package dev.basalt.kit.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.kit.request.FunctionUse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageJournalTest {
    private static final UUID PROJECT = UUID.randomUUID();

    @TempDir
    Path directory;

    private UsageJournal journal(long segmentSize, int maxSegments) {
        return new UsageJournal(new FixedConfig(directory, segmentSize, maxSegments), new SimpleMeterRegistry());
    }

    private record FixedConfig(Path directory, long size, int maxSegments) implements UsageConfig {
        @Override
        public Duration flushInterval() {
            return Duration.ofSeconds(1);
        }

        @Override
        public MemorySize segmentSize() {
            return new MemorySize(BigInteger.valueOf(size));
        }

        @Override
        public int requestLogPerFlush() {
            return 10;
        }

        @Override
        public Duration requestLogRetention() {
            return Duration.ofDays(1);
        }
    }

    private static UsageRecord usage(int status, String requestId) {
        return new UsageRecord(
                1_700_000_000_000L,
                PROJECT,
                Service.STORAGE,
                "object.get",
                status,
                7,
                6,
                5,
                4,
                new FunctionUse(3, 2, 8, 9, 10),
                requestId,
                "authenticated",
                "supabase-js-node/2.0 é");
    }

    @Test
    void aRecordComesBackAsItWas() {
        var journal = journal(4096, 4);
        journal.record(usage(201, "r-1"));
        var segment = journal.oldest(true).orElseThrow();
        var expected = usage(201, "r-1");
        assertThat(segment.read()).singleElement().satisfies(read -> {
            assertThat(read).usingRecursiveComparison().ignoringFields("client").isEqualTo(expected);
            assertThat(read.client()).startsWith("supabase-js-node/2.0");
        });
    }

    @Test
    void textsAreCutToTheirSlot() {
        var journal = journal(4096, 4);
        journal.record(new UsageRecord(
                1,
                PROJECT,
                Service.DATA,
                "o".repeat(500),
                200,
                0,
                0,
                0,
                0,
                FunctionUse.NONE,
                "r".repeat(500),
                "x".repeat(500),
                "\ud83d\ude00".repeat(300)));
        assertThat(journal.oldest(true).orElseThrow().read())
                .singleElement()
                .satisfies(read -> assertThat(read.operation()).hasSize(40));
    }

    @Test
    void recordsOfManyThreadsAreAllThereOverManySegments() throws InterruptedException {
        var journal = journal(64 * 256 + 32, 1000);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var thread = 0; thread < 4; thread++) {
                var prefix = thread + "-";
                threads.execute(() -> IntStream.range(0, 2000).forEach(i -> journal.record(usage(200, prefix + i))));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        var ids = new ArrayList<String>();
        for (var segment = journal.oldest(true); segment.isPresent(); segment = journal.oldest(false)) {
            segment.get().read().forEach(read -> ids.add(read.requestId()));
            journal.flushed(segment.get());
        }
        assertThat(ids).hasSize(8000).doesNotHaveDuplicates();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatAnEarlierProcessLeftIsTakenUpUnderItsOwnNumber() {
        journal(4096, 4).record(usage(200, "before"));
        var later = journal(4096, 4);
        var segment = later.oldest(false).orElseThrow();
        assertThat(segment.sequence()).isZero();
        assertThat(segment.read())
                .singleElement()
                .satisfies(read -> assertThat(read.requestId()).isEqualTo("before"));
    }

    @Test
    void aRecordThatWasNeverFinishedHidesNoOther() throws IOException {
        var journal = journal(4096, 4);
        journal.record(usage(200, "first"));
        journal.record(usage(200, "second"));
        Path file;
        try (var files = Files.list(directory)) {
            file = files.findFirst().orElseThrow();
        }
        var bytes = Files.readAllBytes(file);
        for (var i = 0; i < 4; i++) {
            bytes[32 + i] = 0;
        }
        Files.write(file, bytes);
        var later = journal(4096, 4);
        assertThat(later.oldest(false).orElseThrow().read())
                .singleElement()
                .satisfies(read -> assertThat(read.requestId()).isEqualTo("second"));
    }

    @Test
    void whenTheJournalIsFullTheNewestRecordsAreLostAndNothingElse() {
        var journal = journal(256 + 32, 2);
        IntStream.range(0, 5).forEach(i -> journal.record(usage(200, "r-" + i)));
        var ids = new ArrayList<String>();
        for (var segment = journal.oldest(true); segment.isPresent(); segment = journal.oldest(false)) {
            segment.get().read().forEach(read -> ids.add(read.requestId()));
            journal.flushed(segment.get());
        }
        assertThat(ids).containsExactly("r-0", "r-1");
    }

    @Test
    void aForeignFileIsLeftAlone() throws IOException {
        var foreign = Files.writeString(directory.resolve("x.usage"), "no journal of ours, and longer than its header");
        var journal = journal(4096, 4);
        assertThat(journal.oldest(true)).isEmpty();
        assertThat(foreign).exists();
    }
}
