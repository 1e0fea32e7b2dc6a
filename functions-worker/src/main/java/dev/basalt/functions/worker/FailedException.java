package dev.basalt.functions.worker;

/** Carries why a load or an invocation failed to the place that answers the host. */
final class FailedException extends Exception {
    private final transient Failure failure;

    FailedException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
