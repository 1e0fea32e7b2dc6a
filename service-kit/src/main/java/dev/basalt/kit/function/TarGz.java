package dev.basalt.kit.function;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar.gz of a stranger's (POSIX.1-2017, pax: ustar with extended headers; GNU long names). Plain files and directories
 * alone; what it unpacks to is bounded in whole, headers and skipped entries included.
 */
final class TarGz {
    private static final int BLOCK = 512;
    private static final int MAX_NAME = 4096;
    private static final int MAX_HEADER = 64 * 1024;
    /** Headers of each file and of its directories. */
    private static final long MAX_UNPACKED = ArtifactFiles.MAX_BYTES + 8L * BLOCK * ArtifactFiles.MAX_FILES;

    private final InputStream in;
    private long left = MAX_UNPACKED;

    private TarGz(InputStream in) {
        this.in = in;
    }

    static void read(Buffer archive, BiConsumer<String, Buffer> file) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(archive.getBytes()), 8192)) {
            new TarGz(in).entries(file);
        } catch (IOException e) {
            throw ArtifactFiles.refuse("the archive is not a readable tar.gz");
        }
    }

    private void entries(BiConsumer<String, Buffer> file) throws IOException {
        String longName = null;
        while (true) {
            var header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || isZero(header)) {
                return;
            }
            spend(BLOCK);
            var size = octal(header, 124, 12);
            var path = longName == null ? name(header) : longName;
            longName = null;
            switch (header[156]) {
                case 0, '0' -> file.accept(path, Buffer.buffer(content(size, ArtifactFiles.MAX_BYTES)));
                case '5', 'g' -> content(size, MAX_HEADER);
                case 'L' -> longName = cString(content(size, MAX_NAME));
                case 'x' -> longName = paxPath(content(size, MAX_HEADER));
                default -> throw ArtifactFiles.refuse("links and special files are not allowed: " + path);
            }
        }
    }

    private byte[] content(long size, int max) throws IOException {
        if (size > max) {
            throw ArtifactFiles.tooLarge();
        }
        spend(size);
        var content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new IOException("truncated");
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return content;
    }

    private void spend(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw ArtifactFiles.tooLarge();
        }
    }

    private static String name(byte[] header) {
        var name = cString(Arrays.copyOf(header, 100));
        var magic = new String(header, 257, 5, StandardCharsets.US_ASCII);
        var prefix = cString(Arrays.copyOfRange(header, 345, 500));
        return magic.equals("ustar") && !prefix.isEmpty() ? prefix + "/" + name : name;
    }

    private static String cString(byte[] bytes) {
        var end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** The {@code path} record of an extended header: lines of {@code length key=value}. */
    private static @Nullable String paxPath(byte[] bytes) {
        for (var line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            var space = line.indexOf(' ');
            if (space > 0 && line.startsWith("path=", space + 1)) {
                return line.substring(space + 6);
            }
        }
        return null;
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        var text = new String(header, from, length, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .trim();
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text, 8);
        } catch (NumberFormatException e) {
            throw new IOException("bad size", e);
        }
    }

    private static boolean isZero(byte[] block) {
        for (var b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
