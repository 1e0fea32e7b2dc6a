package dev.basalt.functions.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's counters of one control group, kept open: reading one costs some microseconds and no disk. Where a counter is
 * not there it says 0. Not thread-safe.
 */
public final class Usage implements Closeable {
    private static final Pattern USED = Pattern.compile("usage_usec (\\d+)");
    private static final Pattern KILLS = Pattern.compile("oom_kill (\\d+)");
    private static final Pattern NUMBER = Pattern.compile("(\\d+)");
    private static final int MAX_FILE = 1024;

    private final @Nullable FileChannel memory;
    private final @Nullable FileChannel cpu;
    private final Pattern cpuPattern;
    /** How many of the CPU counter's units are a microsecond. */
    private final int cpuPerMicro;

    private final @Nullable FileChannel events;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_FILE);

    private Usage(Path memory, @Nullable Path cpu, Pattern cpuPattern, int cpuPerMicro, Path events) {
        this.memory = open(memory);
        this.cpu = cpu == null ? null : open(cpu);
        this.cpuPattern = cpuPattern;
        this.cpuPerMicro = cpuPerMicro;
        this.events = open(events);
    }

    static Usage unified(Path group) {
        return new Usage(
                group.resolve("memory.peak"), group.resolve("cpu.stat"), USED, 1, group.resolve("memory.events"));
    }

    static Usage separate(Path memory, @Nullable Path cpuacct) {
        return new Usage(
                memory.resolve("memory.max_usage_in_bytes"),
                cpuacct == null ? null : cpuacct.resolve("cpuacct.usage"),
                NUMBER,
                1_000,
                memory.resolve("memory.oom_control"));
    }

    /** The most memory that the group ever had, in KiB. */
    public int peakKib() {
        return (int) Math.min(Integer.MAX_VALUE, read(memory, NUMBER) >> 10);
    }

    /** CPU time that the group has used, in microseconds. */
    public long cpuMicros() {
        return read(cpu, cpuPattern) / cpuPerMicro;
    }

    /** Whether the kernel ended a process of the group because the memory was used up. */
    public boolean outOfMemory() {
        return read(events, KILLS) > 0;
    }

    private long read(@Nullable FileChannel counter, Pattern pattern) {
        if (counter == null) {
            return 0;
        }
        try {
            buffer.clear();
            counter.read(buffer, 0);
            Matcher matcher =
                    pattern.matcher(new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static @Nullable FileChannel open(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel each : new FileChannel[] {memory, cpu, events}) {
            if (each != null) {
                each.close();
            }
        }
    }
}
