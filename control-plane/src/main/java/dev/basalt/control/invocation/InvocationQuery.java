package dev.basalt.control.invocation;

import dev.basalt.control.project.PlatformError;
import dev.basalt.control.project.QueryNumber;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for, newest first; what is null does not matter.
 *
 * @param outcome {@code ok}, {@code failed} (anything else), {@code lost} or the kind of a failure
 * @param from inclusive
 * @param to exclusive
 * @param after the last record of the page before
 */
record InvocationQuery(
        @Nullable String function,
        @Nullable String outcome,
        @Nullable String kind,
        @Nullable OffsetDateTime from,
        @Nullable OffsetDateTime to,
        @Nullable UUID id,
        @Nullable Cursor after,
        int limit) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1000;
    private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");
    private static final Set<String> FILTERS =
            Set.of("outcome", "kind", "from", "to", "id", "cursor", "limit", "function");

    /** A place between two records. */
    record Cursor(OffsetDateTime at, UUID id) {
        /** As clients get it and give it back. */
        String encode() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((at.toInstant() + " " + id).getBytes(StandardCharsets.UTF_8));
        }

        static Cursor decode(String text) {
            try {
                var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                var space = plain.indexOf(' ');
                if (space > 0) {
                    return new Cursor(
                            Instant.parse(plain.substring(0, space)).atOffset(ZoneOffset.UTC),
                            UUID.fromString(plain.substring(space + 1)));
                }
            } catch (IllegalArgumentException | DateTimeException malformed) {
                // Answered below, as any other text that no page gave.
            }
            throw invalid("cursor must be one that a page came with");
        }
    }

    /**
     * Reads the parameters.
     *
     * @param function the one of the path, if the path names one
     * @throws ApiException {@link PlatformError#INVALID_FIELD}
     */
    static InvocationQuery of(Exchange exchange, @Nullable String function) {
        var cursor = exchange.query("cursor");
        var id = exchange.query("id");
        return new InvocationQuery(
                function == null ? exchange.query("function") : function,
                word(exchange, "outcome"),
                word(exchange, "kind"),
                time(exchange, "from"),
                time(exchange, "to"),
                id == null ? null : id(id),
                cursor == null ? null : Cursor.decode(cursor),
                Math.max(1, QueryNumber.of(exchange, "limit", DEFAULT_LIMIT, MAX_LIMIT)));
    }

    /** Refuses filters where they would do nothing. */
    static void refuseFilters(Exchange exchange) {
        FILTERS.stream()
                .filter(name -> exchange.query(name) != null)
                .findFirst()
                .ifPresent(name -> {
                    throw invalid(name + " does not go with following");
                });
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid("id must be an invocation's id");
        }
    }

    private static @Nullable String word(Exchange exchange, String name) {
        var text = exchange.query(name);
        if (text != null && !WORD.matcher(text).matches()) {
            throw invalid(name + " must be one word in lower case");
        }
        return text;
    }

    private static @Nullable OffsetDateTime time(Exchange exchange, String name) {
        var text = exchange.query(name);
        try {
            return text == null ? null : OffsetDateTime.parse(text);
        } catch (DateTimeException malformed) {
            throw invalid(name + " must be a time like 2026-01-31T00:00:00Z");
        }
    }

    private static ApiException invalid(String detail) {
        return ApiException.of(PlatformError.INVALID_FIELD, detail);
    }
}
