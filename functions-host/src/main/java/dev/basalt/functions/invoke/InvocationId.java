package dev.basalt.functions.invoke;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Ids of invocations: UUIDs of version 7 (RFC 9562, section 5.7), so that records lie in the order of time. Stateless. */
final class InvocationId {
    private static final int RANDOM_HIGH = 0x1000;
    private static final long VERSION = 0x7000;
    private static final long VARIANT = 1L << 63;

    private InvocationId() {}

    /** An id for what is accepted now; no secret, but it names nothing that its reader may not see. */
    static UUID next(long nowMillis) {
        var random = ThreadLocalRandom.current();
        return new UUID(nowMillis << 16 | VERSION | random.nextInt(RANDOM_HIGH), VARIANT | random.nextLong(1L << 62));
    }
}
