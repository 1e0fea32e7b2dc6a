package dev.basalt.kit.function;

import dev.basalt.kit.function.FunctionBuilder.Build;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * A build as it crosses to the function host of another process and back: the length of a JSON document in four bytes, the
 * document, the files as a zip. Source and manifest are larger than headers, and base64 would add a third.
 */
public final class BuildWire {
    private BuildWire() {}

    /** What is asked. */
    public record Request(FunctionManifest manifest, ArtifactFiles source) {}

    static Buffer request(FunctionManifest manifest, ArtifactFiles source) {
        return frame(manifest.toJson(), source.pack());
    }

    /** Reads what {@link RemoteFunctionHost} sent. */
    public static Request readRequest(Buffer body) {
        return new Request(FunctionManifest.parse(document(body)), files(body));
    }

    /** The host's answer. */
    public static Buffer answer(Build build) {
        return switch (build) {
            case Build.Done done ->
                frame(
                        new JsonObject().put("entrypoint", done.entrypoint()),
                        done.files().pack());
            case Build.Failed failed ->
                frame(
                        new JsonObject()
                                .put("message", failed.message())
                                .put("file", failed.file())
                                .put("line", failed.line())
                                .put("column", failed.column()),
                        Buffer.buffer());
        };
    }

    static Build readAnswer(Buffer body) {
        var document = document(body);
        return document.containsKey("entrypoint")
                ? new Build.Done(document.getString("entrypoint"), files(body))
                : new Build.Failed(
                        document.getString("message"),
                        document.getString("file"),
                        document.getInteger("line"),
                        document.getInteger("column"));
    }

    private static Buffer frame(JsonObject document, Buffer zip) {
        var text = document.toBuffer();
        return Buffer.buffer(4 + text.length() + zip.length())
                .appendInt(text.length())
                .appendBuffer(text)
                .appendBuffer(zip);
    }

    private static JsonObject document(Buffer body) {
        return new JsonObject(body.slice(4, 4 + body.getInt(0)));
    }

    private static ArtifactFiles files(Buffer body) {
        return ArtifactFiles.unpack(body.slice(4 + body.getInt(0), body.length()));
    }
}
