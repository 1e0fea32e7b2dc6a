package dev.basalt.kit.schema;

import dev.basalt.kit.project.ProjectDatabase;
import java.util.List;
import java.util.stream.Stream;

/**
 * SQL for the logins of requests: one for each role that a request may act as, so that nothing that runs as one role can
 * {@code SET ROLE} to another. What they have in common is a role that cannot log in.
 *
 * @param appRole what they have in common
 */
record RequestLogins(String appRole) {
    private static final List<String> ROLES = List.of("anon", "authenticated", "service_role", "basalt_platform");

    /** Makes them, or makes them anew where that was interrupted. */
    List<String> create(String password) {
        return ROLES.stream()
                .flatMap(role -> {
                    var login = ProjectDatabase.login(appRole, role);
                    return Stream.of(
                            "drop role if exists " + login,
                            "create role " + login + " login password '" + password + "'",
                            "grant " + appRole + " to " + login + " with inherit true, set false",
                            "grant " + role + " to " + login + " with inherit false, set true");
                })
                .toList();
    }

    /** Takes from what they have in common what it had when it was the one login of all roles. */
    List<String> demote() {
        return List.of("revoke " + String.join(", ", ROLES) + " from " + appRole, "alter role " + appRole + " nologin");
    }

    List<String> drop() {
        return Stream.concat(ROLES.stream().map(role -> ProjectDatabase.login(appRole, role)), Stream.of(appRole))
                .map(role -> "drop role if exists " + role)
                .toList();
    }
}
