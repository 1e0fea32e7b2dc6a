package dev.basalt.sdk.auth;

import java.util.Locale;

/** Which sessions a sign-out ends. */
public enum SignOutScope {
    /** All of the user's. */
    GLOBAL,
    /** This one. */
    LOCAL,
    /** All but this one. */
    OTHERS;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
