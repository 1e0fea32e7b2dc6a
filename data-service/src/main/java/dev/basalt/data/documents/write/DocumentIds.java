package dev.basalt.data.documents.write;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids of documents that come without one: UUIDs of version 7 (RFC 9562, section 5.7). Stateless. */
final class DocumentIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private DocumentIds() {}

    /** Sorts after those of earlier milliseconds. */
    static String next() {
        long high = (System.currentTimeMillis() << 16) | 0x7000 | (RANDOM.nextInt() & 0x0FFF);
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
