package dev.basalt.embedded.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The server's log file, of bounded size: past its limit it becomes {@code <name>.1} and a new one begins. Also keeps
 * the last few kilobytes in memory, to say why a start failed.
 *
 * <p>One thread pumps; {@link #tail()} may be called by any.
 */
final class ServerLog {
    private static final long LIMIT = 10L << 20;
    private static final int TAIL = 8192;

    private final Path file;
    private final StringBuilder tail = new StringBuilder();

    ServerLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    String tail() {
        synchronized (tail) {
            return tail.toString();
        }
    }

    /** Copies the server's output until it ends. A full disk costs log lines, never the server. */
    void pump(InputStream output) {
        byte[] buffer = new byte[8192];
        try (output) {
            int read;
            while ((read = output.read(buffer)) >= 0) {
                remember(new String(buffer, 0, read, StandardCharsets.UTF_8));
                append(buffer, read);
            }
        } catch (IOException e) {
            remember("log ended: " + e + "\n");
        }
    }

    private void append(byte[] bytes, int length) {
        try {
            if (Files.exists(file) && Files.size(file) > LIMIT) {
                Files.move(
                        file,
                        file.resolveSibling(file.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            }
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(bytes, 0, length);
            }
        } catch (IOException e) {
            remember("log not written: " + e + "\n");
        }
    }

    private void remember(String text) {
        synchronized (tail) {
            tail.append(text);
            if (tail.length() > TAIL) {
                tail.delete(0, tail.length() - TAIL);
            }
        }
    }
}
