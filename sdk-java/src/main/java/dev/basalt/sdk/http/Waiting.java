package dev.basalt.sdk.http;

import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The blocking form of an asynchronous call. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for a call and answers its value.
     *
     * @throws BasaltException as the call failed, with the waiting thread's stack; an interrupt cancels the call
     */
    public static <T> T on(CompletableFuture<T> call) {
        try {
            return call.get();
        } catch (InterruptedException interrupt) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new TransportException(
                    TransportException.Reason.INTERRUPTED, "Interrupted while waiting for the answer", null, interrupt);
        } catch (ExecutionException failed) {
            Throwable cause = unwrap(failed);
            if (cause instanceof BasaltException known) throw known.seenFromHere();
            if (cause instanceof RuntimeException bug) throw bug;
            if (cause instanceof Error bug) throw bug;
            throw new IllegalStateException(cause);
        }
    }

    /** What a future failed with, without the wrappers of the JDK. */
    public static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
