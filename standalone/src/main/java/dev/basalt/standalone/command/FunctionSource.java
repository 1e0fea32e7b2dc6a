package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A function's directory as it is uploaded. In Supabase's layout ({@code supabase/functions/NAME}) what functions share goes along:
 * the directory {@code _shared} and import maps beside them.
 *
 * @param root what paths in the upload begin at
 * @param parts directories and files below the root that are uploaded
 */
record FunctionSource(String name, Path root, List<Path> parts) {
    private static final List<String> SHARED =
            List.of("_shared", "deno.json", "deno.jsonc", "import_map.json", "package.json", "node_modules");

    static FunctionSource of(Path given, Optional<String> named) throws IOException, Refused {
        if (!Files.isDirectory(given)) {
            throw new Refused(given + " is no directory");
        }
        var directory = given.toRealPath();
        var name = directory.getFileName().toString();
        var parent = directory.getParent();
        var beside = new ArrayList<Path>();
        if (parent != null && parent.endsWith(Path.of("supabase", "functions"))) {
            for (var shared : SHARED) {
                if (Files.exists(parent.resolve(shared))) {
                    beside.add(parent.resolve(shared));
                }
            }
        }
        if (parent == null
                || beside.isEmpty()
                || (named.isPresent() && !named.get().equals(name))) {
            return new FunctionSource(named.orElse(name), directory, List.of(directory));
        }
        beside.add(directory);
        return new FunctionSource(name, parent, List.copyOf(beside));
    }

    /** The upload: a tar.gz. Of packages those go along that {@code package.json} depends on. */
    byte[] pack() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files(true).keySet()) {
                var entry = new TarArchiveEntry(file, root.relativize(file).toString());
                tar.putArchiveEntry(entry);
                Files.copy(file, tar);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** When each of the function's own files was changed, packages left out: what a save changes. */
    Map<Path, FileTime> state() throws IOException {
        return files(false);
    }

    private Map<Path, FileTime> files(boolean packages) throws IOException {
        var files = new TreeMap<Path, FileTime>();
        for (var part : parts) {
            collect(part, packages, files);
        }
        return files;
    }

    private static void collect(Path path, boolean packages, Map<Path, FileTime> into) throws IOException {
        var name = path.getFileName().toString();
        if (name.equals("node_modules")) {
            if (packages) {
                for (var file : NodePackages.files(path)) {
                    into.put(file, Files.getLastModifiedTime(file));
                }
            }
        } else if (Files.isDirectory(path)) {
            try (var entries = Files.list(path)) {
                for (var entry : entries.toList()) {
                    if (!entry.getFileName().toString().startsWith(".")) {
                        collect(entry, packages, into);
                    }
                }
            }
        } else if (Files.isRegularFile(path)) {
            into.put(path, Files.getLastModifiedTime(path));
        }
    }
}
