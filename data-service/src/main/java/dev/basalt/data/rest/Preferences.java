package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Prefer} header (RFC 7240) as the dialect knows it. What it does not know is ignored, or refused with {@code
 * PGRST122} under {@code handling=strict}.
 *
 * @param timezone the time zone of the answer, or null; a name that there is not is as good as unknown
 * @param maxAffected the most rows a write may change or a call return, or null; holds under {@code handling=strict} only
 */
record Preferences(
        @Nullable Return representation,
        @Nullable Resolution resolution,
        @Nullable Count count,
        @Nullable Missing missing,
        @Nullable Handling handling,
        @Nullable TransactionEnd transactionEnd,
        @Nullable String timezone,
        @Nullable Long maxAffected) {
    static final Preferences NONE = new Preferences(null, null, null, null, null, null, null, null);

    /** What a write answers. */
    enum Return {
        MINIMAL,
        HEADERS_ONLY,
        REPRESENTATION
    }

    /** What an insert does with rows that are there. */
    enum Resolution {
        MERGE_DUPLICATES,
        IGNORE_DUPLICATES
    }

    /** How the number of all matching rows is found. */
    enum Count {
        EXACT,
        PLANNED,
        ESTIMATED
    }

    /** What a missing member of an inserted row is. */
    enum Missing {
        DEFAULT,
        NULL
    }

    /** Whether unknown preferences are refused. */
    enum Handling {
        STRICT,
        LENIENT
    }

    /** How the transaction ends. */
    enum TransactionEnd {
        COMMIT,
        ROLLBACK
    }

    static Preferences parse(List<String> headers) {
        return headers.isEmpty() ? NONE : new Parser(headers).parse();
    }

    boolean rollsBack() {
        return transactionEnd == TransactionEnd.ROLLBACK;
    }

    /** How many rows a write may change at most, or null. */
    @Nullable
    Long strictMaxAffected() {
        return handling == Handling.STRICT ? maxAffected : null;
    }

    /** What a request does, as far as it decides which preferences apply. */
    enum Use {
        READ,
        CALL,
        WRITE
    }

    /** The {@code Preference-Applied} header, or null when nothing was applied. */
    @Nullable
    String applied(Use use) {
        boolean write = use == Use.WRITE;
        var applied = new ArrayList<String>(4);
        if (write && resolution != null) {
            applied.add("resolution=" + word(resolution));
        }
        if (write && missing != null) {
            applied.add("missing=" + word(missing));
        }
        if (write && representation != null) {
            applied.add("return=" + word(representation));
        }
        if (count != null) {
            applied.add("count=" + word(count));
        }
        if (transactionEnd != null) {
            applied.add("tx=" + word(transactionEnd));
        }
        if (handling != null) {
            applied.add("handling=" + word(handling));
        }
        if (timezone != null) {
            applied.add("timezone=" + timezone);
        }
        var affected = strictMaxAffected();
        if (use != Use.READ && affected != null) {
            applied.add("max-affected=" + affected);
        }
        return applied.isEmpty() ? null : String.join(", ", applied);
    }

    private static String word(Enum<?> preference) {
        return preference.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads the header's words; the first of a kind counts. */
    private static final class Parser {
        private static final String TIMEZONE = "timezone=";
        private static final Set<String> TIMEZONES = ZoneId.getAvailableZoneIds();

        private final List<String> headers;
        private final List<String> unknown = new ArrayList<>();
        private @Nullable Return representation;
        private @Nullable Resolution resolution;
        private @Nullable Count count;
        private @Nullable Missing missing;
        private @Nullable Handling handling;
        private @Nullable TransactionEnd transactionEnd;
        private @Nullable String timezone;
        private @Nullable Long maxAffected;

        Parser(List<String> headers) {
            this.headers = headers;
        }

        Preferences parse() {
            for (var header : headers) {
                for (var word : header.split(",", -1)) {
                    read(word.strip());
                }
            }
            if (handling == Handling.STRICT && !unknown.isEmpty()) {
                throw Refusal.withDetails(
                        RestError.INVALID_PREFERENCES, "Invalid preferences: " + String.join(", ", unknown));
            }
            return new Preferences(
                    representation, resolution, count, missing, handling, transactionEnd, timezone, maxAffected);
        }

        private void read(String word) {
            switch (word) {
                case "return=minimal" -> representation = first(representation, Return.MINIMAL);
                case "return=headers-only" -> representation = first(representation, Return.HEADERS_ONLY);
                case "return=representation" -> representation = first(representation, Return.REPRESENTATION);
                case "resolution=merge-duplicates" -> resolution = first(resolution, Resolution.MERGE_DUPLICATES);
                case "resolution=ignore-duplicates" -> resolution = first(resolution, Resolution.IGNORE_DUPLICATES);
                case "count=exact" -> count = first(count, Count.EXACT);
                case "count=planned" -> count = first(count, Count.PLANNED);
                case "count=estimated" -> count = first(count, Count.ESTIMATED);
                case "missing=default" -> missing = first(missing, Missing.DEFAULT);
                case "missing=null" -> missing = first(missing, Missing.NULL);
                case "handling=strict" -> handling = first(handling, Handling.STRICT);
                case "handling=lenient" -> handling = first(handling, Handling.LENIENT);
                case "tx=commit" -> transactionEnd = first(transactionEnd, TransactionEnd.COMMIT);
                case "tx=rollback" -> transactionEnd = first(transactionEnd, TransactionEnd.ROLLBACK);
                case "" -> {}
                default -> readValue(word);
            }
        }

        private void readValue(String word) {
            if (word.startsWith(TIMEZONE) && TIMEZONES.contains(word.substring(TIMEZONE.length()))) {
                timezone = first(timezone, word.substring(TIMEZONE.length()));
            } else if (word.matches("max-affected=\\d{1,18}")) {
                maxAffected = first(maxAffected, Long.valueOf(word.substring(word.indexOf('=') + 1)));
            } else {
                unknown.add(word);
            }
        }

        private static <T> T first(@Nullable T earlier, T now) {
            return earlier == null ? now : earlier;
        }
    }
}
