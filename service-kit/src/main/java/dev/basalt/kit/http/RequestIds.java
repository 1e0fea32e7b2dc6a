package dev.basalt.kit.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request ids: the client's own where it is safe to print, else a new one. */
final class RequestIds {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestIds() {}

    static String acceptOrMake(@Nullable String offered) {
        return offered != null && SAFE.matcher(offered).matches() ? offered : make();
    }

    /** Unique, not secret: the cheap generator will do. */
    private static String make() {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextInt());
    }
}
