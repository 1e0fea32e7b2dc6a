package dev.basalt.functions.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionError;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What imports mean that esbuild does not know by itself: {@code npm:} and {@code jsr:} specifiers, in the code and in the import
 * map of a {@code deno.json} or {@code import_map.json}. They lead to packages in the upload's {@code node_modules}; nothing is
 * fetched.
 */
final class Imports {
    private static final List<String> MAPS = List.of("deno.json", "deno.jsonc", "import_map.json");
    private static final Pattern CODE = Pattern.compile(".*\\.(?:[mc]?[jt]s|[jt]sx)");
    /** Scheme, package, version and the path in the package. */
    private static final Pattern SPECIFIER =
            Pattern.compile("((npm|jsr):/?(@[\\w.-]+/[\\w.-]+|[\\w.-]+)(?:@[\\w.^~<>*| -]*)?)(/[^\"'\\s]*)?");

    private static final Pattern QUOTED = Pattern.compile("[\"'](" + SPECIFIER.pattern() + ")[\"']");
    private static final ObjectMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private Imports() {}

    /**
     * What imports of such a name, or below it, are to be read as.
     *
     * @throws ApiException {@link FunctionError#BUILD_FAILED} for an import map that can't be read
     */
    static Map<String, String> aliases(String entrypoint, ArtifactFiles source) {
        var aliases = new TreeMap<String, String>();
        source.files().forEach((path, content) -> {
            if (CODE.matcher(path).matches() && !path.contains("node_modules/")) {
                var found = QUOTED.matcher(content.toString());
                while (found.find()) {
                    aliases.put(found.group(2), location(found.group(3), found.group(4), source));
                }
            }
        });
        for (var directory = parent(entrypoint); directory != null; directory = parent(directory)) {
            for (var name : MAPS) {
                var path = directory.isEmpty() ? name : directory + "/" + name;
                var map = source.files().get(path);
                if (map != null) {
                    readMap(path, map, directory, source, aliases);
                    return aliases;
                }
            }
        }
        return aliases;
    }

    private static void readMap(
            String path, Buffer content, String directory, ArtifactFiles source, Map<String, String> aliases) {
        JsonNode map;
        try {
            map = LENIENT.readTree(content.getBytes());
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw refused(path, "is not valid JSON")
                    .with("line", at.getLineNr())
                    .with("column", at.getColumnNr());
        } catch (java.io.IOException e) {
            throw refused(path, "can't be read");
        }
        for (var entry : map.path("imports").properties()) {
            var name = strip(entry.getKey());
            var target = target(strip(entry.getValue().asText()), directory, source);
            if (!name.isEmpty() && !name.startsWith(".") && !name.startsWith("/") && !name.equals(target)) {
                aliases.put(name, target);
            }
        }
    }

    private static String target(String text, String directory, ArtifactFiles source) {
        var match = SPECIFIER.matcher(text);
        if (match.matches()) {
            return location(match.group(2), match.group(3), source) + (match.group(4) == null ? "" : match.group(4));
        }
        if (text.startsWith("./") || text.startsWith("../") || text.equals(".")) {
            return "./" + Path.of("/" + directory, text).normalize().toString().substring(1);
        }
        return text;
    }

    /** Where a package is: JSR's lie under their own name or, as npm gets them, under {@code @jsr}. */
    private static String location(String scheme, String name, ArtifactFiles source) {
        if (scheme.equals("npm") || !name.startsWith("@") || installed(name, source)) {
            return name;
        }
        return "@jsr/" + name.substring(1).replace("/", "__");
    }

    private static boolean installed(String name, ArtifactFiles source) {
        var inside = "node_modules/" + name + "/";
        return source.files().keySet().stream()
                .anyMatch(path -> path.startsWith(inside) || path.contains("/" + inside));
    }

    private static String strip(String text) {
        return text.endsWith("/") && text.length() > 1 ? text.substring(0, text.length() - 1) : text;
    }

    /** The directory of a path; empty for the root, null above it. */
    private static @Nullable String parent(String path) {
        if (path.isEmpty()) {
            return null;
        }
        var slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static ApiException refused(String path, String why) {
        return ApiException.of(FunctionError.BUILD_FAILED, path + ": " + why).with("file", path);
    }
}
