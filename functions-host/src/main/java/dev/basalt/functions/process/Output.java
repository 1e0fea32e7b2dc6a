package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Outcome.LogLine;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a process prints, as lines with a bound. A thread of its own reads it and never stops reading, so that a process that
 * prints is not held up by what nobody wants to keep, but reads slowly then. Thread-safe.
 */
final class Output {
    private static final int BUFFER = 16 * 1024;
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_LINES = 10_000;
    private static final int LAST_LINES = 20;
    private static final int INFO = 1;
    /** Past the bound some 3 MB a second are read. */
    private static final long OVERFLOW_PAUSE_NANOS = 5_000_000;

    private final InputStream in;
    private final @Nullable InputStream pipe;
    private final int maxBytes;
    private final Thread thread;
    private final StringBuilder line = new StringBuilder();
    private final Deque<String> last = new ArrayDeque<>();
    private List<LogLine> lines = new ArrayList<>(0);
    private int bytes;
    private long startNanos = System.nanoTime();
    private volatile boolean overflown;
    private volatile boolean waiting;

    Output(Process process, int maxBytes) {
        this.in = process.getInputStream();
        this.pipe = pipe(process);
        this.maxBytes = maxBytes;
        this.thread = Thread.ofPlatform().name("functions-output").daemon().start(this::read);
    }

    /** The pipe once more, only to see whether there is something in it: asking the first stream waits for its reader. */
    private static @Nullable InputStream pipe(Process process) {
        try {
            return new FileInputStream("/proc/" + process.pid() + "/fd/1");
        } catch (IOException e) {
            // It has ended already, or the kernel does not let us; then a late line counts as the next invocation's.
            return null;
        }
    }

    private void read() {
        byte[] buffer = new byte[BUFFER];
        try {
            while (true) {
                waiting = true;
                int some = in.read(buffer);
                waiting = false;
                if (some < 0) {
                    break;
                }
                append(new String(buffer, 0, some, StandardCharsets.UTF_8));
                if (overflown) {
                    LockSupport.parkNanos(this, OVERFLOW_PAUSE_NANOS);
                }
            }
        } catch (IOException e) {
            // The process is gone and its pipe with it.
        }
        append("\n");
        waiting = true;
    }

    private synchronized void append(String text) {
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end;
            line.append(text, from, Math.min(to, from + Math.max(0, MAX_LINE - line.length())));
            if (end >= 0) {
                finishLine();
            }
            from = to + 1;
        }
    }

    private void finishLine() {
        int length = line.length() > 0 && line.charAt(line.length() - 1) == '\r' ? line.length() - 1 : line.length();
        String text = line.substring(0, length);
        line.setLength(0);
        if (text.isEmpty()) {
            return;
        }
        last.addLast(text);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
        if (overflown) {
            return;
        }
        bytes += text.length();
        if (bytes > maxBytes || lines.size() >= MAX_LINES) {
            overflown = true;
            text = "(what was printed beyond this is not kept)";
        }
        lines.add(new LogLine((int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos), INFO, text));
    }

    /** Whether everything that was printed up to now has become a line. */
    boolean drained() {
        try {
            return waiting && (pipe == null || pipe.available() == 0);
        } catch (IOException e) {
            return true;
        }
    }

    /** Takes the lines; what comes from now on is counted anew, in bytes and in time. */
    synchronized List<LogLine> take() {
        List<LogLine> taken = lines;
        lines = new ArrayList<>(0);
        bytes = 0;
        overflown = false;
        startNanos = System.nanoTime();
        return taken;
    }

    /** The last lines that were ever printed. */
    synchronized String lastLines() {
        return String.join("\n", last);
    }

    /** Lets the pipe go; the reader ends with the processes that write. */
    void close() {
        try {
            if (pipe != null) {
                pipe.close();
            }
        } catch (IOException e) {
            // It was only looked at.
        }
    }

    /** Waits for the end of the output, which the process' children may outlive. */
    void awaitEnd(long millis) throws InterruptedException {
        thread.join(millis);
    }
}
