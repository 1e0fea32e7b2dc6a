package dev.basalt.sdk.error;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request that the dialect has no meaning for: its query, body, preferences, media type or method. */
public sealed class InvalidRequest extends DataException {
    InvalidRequest(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** A {@code select}, filter or order that can't be parsed. */
    public static final class InvalidQuery extends InvalidRequest {
        private static final Pattern POSITION = Pattern.compile("\\(line 1, column (\\d{1,9})\\)\\z");

        InvalidQuery(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        /** Where in its parameter the text stops making sense, from 1, if the server says so. */
        public OptionalInt position() {
            Matcher found = POSITION.matcher(failure().message());
            return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
        }
    }
}
