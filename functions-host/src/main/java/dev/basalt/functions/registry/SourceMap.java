package dev.basalt.functions.registry;

import dev.basalt.functions.runtime.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the places of a bundle come from (ECMA-426, source maps). Lines and columns count from 1, as in V8's stacks. Immutable.
 */
public final class SourceMap {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int FIELDS_WITH_SOURCE = 4;

    private final String bundle;
    private final Pattern place;
    private final List<String> sources;
    private final List<List<Segment>> lines;

    private record Segment(int column, int source, int line, int sourceColumn) {}

    /** A place in a source. */
    public record Place(String file, int line, int column) {}

    private SourceMap(String bundle, List<String> sources, List<List<Segment>> lines) {
        this.bundle = bundle;
        this.place = Pattern.compile("(?<![\\w./-])" + Pattern.quote(bundle) + ":(\\d+):(\\d+)");
        this.sources = sources;
        this.lines = lines;
    }

    /** Reads the map of a bundle; nothing where it is none. */
    static Optional<SourceMap> parse(String bundle, Buffer content) {
        try {
            var json = new JsonObject(content);
            var sources =
                    json.getJsonArray("sources").stream().map(String::valueOf).toList();
            return Optional.of(new SourceMap(bundle, sources, decode(json.getString("mappings"))));
        } catch (DecodeException | ClassCastException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static List<List<Segment>> decode(String mappings) {
        var lines = new ArrayList<List<Segment>>();
        int source = 0;
        int line = 0;
        int column = 0;
        for (var text : mappings.split(";", -1)) {
            var segments = new ArrayList<Segment>();
            var generated = 0;
            for (var field : text.split(",", -1)) {
                if (!field.isEmpty()) {
                    var read = Numbers.read(field);
                    generated += read.getFirst();
                    if (read.size() >= FIELDS_WITH_SOURCE) {
                        source += read.get(1);
                        line += read.get(2);
                        column += read.get(3);
                        segments.add(new Segment(generated, source, line, column));
                    }
                }
            }
            lines.add(List.copyOf(segments));
        }
        return List.copyOf(lines);
    }

    /** Variable-length numbers in base 64: five bits a digit, the sixth says that more follow, the lowest bit is the sign. */
    private static final class Numbers {
        private Numbers() {}

        static List<Integer> read(String field) {
            var numbers = new ArrayList<Integer>();
            var value = 0;
            var shift = 0;
            for (var i = 0; i < field.length(); i++) {
                var digit = DIGITS.indexOf(field.charAt(i));
                if (digit < 0 || shift > 30) {
                    throw new IllegalArgumentException("no source map");
                }
                value |= (digit & 31) << shift;
                shift += 5;
                if ((digit & 32) == 0) {
                    numbers.add((value & 1) == 0 ? value >>> 1 : -(value >>> 1));
                    value = 0;
                    shift = 0;
                }
            }
            return numbers;
        }
    }

    /** Where a place of the bundle comes from; nothing for what the bundler itself added. */
    public Optional<Place> source(int line, int column) {
        if (line < 1 || line > lines.size()) {
            return Optional.empty();
        }
        Segment best = null;
        for (var segment : lines.get(line - 1)) {
            if (segment.column() <= column - 1) {
                best = segment;
            }
        }
        return best == null || best.source() < 0 || best.source() >= sources.size()
                ? Optional.empty()
                : Optional.of(new Place(sources.get(best.source()), best.line() + 1, best.sourceColumn() + 1));
    }

    /** The failure with the places of the source instead of the bundle's; without a place of its own, with its stack's first. */
    public Failure apply(Failure failure) {
        var from = bundle.equals(failure.file()) ? source(failure.line(), failure.column()) : Optional.<Place>empty();
        if (failure.file() == null) {
            from = place.matcher(failure.stack())
                    .results()
                    .map(this::source)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return new Failure(
                failure.kind(),
                failure.name(),
                failure.message(),
                place.matcher(failure.stack()).replaceAll(this::replacement),
                from.map(Place::file).orElse(failure.file()),
                from.map(Place::line).orElse(failure.line()),
                from.map(Place::column).orElse(failure.column()));
    }

    private Optional<Place> source(MatchResult found) {
        return number(found.group(1)).flatMap(line -> number(found.group(2)).flatMap(column -> source(line, column)));
    }

    private String replacement(MatchResult found) {
        return Matcher.quoteReplacement(source(found)
                .map(from -> from.file() + ":" + from.line() + ":" + from.column())
                .orElse(found.group()));
    }

    private static Optional<Integer> number(@Nullable String digits) {
        return digits == null || digits.length() > 9 ? Optional.empty() : Optional.of(Integer.valueOf(digits));
    }
}
