package dev.basalt.kit.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The durable meter: records go to the current segment, full or flushed segments wait in order for the flusher. Safe for
 * use by any thread; the lock is taken only to change segments.
 */
@Singleton
public class UsageJournal implements UsageMeter {
    private static final Logger LOG = Logger.getLogger(UsageJournal.class);
    private final UUID instance = UUID.randomUUID();
    private final Path directory;
    private final long segmentSize;
    private final int maxSegments;
    private final Counter lost;
    private final Deque<JournalSegment> sealed = new ArrayDeque<>();
    private volatile @Nullable JournalSegment current;
    private long sequence;

    @Inject
    public UsageJournal(UsageConfig config, MeterRegistry metrics) {
        this.directory = config.directory();
        this.segmentSize = config.segmentSize().asLongValue();
        this.maxSegments = config.maxSegments();
        this.lost = metrics.counter("basalt.usage.lost");
        metrics.gauge("basalt.usage.segments", sealed, Deque::size);
        recover();
    }

    /** Takes up what an earlier process of this directory left unflushed. */
    private void recover() {
        try {
            Files.createDirectories(directory);
            try (var files = Files.newDirectoryStream(directory, "*.usage")) {
                for (var file : files) {
                    try {
                        sealed.add(JournalSegment.recover(file));
                    } catch (IOException unreadable) {
                        LOG.errorf(unreadable, "a usage journal can't be read and is left as it is: %s", file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the usage journal's directory can't be used: " + directory, e);
        }
    }

    @Override
    public void record(UsageRecord usage) {
        var segment = current;
        if (segment != null && segment.append(usage)) {
            return;
        }
        appendToNext(usage);
    }

    private synchronized void appendToNext(UsageRecord usage) {
        var segment = current;
        if (segment != null && segment.append(usage)) {
            return;
        }
        sealCurrent();
        if (sealed.size() >= maxSegments) {
            if (lost.count() == 0) {
                LOG.error("the usage journal is full because the control database is away: records are lost");
            }
            lost.increment();
            return;
        }
        try {
            var next = JournalSegment.create(directory, instance, sequence++, segmentSize);
            next.append(usage);
            current = next;
        } catch (IOException e) {
            lost.increment();
            LOG.error("the usage journal can't be written: records are lost", e);
        }
    }

    private synchronized void sealCurrent() {
        var segment = current;
        if (segment != null) {
            current = null;
            segment.seal();
            sealed.add(segment);
        }
    }

    /** Seals what was recorded so far and returns the oldest segment that waits, without taking it off. */
    synchronized Optional<JournalSegment> oldest(boolean sealFirst) {
        if (sealFirst) {
            sealCurrent();
        }
        return Optional.ofNullable(sealed.peek());
    }

    /** Removes a segment whose batch is committed. */
    synchronized void flushed(JournalSegment segment) {
        sealed.remove(segment);
        try {
            segment.delete();
        } catch (IOException e) {
            LOG.error("a flushed usage journal can't be deleted; its batch will not be counted again", e);
        }
    }
}
