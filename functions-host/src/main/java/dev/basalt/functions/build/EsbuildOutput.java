package dev.basalt.functions.build;

import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionBuilder.Build;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what esbuild said and wrote. What it wrote comes of a stranger's source and is checked. */
final class EsbuildOutput {
    private static final Pattern ERROR = Pattern.compile("(?m)^✘ \\[ERROR] (.*)$");
    private static final Pattern PLACE = Pattern.compile("(?m)^ {4}(\\S.*):(\\d+):(\\d+):$");
    private static final Pattern UNRESOLVED = Pattern.compile("Could not resolve \"(.*)\"");
    private static final String INLINE = "//# sourceMappingURL=data:application/json;base64,";
    private static final Set<String> BUILTINS = Set.of(
            ("assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain"
                            + " events fs http http2 https inspector module net os path perf_hooks process punycode"
                            + " querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8"
                            + " vm wasi worker_threads zlib")
                    .split(" "));

    private EsbuildOutput() {}

    /** The first of the errors in what esbuild said. */
    static Build.Failed failure(String said) {
        var errors = ERROR.matcher(said);
        if (!errors.find()) {
            return new Build.Failed("the bundler failed without a word", null, 0, 0);
        }
        var message = explained(errors.group(1));
        var from = errors.end();
        var more = 0;
        var end = said.length();
        while (errors.find()) {
            end = more == 0 ? errors.start() : end;
            more++;
        }
        if (more > 0) {
            message += " (and " + more + " more)";
        }
        var place = PLACE.matcher(said).region(from, end);
        return place.find()
                ? new Build.Failed(
                        message,
                        place.group(1),
                        Integer.parseInt(place.group(2)),
                        // esbuild counts columns from 0.
                        Integer.parseInt(place.group(3)) + 1)
                : new Build.Failed(message, null, 0, 0);
    }

    private static String explained(String message) {
        var unresolved = UNRESOLVED.matcher(message);
        if (!unresolved.find()) {
            return message;
        }
        var name = unresolved.group(1);
        var bare = name.startsWith("node:") ? name.substring(5) : name;
        if (name.startsWith("node:") || BUILTINS.contains(bare.split("/", 2)[0])) {
            return "node:" + bare
                    + " is part of Node.js; functions with runtime js have web APIs alone, runtime nodejs has both";
        }
        return name.startsWith(".") || name.startsWith("/")
                ? "there is no " + name
                : name + " is not in the upload: packages are bundled from node_modules, nothing is fetched";
    }

    /** Why the bundle must not be taken, from the list of what went into it. */
    static Optional<Build.Failed> refusal(JsonObject metafile, Bundle bundle, ArtifactFiles source) {
        for (var input : metafile.getJsonObject("inputs")) {
            var path = input.getKey();
            // Without a sandbox the bundler could read other files of this machine.
            if (path.startsWith("..") || path.startsWith("/")) {
                return Optional.of(new Build.Failed("an import leads out of the source: " + path, null, 0, 0));
            }
            for (var imported : ((JsonObject) input.getValue()).getJsonArray("imports")) {
                var to = (JsonObject) imported;
                var name = to.getString("path");
                if (Boolean.TRUE.equals(to.getBoolean("external")) && (!bundle.node() || name.contains("://"))) {
                    return Optional.of(at(
                            name + " is not fetched: put the package into node_modules and import it by its name",
                            path,
                            source.files().getOrDefault(path, Buffer.buffer()).toString(),
                            name));
                }
            }
        }
        return Optional.empty();
    }

    private static Build.Failed at(String message, String file, String text, String name) {
        var found = Math.max(text.indexOf('"' + name + '"'), text.indexOf('\'' + name + '\''));
        if (found < 0) {
            return new Build.Failed(message, file, 0, 0);
        }
        var before = text.substring(0, found);
        return new Build.Failed(
                message,
                file,
                (int) before.lines().count() + (before.endsWith("\n") || before.isEmpty() ? 1 : 0),
                found - before.lastIndexOf('\n'));
    }

    /** What esbuild said it made of what, at the end of what it said. */
    static Optional<JsonObject> metafile(String said) {
        var start = said.indexOf('{');
        try {
            return start < 0 ? Optional.empty() : Optional.of(new JsonObject(said.substring(start)));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /**
     * The bundle and its source map, each a file.
     *
     * @param root where the source was, as esbuild saw it; nothing of that stays
     */
    static ArtifactFiles split(Buffer written, String output, Path root) {
        var text = written.toString();
        var at = text.lastIndexOf(INLINE);
        var map = new JsonObject(Buffer.buffer(
                Base64.getDecoder().decode(text.substring(at + INLINE.length()).strip())));
        var before = Path.of("/dev").relativize(root) + "/";
        var sources = new JsonArray();
        for (var path : map.getJsonArray("sources")) {
            sources.add(path.toString().startsWith(before) ? path.toString().substring(before.length()) : path);
        }
        map.put("sources", sources);
        var name = output.substring(output.lastIndexOf('/') + 1);
        return ArtifactFiles.of(Map.of(
                output,
                Buffer.buffer(text.substring(0, at) + "//# sourceMappingURL=" + name + ".map\n"),
                output + ".map",
                map.toBuffer()));
    }
}
