package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.Routine;
import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Accept} header: the media ranges that a client takes, the best first.
 *
 * @param header as it came
 */
record Accept(String header, List<Range> ranges) {
    private static final Accept ANYTHING = parse("*/*");
    private static final Accept JSON = parse("application/json");

    /** The name of a domain whose values are of that media type. */
    private static final Pattern MEDIA_TYPE_DOMAIN = Pattern.compile("\"(\\*/\\*|[a-z0-9.+-]+/[a-z0-9.+-]+)\"$");

    Accept {
        ranges = List.copyOf(ranges);
    }

    /** A media range without its quality. */
    record Range(String type, Map<String, String> parameters, double quality) {
        Range {
            parameters = Map.copyOf(parameters);
        }

        static Range parse(String text) {
            var parts = split(text, ';');
            var parameters = new HashMap<String, String>();
            for (var part : parts.subList(1, parts.size())) {
                var parameter = part.strip().split("=", 2);
                if (parameter.length == 2) {
                    var value = parameter[1].strip();
                    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                    parameters.put(
                            parameter[0].strip().toLowerCase(Locale.ROOT),
                            quoted ? value.substring(1, value.length() - 1) : value);
                }
            }
            return new Range(
                    parts.getFirst().strip().toLowerCase(Locale.ROOT), parameters, quality(parameters.get("q")));
        }

        private static double quality(@Nullable String q) {
            try {
                return q == null ? 1 : Double.parseDouble(q);
            } catch (NumberFormatException malformed) {
                return 0;
            }
        }
    }

    static Accept of(@Nullable String header) {
        if (header == null || header.equals("*/*")) {
            return ANYTHING;
        }
        return header.equals("application/json") ? JSON : parse(header);
    }

    private static Accept parse(String header) {
        return new Accept(
                header,
                split(header, ',').stream()
                        .map(Range::parse)
                        .filter(range -> range.quality > 0)
                        .sorted(Comparator.comparingDouble((Range range) -> -range.quality))
                        .toList());
    }

    /** The parts between separators that stand outside quotes. */
    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>(4);
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /**
     * The best media type for the rows of a table; {@code PGRST107} when there is none.
     *
     * @param plans whether the plans of statements may be shown
     */
    MediaType ofRows(boolean plans) {
        return best(range -> rows(range, plans));
    }

    /** The best media type for what a function returns; {@code PGRST107} when there is none. */
    MediaType ofResult(Routine routine, boolean plans) {
        return best(range -> {
            var value = routine.result() instanceof Routine.Result.Scalar(var type)
                    ? value(range, type.sqlName(), type.baseName())
                    : null;
            return value == null ? rows(range, plans) : value;
        });
    }

    /** The content type of the description of a schema; {@code PGRST107} when it is not wanted. */
    String ofDescription() {
        for (var range : ranges) {
            switch (range.type) {
                case "application/openapi+json" -> {
                    return "application/openapi+json; charset=utf-8";
                }
                case "*/*", "application/*", "application/json" -> {
                    return "application/json; charset=utf-8";
                }
                default -> {}
            }
        }
        throw unacceptable();
    }

    private ApiException unacceptable() {
        return Refusal.of(
                RestError.UNACCEPTABLE_MEDIA_TYPE,
                RestError.UNACCEPTABLE_MEDIA_TYPE.title() + ": " + header,
                null,
                null);
    }

    private MediaType best(Function<Range, @Nullable MediaType> available) {
        return ranges.stream()
                .map(available)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(this::unacceptable);
    }

    private static @Nullable MediaType rows(Range range, boolean plans) {
        boolean stripped = "stripped".equals(range.parameters.get("nulls"));
        return switch (range.type) {
            case "*/*", "application/*", "application/json" -> MediaType.JSON;
            case "application/vnd.pgrst.array+json", "application/vnd.pgrst.array" ->
                stripped ? MediaType.ARRAY_STRIPPED : MediaType.JSON;
            case "application/vnd.pgrst.object+json", "application/vnd.pgrst.object" ->
                stripped ? MediaType.OBJECT_STRIPPED : MediaType.OBJECT;
            case "text/csv" -> MediaType.CSV;
            case "application/vnd.pgrst.plan+json" -> plans ? plan(range, true) : null;
            case "application/vnd.pgrst.plan+text", "application/vnd.pgrst.plan" -> plans ? plan(range, false) : null;
            default -> null;
        };
    }

    /** The plan of the statement that would answer {@code for="…"}. */
    private static @Nullable MediaType plan(Range range, boolean json) {
        var shown = range.parameters.getOrDefault("for", "application/json");
        var answered = rows(Range.parse(shown), false);
        if (answered == null) {
            return null;
        }
        var explain = Explain.of(json, range.parameters.get("options"));
        var contentType = "application/vnd.pgrst.plan+" + (json ? "json" : "text") + "; for=\"" + shown + "\""
                + (explain.options().isEmpty() ? "" : "; options=" + String.join("|", explain.options()))
                + "; charset=utf-8";
        return new MediaType(answered.representation(), contentType, explain);
    }

    /** A single value as it is: by the domain that it is of, or as what it is anyway. */
    private static @Nullable MediaType value(Range range, String type, String baseType) {
        var domain = MEDIA_TYPE_DOMAIN.matcher(type);
        if (domain.find() && !type.equals(baseType)) {
            var name = domain.group(1);
            if (name.equals("*/*")) {
                return MediaType.value("application/octet-stream");
            }
            return range.type.equals(name)
                    ? MediaType.value(name.startsWith("text/") ? name + "; charset=utf-8" : name)
                    : null;
        }
        return switch (range.type) {
            case "text/plain" -> MediaType.value("text/plain; charset=utf-8");
            case "text/xml" -> baseType.equals("pg_catalog.xml") ? MediaType.value("text/xml; charset=utf-8") : null;
            case "application/octet-stream" -> MediaType.value("application/octet-stream");
            default -> null;
        };
    }
}
