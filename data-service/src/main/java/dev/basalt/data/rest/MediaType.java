package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Representation;
import dev.basalt.kit.error.ApiException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the body of an answer can be. */
enum MediaType {
    JSON(Representation.ARRAY, "application/json; charset=utf-8"),
    ARRAY_STRIPPED(
            Representation.ARRAY_NULLS_STRIPPED, "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8"),
    OBJECT(Representation.OBJECT, "application/vnd.pgrst.object+json; charset=utf-8"),
    OBJECT_STRIPPED(
            Representation.OBJECT_NULLS_STRIPPED, "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8"),
    CSV(Representation.CSV, "text/csv; charset=utf-8");

    private final Representation representation;
    private final String contentType;

    MediaType(Representation representation, String contentType) {
        this.representation = representation;
        this.contentType = contentType;
    }

    Representation representation() {
        return representation;
    }

    String contentType() {
        return contentType;
    }

    /**
     * The first of the {@code Accept} header's types that there is, best quality first; {@code PGRST107} when there is
     * none.
     */
    static MediaType accepted(@Nullable String accept) {
        if (accept == null || accept.equals("*/*") || accept.equals("application/json")) {
            return JSON;
        }
        return Arrays.stream(accept.split(",", -1))
                .map(Range::parse)
                .filter(range -> range.quality > 0)
                .sorted(Comparator.comparingDouble((Range range) -> -range.quality))
                .map(Range::mediaType)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> unacceptable(accept));
    }

    private static ApiException unacceptable(String accept) {
        return Refusal.of(
                RestError.UNACCEPTABLE_MEDIA_TYPE,
                RestError.UNACCEPTABLE_MEDIA_TYPE.title() + ": " + accept,
                null,
                null);
    }

    private record Range(String type, boolean nullsStripped, double quality) {
        static Range parse(String text) {
            var parts = text.toLowerCase(Locale.ROOT).split(";", -1);
            boolean stripped = false;
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                var parameter = parts[i].strip();
                stripped |= parameter.equals("nulls=stripped");
                if (parameter.startsWith("q=")) {
                    try {
                        quality = Double.parseDouble(parameter.substring(2));
                    } catch (NumberFormatException malformed) {
                        quality = 0;
                    }
                }
            }
            return new Range(parts[0].strip(), stripped, quality);
        }

        @Nullable
        MediaType mediaType() {
            return switch (type) {
                case "*/*", "application/json", "application/*" -> JSON;
                case "application/vnd.pgrst.array+json", "application/vnd.pgrst.array" ->
                    nullsStripped ? ARRAY_STRIPPED : JSON;
                case "application/vnd.pgrst.object+json", "application/vnd.pgrst.object" ->
                    nullsStripped ? OBJECT_STRIPPED : OBJECT;
                case "text/csv" -> CSV;
                default -> null;
            };
        }
    }
}
