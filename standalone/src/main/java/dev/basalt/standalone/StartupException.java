package dev.basalt.standalone;

/** A reason not to start that the person who started it can mend; its message says how. */
final class StartupException extends RuntimeException {
    StartupException(String message) {
        super(message);
    }
}
