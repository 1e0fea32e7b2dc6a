package dev.basalt.control.dump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a dump, and the rows of its tables in chunks whatever their length. Used by one thread. */
final class DumpReader {
    private static final int BUFFER = 64 * 1024;
    /** The longest line that is read as a whole: one of a migration, or a row of auth. */
    private static final int MAX_LINE = 16 * 1024 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;

    DumpReader(InputStream in) {
        this.in = in;
    }

    /** Takes a piece of the rows. */
    @FunctionalInterface
    interface Rows {
        void write(byte[] bytes, int offset, int length) throws IOException, java.sql.SQLException;
    }

    /** The next line without its end; null at the end of the file, also for a line that the end cuts off. */
    @Nullable
    String line() throws IOException {
        int scanned = start;
        while (true) {
            for (int i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    var line = new String(buffer, start, i - start, StandardCharsets.UTF_8);
                    start = i + 1;
                    return line;
                }
            }
            int known = end - start;
            if (known > MAX_LINE) {
                throw new IOException("a line is longer than " + MAX_LINE + " bytes");
            }
            if (!fill()) {
                return null;
            }
            scanned = start + known;
        }
    }

    /**
     * Hands on the rows up to the line that ends them, which is read and not handed on.
     *
     * @return how many there are
     */
    long rows(Rows rows) throws IOException, java.sql.SQLException {
        long count = 0;
        boolean lineBegins = true;
        while (true) {
            while (lineBegins && end - start < 3) {
                if (!fill()) {
                    throw new IOException("the file ends within a table");
                }
            }
            // A backslash that is data is doubled, so no row begins like this.
            if (lineBegins && buffer[start] == '\\' && buffer[start + 1] == '.' && buffer[start + 2] == '\n') {
                start += 3;
                return count;
            }
            if (start == end && !fill()) {
                throw new IOException("the file ends within a table");
            }
            // Whole lines as long as there are any, whose beginnings can be looked at; else what there is of one.
            int to = start;
            boolean whole = false;
            while (to < end && !whole) {
                whole = buffer[to++] == '\n';
            }
            int batch = to;
            long lines = whole ? 1 : 0;
            while (whole && end - batch >= 3 && buffer[batch] != '\\') {
                int next = batch;
                while (next < end && buffer[next] != '\n') {
                    next++;
                }
                if (next == end) {
                    break;
                }
                batch = next + 1;
                lines++;
            }
            rows.write(buffer, start, batch - start);
            start = batch;
            count += lines;
            lineBegins = whole;
        }
    }

    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = java.util.Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            return false;
        }
        end += read;
        return true;
    }
}
