package dev.basalt.kit.function;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The files of a function by path. Paths are relative, with forward slashes, without empty, {@code .} or {@code ..} segments.
 * Immutable; the buffers must not be modified.
 */
public record ArtifactFiles(NavigableMap<String, Buffer> files) {
    /** The most files. */
    public static final int MAX_FILES = 20_000;
    /** The most bytes of all files together. */
    public static final int MAX_BYTES = 64 << 20;

    private static final int MAX_PATH = 255;
    /** The zip format's oldest moment, so that the same files always pack to the same bytes. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    public ArtifactFiles {
        files = Collections.unmodifiableNavigableMap(new TreeMap<>(files));
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
        TarGz.read(archive, intake::add);
        return intake.finish();
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

    /** How many bytes the files have together. */
    public int bytes() {
        return files.values().stream().mapToInt(Buffer::length).sum();
    }

    private static final class Intake {
        private final TreeMap<String, Buffer> files = new TreeMap<>();
        private long bytes;

        void add(String given, Buffer content) {
            var path = given.startsWith("./") ? given.substring(2) : given;
            check(path);
            bytes += content.length();
            if (bytes > MAX_BYTES || files.size() >= MAX_FILES) {
                throw tooLarge();
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

    static ApiException tooLarge() {
        return ApiException.of(
                FunctionError.ARTIFACT_TOO_LARGE,
                "at most " + MAX_FILES + " files of " + MAX_BYTES + " bytes together");
    }

    static ApiException refuse(String detail) {
        return ApiException.of(FunctionError.INVALID_ARTIFACT, detail);
    }
}
