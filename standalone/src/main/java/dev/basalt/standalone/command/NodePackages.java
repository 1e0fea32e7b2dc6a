package dev.basalt.standalone.command;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code node_modules} that a function needs: of the packages that the {@code package.json} beside it depends on, and
 * those that they depend on. What only development needs stays behind.
 */
final class NodePackages {
    private static final Pattern NEEDLESS = Pattern.compile(".*(?:\\.map|\\.d\\.[mc]?ts|\\.md|\\.markdown|\\.flow)");
    private static final List<String> KINDS = List.of("dependencies", "optionalDependencies", "peerDependencies");

    private NodePackages() {}

    static List<Path> files(Path modules) throws IOException {
        var manifest = modules.resolveSibling("package.json");
        var files = new ArrayList<Path>();
        if (!Files.exists(manifest)) {
            add(modules, true, files);
            return files;
        }
        for (var found : needed(modules.resolveSibling(""))) {
            add(found, false, files);
        }
        return files;
    }

    private static Set<Path> needed(Path root) throws IOException {
        var found = new LinkedHashSet<Path>();
        var waiting = new ArrayDeque<Path>(List.of(root));
        while (!waiting.isEmpty()) {
            var dependent = waiting.remove();
            for (var name : dependencies(dependent.resolve("package.json"))) {
                var place = locate(name, dependent, root);
                if (place != null && found.add(place)) {
                    waiting.add(place);
                }
            }
        }
        return found;
    }

    private static Set<String> dependencies(Path manifest) throws IOException {
        var names = new LinkedHashSet<String>();
        if (Files.exists(manifest)) {
            try {
                var json = new JsonObject(Files.readString(manifest));
                for (var kind : KINDS) {
                    if (json.getValue(kind) instanceof JsonObject listed) {
                        names.addAll(listed.fieldNames());
                    }
                }
            } catch (DecodeException e) {
                throw new IOException(manifest + " is not valid JSON");
            }
        }
        return names;
    }

    /** As Node.js resolves it: the nearest node_modules upwards that has it. */
    private static @Nullable Path locate(String name, Path dependent, Path root) {
        for (var directory = dependent;
                directory != null && directory.startsWith(root);
                directory = directory.getParent()) {
            var place = directory.resolve("node_modules").resolve(name);
            if (Files.isDirectory(place)) {
                return place;
            }
        }
        return null;
    }

    private static void add(Path directory, boolean nested, List<Path> into) throws IOException {
        try (var entries = Files.list(directory)) {
            for (var entry : entries.sorted().toList()) {
                var name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    // Packages inside of a package are found by their own names.
                    if (nested || !name.equals("node_modules")) {
                        if (!name.startsWith(".")) {
                            add(entry, nested, into);
                        }
                    }
                } else if (!NEEDLESS.matcher(name).matches()) {
                    into.add(entry);
                }
            }
        }
    }
}
