package dev.basalt.kit.function;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The files of a function by path. Paths are relative, with forward slashes, without empty, {@code .} or {@code ..} segments.
 * Immutable; the buffers must not be modified.
 */
public record ArtifactFiles(NavigableMap<String, Buffer> files) {
    /** The most files. */
    public static final int MAX_FILES = 1000;
    /** The most bytes of all files together. */
    public static final int MAX_BYTES = 10 << 20;

    private static final int BLOCK = 512;
    private static final int MAX_PATH = 255;
    /** The zip format's oldest moment, so that the same files always pack to the same bytes. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    public ArtifactFiles {
        files = java.util.Collections.unmodifiableNavigableMap(new TreeMap<>(files));
    }

    /**
     * Files as JSON gave them.
     *
     * @throws ApiException {@link FunctionError#INVALID_ARTIFACT} or {@link FunctionError#ARTIFACT_TOO_LARGE}
     */
    public static ArtifactFiles of(Map<String, Buffer> files) {
        var intake = new Intake();
        files.forEach((path, content) -> intake.add(path, content));
        return intake.finish();
    }

    /**
     * Files out of a tar.gz. Anything but plain files and directories is refused, as is what unpacks to too much. Blocks
     * for as long as unpacking takes.
     *
     * @throws ApiException {@link FunctionError#INVALID_ARTIFACT} or {@link FunctionError#ARTIFACT_TOO_LARGE}
     */
    public static ArtifactFiles fromTarGz(Buffer archive) {
        var intake = new Intake();
        try (var in = new GZIPInputStream(new ByteArrayInputStream(archive.getBytes()), 8192)) {
            String longName = null;
            while (true) {
                var header = in.readNBytes(BLOCK);
                if (header.length < BLOCK || isZero(header)) {
                    return intake.finish();
                }
                var size = octal(header, 124, 12);
                var path = name(header);
                if (longName != null) {
                    path = longName;
                    longName = null;
                }
                switch (header[156]) {
                    case 0, '0' -> intake.add(path, Buffer.buffer(content(in, size)));
                    case '5' -> skip(in, size);
                    case 'L' -> longName = cString(content(in, Math.min(size, MAX_PATH + 1)));
                    case 'x' -> longName = paxPath(content(in, Math.min(size, 64 * 1024)));
                    case 'g' -> skip(in, size);
                    default -> throw refuse("links and special files are not allowed: " + path);
                }
            }
        } catch (IOException e) {
            throw refuse("the archive is not a readable tar.gz");
        }
    }

    /** Files out of {@link #pack}. */
    public static ArtifactFiles unpack(Buffer packed) {
        var intake = new Intake();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(packed.getBytes()))) {
            ZipEntry entry;
            while ((entry = zip.getNextEntry()) != null) {
                intake.add(entry.getName(), Buffer.buffer(zip.readNBytes(MAX_BYTES + 1)));
            }
            return intake.finish();
        } catch (IOException e) {
            throw refuse("the stored files are not readable");
        }
    }

    /** The files as one zip; the same files give the same bytes. */
    public Buffer pack() {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(EPOCH);
                zip.putNextEntry(entry);
                zip.write(file.getValue().getBytes());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    /** The SHA-256 of packed files in lower-case hexadecimal: equal files, equal digest. */
    public static String digest(Buffer packed) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packed.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Intake {
        private final TreeMap<String, Buffer> files = new TreeMap<>();
        private long bytes;

        void add(String given, Buffer content) {
            var path = given.startsWith("./") ? given.substring(2) : given;
            check(path);
            bytes += content.length();
            if (bytes > MAX_BYTES || files.size() >= MAX_FILES) {
                throw ApiException.of(
                        FunctionError.ARTIFACT_TOO_LARGE,
                        "at most " + MAX_FILES + " files of " + MAX_BYTES + " bytes together");
            }
            if (files.put(path, content) != null) {
                throw refuse("the path stands twice: " + path);
            }
        }

        ArtifactFiles finish() {
            if (files.isEmpty()) {
                throw refuse("there are no files");
            }
            return new ArtifactFiles(files);
        }
    }

    private static void check(String path) {
        if (path.isEmpty() || path.length() > MAX_PATH || path.startsWith("/") || path.contains("\\")) {
            throw refuse("not an acceptable path: " + printable(path));
        }
        for (var segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw refuse("not an acceptable path: " + printable(path));
            }
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw refuse("not an acceptable path: " + printable(path));
        }
    }

    private static String printable(String path) {
        return path.substring(0, Math.min(100, path.length())).replaceAll("\\p{Cntrl}", "?");
    }

    private static byte[] content(InputStream in, long size) throws IOException {
        if (size > MAX_BYTES) {
            throw ApiException.of(FunctionError.ARTIFACT_TOO_LARGE);
        }
        var content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new IOException("truncated");
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return content;
    }

    private static void skip(InputStream in, long size) throws IOException {
        content(in, size);
    }

    private static String name(byte[] header) {
        var name = cString(java.util.Arrays.copyOf(header, 100));
        var magic = new String(header, 257, 5, StandardCharsets.US_ASCII);
        var prefix = cString(java.util.Arrays.copyOfRange(header, 345, 500));
        return magic.equals("ustar") && !prefix.isEmpty() ? prefix + "/" + name : name;
    }

    private static String cString(byte[] bytes) {
        var end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** The {@code path} record of a pax header (POSIX.1-2017, pax): lines of {@code length key=value}. */
    private static @org.jspecify.annotations.Nullable String paxPath(byte[] bytes) {
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

    private static ApiException refuse(String detail) {
        return ApiException.of(FunctionError.INVALID_ARTIFACT, detail);
    }
}
