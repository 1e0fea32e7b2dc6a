package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Outcome.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process prints, as lines with a bound. Nobody waits for it: a look takes what is there, at the end of a call and at the
 * clock's ticks. So a call has all that it printed, and a process that prints without end waits for the ticks. Thread-safe.
 */
final class Output {
    private static final int BUFFER = 16 * 1024;
    /** What a pipe holds. */
    private static final int MAX_LOOK = 64 * 1024;

    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_LINES = 10_000;
    private static final int LAST_LINES = 20;
    private static final int INFO = 1;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER];
    private final StringBuilder line = new StringBuilder();
    private final Deque<String> last = new ArrayDeque<>();
    private List<LogLine> lines = new ArrayList<>(0);
    private int bytes;
    private long startNanos = System.nanoTime();
    private boolean overflown;

    Output(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** Takes what has been printed; never waits. Past the bound it takes less at a time. */
    synchronized void look() {
        try {
            int left = overflown ? BUFFER : MAX_LOOK;
            while (left > 0 && in.available() > 0) {
                int some = in.read(buffer, 0, Math.min(left, Math.min(BUFFER, in.available())));
                if (some <= 0) {
                    return;
                }
                left -= some;
                append(new String(buffer, 0, some, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The process is gone and its pipe with it.
        }
    }

    /** Takes the rest of what a process printed that has ended. */
    synchronized void finish() {
        overflown = false;
        look();
        append("\n");
    }

    private void append(String text) {
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
}
