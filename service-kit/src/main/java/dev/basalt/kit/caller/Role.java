package dev.basalt.kit.caller;

import java.util.Arrays;
import java.util.Optional;

/** The database roles that a request may act as. */
public enum Role {
    ANON("anon"),
    AUTHENTICATED("authenticated"),
    SERVICE("service_role");

    private final String databaseName;

    Role(String databaseName) {
        this.databaseName = databaseName;
    }

    /** The role's name in PostgreSQL and in a token's {@code role} claim. */
    public String databaseName() {
        return databaseName;
    }

    static Optional<Role> named(String name) {
        return Arrays.stream(values())
                .filter(role -> role.databaseName.equals(name))
                .findFirst();
    }
}
