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
 * @param liveSilence how long a live query may hear nothing from the server, which says every 15 s that it is alive, before it
 *     connects anew; 45 s unless set
 * @param liveRetries how often in a row a live query connects anew in vain before it fails, after pauses as above; 10 unless set,
 *     0 for never
 */
public record ClientOptions(
        Duration connectTimeout,
        Duration requestTimeout,
        Duration transferTimeout,
        int maxRetries,
        Duration retryDelay,
        Duration maxRetryDelay,
        Duration refreshMargin,
        Duration liveSilence,
        int liveRetries) {
    private static final int MAX_LIVE_RETRIES = 1000;

    public ClientOptions {
        positive(connectTimeout, "connectTimeout");
        positive(requestTimeout, "requestTimeout");
        positive(transferTimeout, "transferTimeout");
        positive(retryDelay, "retryDelay");
        positive(maxRetryDelay, "maxRetryDelay");
        positive(refreshMargin, "refreshMargin");
        positive(liveSilence, "liveSilence");
        if (liveRetries < 0 || liveRetries > MAX_LIVE_RETRIES) {
            throw new IllegalArgumentException("liveRetries is 0 to " + MAX_LIVE_RETRIES);
        }
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
                Duration.ofSeconds(60),
                Duration.ofSeconds(45),
                10);
    }

    public ClientOptions withConnectTimeout(Duration value) {
        return new ClientOptions(
                value,
                requestTimeout,
                transferTimeout,
                maxRetries,
                retryDelay,
                maxRetryDelay,
                refreshMargin,
                liveSilence,
                liveRetries);
    }

    public ClientOptions withRequestTimeout(Duration value) {
        return new ClientOptions(
                connectTimeout,
                value,
                transferTimeout,
                maxRetries,
                retryDelay,
                maxRetryDelay,
                refreshMargin,
                liveSilence,
                liveRetries);
    }

    public ClientOptions withTransferTimeout(Duration value) {
        return new ClientOptions(
                connectTimeout,
                requestTimeout,
                value,
                maxRetries,
                retryDelay,
                maxRetryDelay,
                refreshMargin,
                liveSilence,
                liveRetries);
    }

    /** Sets how often, after which first pause and with which longest pause a call is repeated. */
    public ClientOptions withRetries(int times, Duration firstDelay, Duration longestDelay) {
        return new ClientOptions(
                connectTimeout,
                requestTimeout,
                transferTimeout,
                times,
                firstDelay,
                longestDelay,
                refreshMargin,
                liveSilence,
                liveRetries);
    }

    public ClientOptions withRefreshMargin(Duration value) {
        return new ClientOptions(
                connectTimeout,
                requestTimeout,
                transferTimeout,
                maxRetries,
                retryDelay,
                maxRetryDelay,
                value,
                liveSilence,
                liveRetries);
    }

    /** Sets how long a live query may hear nothing, and how often in a row it connects anew in vain. */
    public ClientOptions withLive(Duration silence, int retries) {
        return new ClientOptions(
                connectTimeout,
                requestTimeout,
                transferTimeout,
                maxRetries,
                retryDelay,
                maxRetryDelay,
                refreshMargin,
                silence,
                retries);
    }

    private static void positive(Duration value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) throw new IllegalArgumentException(name + " is more than zero");
    }
}
