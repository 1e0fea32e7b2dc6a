package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/**
 * A function answered with an error status, or could not be run.
 *
 * <p>{@link #details()} holds the answer's body where the function itself answered.
 */
public final class FunctionException extends BasaltException {
    private final boolean relayed;

    public FunctionException(Failure failure, boolean relayed, @Nullable Throwable cause) {
        super(failure, cause);
        this.relayed = relayed;
    }

    /** Whether the platform failed to run the function; otherwise the function ran and answered this itself. */
    public boolean isRelayError() {
        return relayed;
    }

    @Override
    public FunctionException seenFromHere() {
        return new FunctionException(failure(), relayed, this);
    }
}
