package dev.basalt.sdk.http;

import dev.basalt.sdk.error.TransportException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A body that is read while it arrives, and is closed when its time is up. The reader learns from {@link #reason} why it
 * broke off. For one reader.
 */
final class LimitedBody extends FilterInputStream {
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean late;

    LimitedBody(InputStream body, Duration limit) {
        super(body);
        var _ = end.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).whenComplete((done, failure) -> {
            if (failure instanceof TimeoutException) {
                late = true;
                closeQuietly();
            }
        });
    }

    TransportException.Reason reason() {
        return late ? TransportException.Reason.TIMEOUT : TransportException.Reason.BROKEN;
    }

    @Override
    public void close() throws IOException {
        end.complete(null);
        super.close();
    }

    private void closeQuietly() {
        try {
            super.close();
        } catch (IOException broken) {
            // The reader's next read tells it.
            late = true;
        }
    }
}
