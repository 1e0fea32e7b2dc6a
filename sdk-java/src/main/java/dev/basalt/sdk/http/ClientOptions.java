package dev.basalt.sdk.http;

import java.time.Duration;
import java.util.Objects;

/**
 * How a client behaves on the wire. Immutable; each {@code with} answers a changed copy.
 *
 * @param connectTimeout the longest a connection may take to come up; 10 s unless set
 * @param requestTimeout the longest one try may take until its answer is complete; 30 s unless set
 * @param transferTimeout the same for uploads and downloads; 10 min unless set
 * @param maxRetries how often a call that may be repeated is tried again when the server is unreachable or answers 503
 *     with {@code Retry-After}; 3 unless set, 0 for never
 * @param retryDelay the pause before the first retry, doubled each time, with jitter; 200 ms unless set
 * @param maxRetryDelay the longest pause; a server that asks for a longer one gets no retry; 10 s unless set
 * @param refreshMargin how long before its expiry a session is refreshed; 60 s unless set
 */
public record ClientOptions(
        Duration connectTimeout,
        Duration requestTimeout,
        Duration transferTimeout,
        int maxRetries,
        Duration retryDelay,
        Duration maxRetryDelay,
        Duration refreshMargin) {
    public ClientOptions {
        positive(connectTimeout, "connectTimeout");
        positive(requestTimeout, "requestTimeout");
        positive(transferTimeout, "transferTimeout");
        positive(retryDelay, "retryDelay");
        positive(maxRetryDelay, "maxRetryDelay");
        positive(refreshMargin, "refreshMargin");
        if (maxRetries < 0 || maxRetries > 20) throw new IllegalArgumentException("maxRetries is 0 to 20");
    }

    /** The values named above. */
    public static ClientOptions defaults() {
        return new ClientOptions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60));
    }

    public ClientOptions withConnectTimeout(Duration value) {
        return new ClientOptions(
                value, requestTimeout, transferTimeout, maxRetries, retryDelay, maxRetryDelay, refreshMargin);
    }

    public ClientOptions withRequestTimeout(Duration value) {
        return new ClientOptions(
                connectTimeout, value, transferTimeout, maxRetries, retryDelay, maxRetryDelay, refreshMargin);
    }

    public ClientOptions withTransferTimeout(Duration value) {
        return new ClientOptions(
                connectTimeout, requestTimeout, value, maxRetries, retryDelay, maxRetryDelay, refreshMargin);
    }

    /** Sets how often, after which first pause and with which longest pause a call is repeated. */
    public ClientOptions withRetries(int times, Duration firstDelay, Duration longestDelay) {
        return new ClientOptions(
                connectTimeout, requestTimeout, transferTimeout, times, firstDelay, longestDelay, refreshMargin);
    }

    public ClientOptions withRefreshMargin(Duration value) {
        return new ClientOptions(
                connectTimeout, requestTimeout, transferTimeout, maxRetries, retryDelay, maxRetryDelay, value);
    }

    private static void positive(Duration value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) throw new IllegalArgumentException(name + " is more than zero");
    }
}
