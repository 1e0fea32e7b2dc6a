package dev.basalt.kit.usage;

import dev.basalt.kit.request.FunctionUse;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file of the usage journal, mapped into memory: what was appended survives the death of the process, because the
 * pages are the kernel's. Appending is lock-free and safe for any thread.
 *
 * <p>Layout, little-endian: magic, instance id, sequence (32 bytes in all), then slots of 256 bytes: an int length and its
 * payload. The length is written last and with release semantics: zero means that the slot holds nothing whole. Slots have
 * one size so that a record cut off by a kill hides none of its neighbours.
 */
final class JournalSegment implements AutoCloseable {
    private static final long MAGIC = 0x31_45_53_55_54_4c_53_42L; // "BSLTUSE1"
    private static final int HEADER_BYTES = 32;
    private static final int SLOT_BYTES = 256;
    private static final int MAX_OPERATION = 40;
    private static final int MAX_REQUEST_ID = 64;
    private static final int MAX_ROLE = 16;
    private static final int MAX_CLIENT = 32;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LENGTH = INT.varHandle();

    private final Path file;
    private final Arena arena;
    private final MemorySegment memory;
    private final AtomicLong end = new AtomicLong(HEADER_BYTES);
    private final AtomicLong writers = new AtomicLong();
    private final UUID instance;
    private final long sequence;

    private JournalSegment(Path file, Arena arena, MemorySegment memory, UUID instance, long sequence) {
        this.file = file;
        this.arena = arena;
        this.memory = memory;
        this.instance = instance;
        this.sequence = sequence;
    }

    static JournalSegment create(Path directory, UUID instance, long sequence, long size) throws IOException {
        var file = directory.resolve("%s-%010d.usage".formatted(instance, sequence));
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
            memory.set(LONG, 8, instance.getMostSignificantBits());
            memory.set(LONG, 16, instance.getLeastSignificantBits());
            memory.set(LONG, 24, sequence);
            memory.set(LONG, 0, MAGIC);
            return new JournalSegment(file, arena, memory, instance, sequence);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Opens what an earlier process left; empty files and files of something else are refused with an exception. */
    static JournalSegment recover(Path file) throws IOException {
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (memory.byteSize() < HEADER_BYTES || memory.get(LONG, 0) != MAGIC) {
                throw new IOException("not a usage journal: " + file.getFileName());
            }
            var instance = new UUID(memory.get(LONG, 8), memory.get(LONG, 16));
            return new JournalSegment(file, arena, memory, instance, memory.get(LONG, 24));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    UUID instance() {
        return instance;
    }

    long sequence() {
        return sequence;
    }

    boolean isEmpty() {
        return end.get() == HEADER_BYTES;
    }

    /** Appends a record; false if it does not fit any more, or the segment is sealed. */
    boolean append(UsageRecord usage) {
        writers.incrementAndGet();
        try {
            var at = end.getAndAdd(SLOT_BYTES);
            if (at + SLOT_BYTES > memory.byteSize()) {
                return false;
            }
            var payload = encode(usage);
            MemorySegment.copy(MemorySegment.ofBuffer(payload), 0, memory, at + Integer.BYTES, payload.remaining());
            LENGTH.setRelease(memory, at, payload.remaining());
            return true;
        } finally {
            writers.decrementAndGet();
        }
    }

    /** Ends appending and waits for the few instructions of whoever still is. */
    void seal() {
        end.getAndAdd(memory.byteSize());
        while (writers.get() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Every whole record, in order. */
    List<UsageRecord> read() {
        var records = new ArrayList<UsageRecord>();
        long at = HEADER_BYTES;
        for (; at + SLOT_BYTES <= memory.byteSize(); at += SLOT_BYTES) {
            var length = (int) LENGTH.getAcquire(memory, at);
            if (length > 0 && length <= SLOT_BYTES - Integer.BYTES) {
                records.add(decode(memory.asSlice(at + Integer.BYTES, length)
                        .asByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)));
            }
        }
        return records;
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static ByteBuffer encode(UsageRecord usage) {
        var buffer = ByteBuffer.allocate(SLOT_BYTES - Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(usage.atMillis())
                .putLong(usage.projectId().getMostSignificantBits())
                .putLong(usage.projectId().getLeastSignificantBits())
                .putShort((short) usage.service().journalCode())
                .putShort((short) usage.status())
                .putLong(usage.durationMicros())
                .putLong(usage.databaseMicros())
                .putLong(usage.bytesIn())
                .putLong(usage.bytesOut())
                .putLong(usage.function().millis())
                .putLong(usage.function().megabyteMillis())
                .putInt((int) Math.min(usage.function().initMillis(), Integer.MAX_VALUE))
                .putInt((int) Math.min(usage.function().cpuMicros(), Integer.MAX_VALUE));
        putText(buffer, usage.operation(), MAX_OPERATION);
        putText(buffer, usage.requestId(), MAX_REQUEST_ID);
        putText(buffer, usage.role(), MAX_ROLE);
        putText(buffer, usage.client(), MAX_CLIENT);
        buffer.putLong(usage.function().egressBytes());
        return buffer.flip();
    }

    private static UsageRecord decode(ByteBuffer buffer) {
        var atMillis = buffer.getLong();
        var projectId = new UUID(buffer.getLong(), buffer.getLong());
        var service = Service.ofJournalCode(buffer.getShort());
        var status = buffer.getShort();
        var durationMicros = buffer.getLong();
        var databaseMicros = buffer.getLong();
        var bytesIn = buffer.getLong();
        var bytesOut = buffer.getLong();
        var functionMillis = buffer.getLong();
        var functionMegabyteMillis = buffer.getLong();
        long initMillis = buffer.getInt();
        long cpuMicros = buffer.getInt();
        var operation = text(buffer);
        var requestId = text(buffer);
        var role = text(buffer);
        var client = text(buffer);
        // Journals of earlier versions end here.
        var egressBytes = buffer.hasRemaining() ? buffer.getLong() : 0;
        return new UsageRecord(
                atMillis,
                projectId,
                service,
                operation,
                status,
                durationMicros,
                databaseMicros,
                bytesIn,
                bytesOut,
                new FunctionUse(functionMillis, functionMegabyteMillis, initMillis, cpuMicros, egressBytes),
                requestId,
                role,
                client);
    }

    /** Puts at most {@code max} characters, as ASCII: a text of the log, not of the count. */
    private static void putText(ByteBuffer buffer, String text, int max) {
        var bytes = text.substring(0, Math.min(max, text.length())).getBytes(StandardCharsets.US_ASCII);
        buffer.putShort((short) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer buffer) {
        var bytes = new byte[buffer.getShort()];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
