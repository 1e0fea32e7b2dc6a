package dev.basalt.kit.blob;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of one blob: the namespace of its owner and a UUID version 7 that is never used twice.
 *
 * <p>Written as {@code namespace/uuid}. Nothing that a user chose is ever part of it, so a store may use it as a path.
 *
 * @param namespace 1 to 63 of {@code a-z 0-9 _ -}, beginning with a letter or digit; usually a project's reference
 * @param id the blob's own id
 */
public record BlobKey(String namespace, UUID id) {
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Refuses a namespace that is not of the form above. */
    public BlobKey {
        checkNamespace(namespace);
    }

    static void checkNamespace(String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("not a blob namespace: " + namespace);
        }
    }

    /** A new key that no other call anywhere answers again. */
    public static BlobKey fresh(String namespace) {
        long time = System.currentTimeMillis() << 16;
        long high = time | 0x7000L | RANDOM.nextInt(0x1000);
        long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new BlobKey(namespace, new UUID(high, low));
    }

    /** The key with this text, if it is one. */
    public static Optional<BlobKey> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            return Optional.empty();
        }
        String namespace = text.substring(0, slash);
        String id = text.substring(slash + 1);
        if (!NAMESPACE.matcher(namespace).matches() || !UUID_TEXT.matcher(id).matches()) {
            return Optional.empty();
        }
        return Optional.of(new BlobKey(namespace, UUID.fromString(id)));
    }

    /** {@code namespace/uuid}. */
    public String value() {
        return namespace + "/" + id;
    }

    @Override
    public String toString() {
        return value();
    }
}
