package dev.basalt.embedded.postgres;

import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL could not be started; {@link #failure()} says why in a form that programs compare, the
 * message says it to the operator, with what to do about it.
 */
public final class EmbeddedPostgresException extends RuntimeException {

    /** Why a start failed. */
    public enum Failure {
        /** The class path holds no PostgreSQL binaries for this operating system and processor. */
        BINARIES_MISSING,
        /** A system tool that the launcher needs is not on the {@code PATH}. */
        TOOL_MISSING,
        /** The process is root and the kernel or container forbids giving that up through a user namespace. */
        ROOT_REFUSED,
        /** The cluster was made by another major version of PostgreSQL. */
        DATA_OF_ANOTHER_VERSION,
        /** A live process other than a dying child of a dead launcher uses the data directory. */
        DATA_IN_USE,
        /** The data directory exists but is no complete cluster; it is never deleted or overwritten. */
        DATA_DAMAGED,
        /** The disk is full. */
        DISK_FULL,
        /** The port that was asked for is taken. */
        PORT_IN_USE,
        /** PostgreSQL did not accept connections within the start timeout. */
        TIMED_OUT,
        /** PostgreSQL or initdb ended with an error; the message carries its last lines. */
        FAILED
    }

    private final Failure failure;

    EmbeddedPostgresException(Failure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    EmbeddedPostgresException(Failure failure, String message) {
        this(failure, message, null);
    }

    /** Why the start failed. */
    public Failure failure() {
        return failure;
    }
}
