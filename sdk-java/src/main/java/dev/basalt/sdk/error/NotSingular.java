package dev.basalt.sdk.error;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One row was asked for and there is none, or there are several. Nothing was written. */
public final class NotSingular extends DataException {
    private static final Pattern ROWS = Pattern.compile("\\b(\\d{1,18}) rows");

    NotSingular(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** How many rows there are, if the details tell it. */
    public OptionalLong rows() {
        Matcher found = ROWS.matcher(details().orElse(""));
        return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    }
}
