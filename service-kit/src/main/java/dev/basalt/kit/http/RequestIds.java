package dev.basalt.kit.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request ids: the client's own where it is safe to print, else a new one. */
final class RequestIds {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final int TIME_DIGITS = 12;
    private static final int RANDOM_DIGITS = 12;

    private RequestIds() {}

    static String acceptOrMake(@Nullable String offered) {
        return offered != null && SAFE.matcher(offered).matches() ? offered : make();
    }

    /** Unique, not secret: the cheap generator will do. In the order of time, so that new ones lie side by side in an index. */
    private static String make() {
        var hex = HexFormat.of();
        return hex.toHexDigits(System.currentTimeMillis(), TIME_DIGITS)
                + hex.toHexDigits(ThreadLocalRandom.current().nextLong(), RANDOM_DIGITS);
    }
}
