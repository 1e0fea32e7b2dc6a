package dev.basalt.kit.http;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Identity;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;

/** Who may call an endpoint. */
public enum Access {
    /** Anybody, with or without a key. Credentials that come must hold all the same. */
    OPEN,
    /** Whoever has a key of the project. */
    KEY,
    /** A signed-in user, with a key of the project. */
    USER,
    /** The project's own server: a secret key or a {@code service_role} token. */
    SECRET,
    /** The project's own server, for itself or for the user whose token it sends along with its secret key. */
    SERVER,
    /** The operator, or the project's own server; which project the path names is for the endpoint to check. */
    PLATFORM;

    /**
     * Checks a caller.
     *
     * @throws ApiException {@link KitError#NO_API_KEY}, {@link KitError#TOKEN_REQUIRED} or {@link KitError#FORBIDDEN}
     */
    void check(Identity identity) {
        if (this == OPEN) {
            return;
        }
        if (!identity.keyed()) {
            throw ApiException.of(KitError.NO_API_KEY);
        }
        var caller = identity.caller();
        var allowed = switch (this) {
            case OPEN -> true;
            case KEY -> !(caller instanceof Caller.Operator);
            case USER -> {
                if (caller instanceof Caller.Anonymous) {
                    throw ApiException.of(KitError.TOKEN_REQUIRED);
                }
                yield caller instanceof Caller.User;
            }
            case SECRET -> caller instanceof Caller.Service;
            case SERVER -> identity.secret();
            case PLATFORM -> caller instanceof Caller.Service || caller instanceof Caller.Operator;
        };
        if (!allowed) {
            throw ApiException.of(KitError.FORBIDDEN);
        }
    }
}
