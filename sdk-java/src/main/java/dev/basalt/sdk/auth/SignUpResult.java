package dev.basalt.sdk.auth;

/** What came of a sign-up. */
public sealed interface SignUpResult {
    User user();

    /** The user is signed in already. */
    record SignedIn(Session session) implements SignUpResult {
        @Override
        public User user() {
            return session.user();
        }
    }

    /** The user has to confirm their address first. */
    record ConfirmationPending(User user) implements SignUpResult {}
}
