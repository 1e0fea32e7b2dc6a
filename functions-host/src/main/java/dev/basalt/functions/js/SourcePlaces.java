package dev.basalt.functions.js;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.work.Caches;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says failures in the words of the source, where a bundle has a map of it. Costs nothing until something fails, and little
 * after the first time. Thread-safe.
 */
final class SourcePlaces {
    /** How V8 writes a place in a stack: {@code index.js:12:34}. */
    private static final Pattern PLACE = Pattern.compile("([\\w./-]{1,255}\\.m?js):([0-9]{1,7}):([0-9]{1,7})");

    private static final int MAX_FUNCTIONS = 50;
    private static final int MAX_STACK = 16_384;

    /** The maps of a version's files. */
    private final Cache<String, Map<String, SourceMap>> maps =
            Caches.builder().maximumSize(MAX_FUNCTIONS).build();

    /** The outcome as the source's author reads it. */
    Future<Outcome> mapped(FunctionVersion function, Outcome outcome) {
        Future<Outcome> later = outcome.later();
        if (later != null) {
            return Future.succeededFuture(
                    new Outcome(outcome.result(), outcome.report(), later.compose(ended -> mapped(function, ended))));
        }
        if (!(outcome.result() instanceof Outcome.Result.Failed(Failure failure))
                || (failure.stack().isEmpty() && failure.file() == null)) {
            return Future.succeededFuture(outcome);
        }
        String key = function.project() + '/' + function.name() + '@' + function.version();
        Map<String, SourceMap> known = maps.getIfPresent(key);
        Future<Map<String, SourceMap>> found = known != null
                ? Future.succeededFuture(known)
                : function.artifact().get().map(artifact -> maps.get(key, absent -> read(artifact)));
        return found.map(all -> all.isEmpty()
                        ? outcome
                        : new Outcome(new Outcome.Result.Failed(mapped(failure, all)), outcome.report()))
                .otherwise(outcome);
    }

    private static Map<String, SourceMap> read(Artifact artifact) {
        Map<String, SourceMap> read = new HashMap<>();
        for (Map.Entry<String, Buffer> file : artifact.files().entrySet()) {
            if (file.getKey().endsWith(".js") || file.getKey().endsWith(".mjs")) {
                Optional.ofNullable(artifact.files().get(file.getKey() + ".map"))
                        .flatMap(SourceMap::file)
                        .or(() -> SourceMap.inline(file.getValue().toString(StandardCharsets.UTF_8)))
                        .ifPresent(map -> read.put(file.getKey(), map));
            }
        }
        return Map.copyOf(read);
    }

    private static Failure mapped(Failure failure, Map<String, SourceMap> maps) {
        String stack = failure.stack().length() > MAX_STACK ? failure.stack().substring(0, MAX_STACK) : failure.stack();
        Matcher places = PLACE.matcher(stack);
        StringBuilder text = new StringBuilder();
        SourceMap.Place first = null;
        while (places.find()) {
            Optional<SourceMap.Place> place =
                    find(maps, places.group(1), Integer.parseInt(places.group(2)), Integer.parseInt(places.group(3)));
            if (place.isPresent()) {
                SourceMap.Place to = place.get();
                first = first == null ? to : first;
                places.appendReplacement(
                        text, Matcher.quoteReplacement(to.file() + ":" + to.line() + ":" + to.column()));
            }
        }
        places.appendTail(text);
        if (failure.file() != null) {
            first = find(maps, failure.file(), failure.line(), failure.column()).orElse(first);
        }
        return first == null
                ? failure
                : new Failure(
                        failure.kind(),
                        failure.name(),
                        failure.message(),
                        text.toString(),
                        first.file(),
                        first.line(),
                        first.column());
    }

    private static Optional<SourceMap.Place> find(Map<String, SourceMap> maps, String file, int line, int column) {
        SourceMap map = maps.get(file);
        return map == null ? Optional.empty() : map.find(line, column);
    }
}
