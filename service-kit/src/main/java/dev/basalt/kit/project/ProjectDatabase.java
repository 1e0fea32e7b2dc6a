package dev.basalt.kit.project;

import dev.basalt.kit.secret.Secret;

/**
 * Where a project's database is and the logins that reach it and no other database.
 *
 * @param appRole what the logins for requests have in common: they may connect, and own nothing
 * @param appPassword the password of each of them
 * @param ownerRole for SQL with the secret key: owns the schemas {@code public} and {@code documents}
 */
public record ProjectDatabase(
        String host,
        int port,
        String name,
        String appRole,
        Secret appPassword,
        String ownerRole,
        Secret ownerPassword) {
    /**
     * The login for requests that act as a role, {@code anon}, {@code authenticated}, {@code service_role} or
     * {@code basalt_platform}: it can take that role and no other.
     */
    public String login(String role) {
        return login(appRole, role);
    }

    /** {@link #login(String)} by the name of what the logins have in common. */
    public static String login(String appRole, String role) {
        return appRole + "_" + role;
    }
}
