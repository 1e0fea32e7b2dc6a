package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Accept} header: the media ranges that a client takes, the best first.
 *
 * @param header as it came
 */
record Accept(String header, List<Range> ranges) {
    private static final Accept ANYTHING = parse("*/*");
    private static final Accept JSON = parse("application/json");

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

    /** The best of what there is; {@code PGRST107} when nothing of it is accepted. */
    MediaType best(Answerable answerable) {
        for (var range : ranges) {
            var mediaType = answerable.in(range);
            if (mediaType != null) {
                return mediaType;
            }
        }
        throw ranges.stream().anyMatch(answerable::lacksPostgis)
                ? unacceptable(
                        "'" + Answerable.GEO_JSON + "' is made by PostGIS, which is not installed in this database.",
                        "Install the extension 'postgis'.")
                : unacceptable(null, null);
    }

    /** The content type of the description of a schema; {@code PGRST107} when it is not wanted. */
    String ofDescription() {
        for (var range : ranges) {
            switch (range.type) {
                case "*/*", "application/*", "application/openapi+json" -> {
                    return "application/openapi+json; charset=utf-8";
                }
                case "application/json" -> {
                    return "application/json; charset=utf-8";
                }
                default -> {}
            }
        }
        throw unacceptable(null, null);
    }

    private ApiException unacceptable(@Nullable String details, @Nullable String hint) {
        return Refusal.of(
                RestError.UNACCEPTABLE_MEDIA_TYPE,
                RestError.UNACCEPTABLE_MEDIA_TYPE.title() + ": " + header,
                details,
                hint);
    }
}
