package dev.basalt.control.function;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a deployment brings: files and a manifest. As JSON {@code {files: {path: text | {base64}}, manifest}}, or as a tar.gz;
 * without a manifest of its own, the file {@code basalt.function.json} is it.
 */
record FunctionUpload(FunctionManifest manifest, ArtifactFiles files) {
    private static final String MANIFEST_FILE = "basalt.function.json";
    private static final List<String> ENTRYPOINTS = List.of("index.js", "index.mjs", "main.js");

    /**
     * Reads a JSON body.
     *
     * @throws ApiException {@link KitError#MALFORMED_JSON}, {@link FunctionError#INVALID_ARTIFACT},
     *     {@link FunctionError#ARTIFACT_TOO_LARGE} or {@link FunctionError#INVALID_MANIFEST}
     */
    static FunctionUpload ofJson(Buffer body) {
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
            return of(manifest, ArtifactFiles.of(Map.of(MANIFEST_FILE, manifest.toBuffer())));
        }
        if (!(json.getValue("files") instanceof JsonObject files)) {
            throw ApiException.of(FunctionError.INVALID_ARTIFACT, "files must be an object of contents by path");
        }
        var contents = new HashMap<String, Buffer>();
        files.forEach(file -> contents.put(file.getKey(), content(file.getValue())));
        var artifact = ArtifactFiles.of(contents);
        return switch (json.getValue("manifest")) {
            case null -> ofFiles(artifact);
            case JsonObject manifest -> of(manifest, artifact);
            default -> throw ApiException.of(FunctionError.INVALID_MANIFEST, "manifest must be an object");
        };
    }

    /** Reads a tar.gz; throws as {@link #ofJson}. */
    static FunctionUpload ofTarGz(Buffer body) {
        return ofFiles(ArtifactFiles.fromTarGz(body));
    }

    private static FunctionUpload ofFiles(ArtifactFiles files) {
        var file = files.files().get(MANIFEST_FILE);
        if (file == null) {
            return of(new JsonObject(), files);
        }
        try {
            return of(new JsonObject(file), files);
        } catch (DecodeException | ClassCastException e) {
            throw ApiException.of(FunctionError.INVALID_MANIFEST, MANIFEST_FILE + " is not a JSON object");
        }
    }

    private static FunctionUpload of(JsonObject given, ArtifactFiles files) {
        var manifest = given.copy();
        if (!manifest.containsKey("entrypoint")) {
            ENTRYPOINTS.stream()
                    .filter(files.files()::containsKey)
                    .findFirst()
                    .ifPresent(found -> manifest.put("entrypoint", found));
        }
        var parsed = FunctionManifest.parse(manifest);
        if (!parsed.entrypoint().isEmpty() && !files.files().containsKey(parsed.entrypoint())) {
            throw ApiException.of(FunctionError.INVALID_ARTIFACT, "there is no file " + parsed.entrypoint());
        }
        return new FunctionUpload(parsed, files);
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
