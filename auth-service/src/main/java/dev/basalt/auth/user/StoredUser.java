package dev.basalt.auth.user;

import org.jspecify.annotations.Nullable;

/**
 * A user as it lies in the database, with what only the service sees.
 *
 * @param passwordHash null where the user has no password
 * @param inSession whether the session that was asked for is the user's and has not ended
 */
public record StoredUser(User user, @Nullable String passwordHash, boolean inSession) {
    @Override
    public String toString() {
        return "StoredUser[" + user.id() + "]";
    }
}
