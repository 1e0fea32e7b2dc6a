package dev.basalt.kit.http;

import dev.basalt.kit.secret.RandomToken;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request ids: the client's own where it is safe to print, else a new one. */
final class RequestIds {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int ENTROPY_BYTES = 12;

    private RequestIds() {}

    static String acceptOrMake(@Nullable String offered) {
        return offered != null && SAFE.matcher(offered).matches() ? offered : RandomToken.hex(ENTROPY_BYTES);
    }
}
