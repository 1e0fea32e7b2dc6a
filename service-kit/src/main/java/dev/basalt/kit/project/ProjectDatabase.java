package dev.basalt.kit.project;

import dev.basalt.kit.secret.Secret;

/**
 * Where a project's database is and the two logins that reach it and no other database.
 *
 * @param appRole for requests: takes the roles {@code anon}, {@code authenticated}, {@code service_role} and
 *     {@code basalt_platform}, one a transaction, and owns nothing
 * @param ownerRole for SQL with the secret key: owns the schemas {@code public} and {@code documents}
 */
public record ProjectDatabase(
        String host,
        int port,
        String name,
        String appRole,
        Secret appPassword,
        String ownerRole,
        Secret ownerPassword) {}
