package dev.basalt.functions.runtime;

/** The function did not come to the end of a body that it had begun; what its reader is told. */
public final class BrokenOffException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    /** @param failure what it ended by instead */
    public BrokenOffException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
