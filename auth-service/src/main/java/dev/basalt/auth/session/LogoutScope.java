package dev.basalt.auth.session;

/** Which of a user's sessions end. */
public enum LogoutScope {
    GLOBAL,
    LOCAL,
    OTHERS
}
