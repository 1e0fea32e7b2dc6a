package dev.basalt.kit.caller;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/** Who makes a request. Immutable; {@code claims} must not be modified. */
public sealed interface Caller {
    /** The database role the request acts as. */
    Role role();

    /** What {@code auth.jwt()} returns: a JSON object as text. */
    String claimsJson();

    /** The claim {@code sub}: a user's id; empty where there is no user. */
    default String subject() {
        return "";
    }

    /** Somebody with a publishable key, or with no key at all where none is needed. */
    record Anonymous() implements Caller {
        @Override
        public Role role() {
            return Role.ANON;
        }

        @Override
        public String claimsJson() {
            return "{\"role\":\"anon\"}";
        }
    }

    /** The project's own server: a secret key or a {@code service_role} token. */
    record Service() implements Caller {
        @Override
        public Role role() {
            return Role.SERVICE;
        }

        @Override
        public String claimsJson() {
            return "{\"role\":\"service_role\"}";
        }
    }

    /**
     * A signed-in user.
     *
     * @param sessionId the session that the token was issued for
     * @param claims the token's verified claims
     */
    record User(UUID id, UUID sessionId, Role role, JsonObject claims, String claimsJson, Instant expiresAt)
            implements Caller {
        @Override
        public String subject() {
            return id.toString();
        }
    }

    /** The operator of this installation, with the platform key; has no rights in any project's database. */
    record Operator() implements Caller {
        @Override
        public Role role() {
            return Role.ANON;
        }

        @Override
        public String claimsJson() {
            return "{}";
        }
    }
}
