package dev.basalt.control.function;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.function.ManifestYaml;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a deployment brings: files and a manifest. As JSON {@code {files: {path: text | {base64}}, manifest}}, or as a tar.gz;
 * without a manifest of its own, the file {@code basalt.function.yaml} (or {@code .yml}, {@code .json}) is it. The function
 * may lie at the root, or below its name or {@code supabase/functions/NAME}, with what it imports beside it.
 */
record FunctionUpload(FunctionManifest manifest, ArtifactFiles files) {
    private static final List<String> MANIFESTS =
            List.of("basalt.function.yaml", "basalt.function.yml", "basalt.function.json");
    private static final List<String> ENTRYPOINTS =
            List.of("index.js", "index.mjs", "main.js", "index.ts", "index.tsx", "main.ts");
    private static final Set<Object> RUNS_SCRIPTS = Set.of("js", "nodejs");
    private static final Pattern TYPED = Pattern.compile(".*\\.(?:[mc]?ts|[jt]sx)");

    /**
     * Reads a JSON body.
     *
     * @throws ApiException {@link KitError#MALFORMED_JSON}, {@link FunctionError#INVALID_ARTIFACT},
     *     {@link FunctionError#ARTIFACT_TOO_LARGE} or {@link FunctionError#INVALID_MANIFEST}
     */
    static FunctionUpload ofJson(String name, Buffer body) {
        JsonObject json;
        try {
            json = new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw ApiException.of(KitError.MALFORMED_JSON);
        }
        if (json.getValue("manifest") instanceof JsonObject manifest
                && "http".equals(manifest.getValue("runtime"))
                && !json.containsKey("files")) {
            // What runs elsewhere has no files, and an artifact has at least one.
            return of(name, manifest, ArtifactFiles.of(Map.of("basalt.function.json", manifest.toBuffer())), "");
        }
        if (!(json.getValue("files") instanceof JsonObject files)) {
            throw ApiException.of(FunctionError.INVALID_ARTIFACT, "files must be an object of contents by path");
        }
        var contents = new HashMap<String, Buffer>();
        files.forEach(file -> contents.put(file.getKey(), content(file.getValue())));
        var artifact = ArtifactFiles.of(contents);
        return switch (json.getValue("manifest")) {
            case null -> ofFiles(name, artifact);
            case JsonObject manifest -> of(name, manifest, artifact, root(name, artifact));
            default -> throw ApiException.of(FunctionError.INVALID_MANIFEST, "manifest must be an object");
        };
    }

    /** Reads a tar.gz; throws as {@link #ofJson}. */
    static FunctionUpload ofTarGz(String name, Buffer body) {
        return ofFiles(name, ArtifactFiles.fromTarGz(body));
    }

    /** Whether the files can run without having been built, as far as their names tell. */
    boolean runsUnbuilt() {
        return !manifest.build() || !TYPED.matcher(manifest.entrypoint()).matches();
    }

    private static FunctionUpload ofFiles(String name, ArtifactFiles files) {
        var root = root(name, files);
        for (var candidate : MANIFESTS) {
            var file = files.files().get(root + candidate);
            if (file != null) {
                var yaml = ManifestYaml.read(root + candidate, file.toString());
                try {
                    return of(name, yaml.json(), files, root);
                } catch (ApiException failure) {
                    throw yaml.placed(failure);
                }
            }
        }
        return of(name, new JsonObject(), files, root);
    }

    /** The directory that holds the function, empty or with a slash behind it. */
    private static String root(String name, ArtifactFiles files) {
        return Stream.of("", name + "/", "supabase/functions/" + name + "/")
                .filter(directory -> Stream.concat(MANIFESTS.stream(), ENTRYPOINTS.stream())
                        .anyMatch(file -> files.files().containsKey(directory + file)))
                .findFirst()
                .orElse("");
    }

    private static FunctionUpload of(String name, JsonObject given, ArtifactFiles files, String root) {
        var manifest = given.copy();
        if (!manifest.containsKey("entrypoint")) {
            ENTRYPOINTS.stream()
                    .filter(found -> files.files().containsKey(root + found))
                    .findFirst()
                    .filter(found -> RUNS_SCRIPTS.contains(manifest.getValue("runtime", "js")))
                    .ifPresent(found -> manifest.put("entrypoint", found));
        }
        var parsed = FunctionManifest.parse(manifest);
        if (parsed.name().isPresent() && !parsed.name().get().equals(name)) {
            throw ApiException.of(
                            FunctionError.INVALID_MANIFEST,
                            "name is " + parsed.name().get() + ", but the deployment is of " + name)
                    .with("field", "name");
        }
        if (parsed.entrypoint().isEmpty()) {
            return new FunctionUpload(parsed, files);
        }
        var placed = parsed.withEntrypoint(root + parsed.entrypoint());
        if (!files.files().containsKey(placed.entrypoint())) {
            throw ApiException.of(FunctionError.INVALID_ARTIFACT, "there is no file " + placed.entrypoint());
        }
        return new FunctionUpload(placed, files);
    }

    private static Buffer content(Object value) {
        try {
            return switch (value) {
                case String text -> Buffer.buffer(text);
                case JsonObject binary
                when binary.getValue("base64") instanceof String text ->
                    Buffer.buffer(Base64.getDecoder().decode(text));
                case null, default ->
                    throw ApiException.of(
                            FunctionError.INVALID_ARTIFACT, "the content of a file must be a text or {base64}");
            };
        } catch (IllegalArgumentException e) {
            throw ApiException.of(FunctionError.INVALID_ARTIFACT, "base64 of a file does not decode");
        }
    }
}
