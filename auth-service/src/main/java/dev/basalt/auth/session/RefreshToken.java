package dev.basalt.auth.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A refresh token: the session it belongs to, 256 secret bits, and a mark of the session's family, in URL-safe base64.
 * The server keeps only the hash of the current one and of the one before.
 *
 * <p>The first of a family is random. Each next one is the HMAC of a random seed under the one before: whoever asks twice
 * with the same token, as two tabs do, gets the same answer, without the server storing it. The seed alone, as it lies in
 * the database, makes no token; neither does a token without the seed.
 *
 * <p>The mark, an HMAC under a key of the session, tells an old token of the family from one that was made up, so that
 * nobody who only knows a session's id can end it. Immutable; safe for use by any thread.
 */
public final class RefreshToken {
    private static final int SECRET_BYTES = 32;
    private static final int MARK_BYTES = 12;
    private static final int ID_BYTES = 16;
    private static final int ENCODED_LENGTH = (ID_BYTES + SECRET_BYTES + MARK_BYTES) * 4 / 3;
    private static final String HMAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final UUID sessionId;
    private final byte[] secret;
    private final byte[] mark;

    private RefreshToken(UUID sessionId, byte[] secret, byte[] mark) {
        this.sessionId = sessionId;
        this.secret = secret;
        this.mark = mark;
    }

    /** A random value: a family's key or a seed. */
    public static byte[] random() {
        var bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** The first token of a session. */
    public static RefreshToken first(UUID sessionId, byte[] familyKey) {
        return marked(sessionId, random(), familyKey);
    }

    /** The token that replaces this one. */
    public RefreshToken next(byte[] seed, byte[] familyKey) {
        return marked(sessionId, hmac(secret, seed), familyKey);
    }

    /** The hash of the token that replaces this one. */
    public byte[] nextHash(byte[] seed) {
        return hash(sessionId, hmac(secret, seed));
    }

    private static RefreshToken marked(UUID sessionId, byte[] secret, byte[] familyKey) {
        return new RefreshToken(sessionId, secret, mark(secret, familyKey));
    }

    /** Reads a token that a client sent; empty if it can't be one. */
    public static Optional<RefreshToken> parse(String token) {
        if (token.length() != ENCODED_LENGTH) {
            return Optional.empty();
        }
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            var sessionId = new UUID(bytes.getLong(), bytes.getLong());
            var secret = new byte[SECRET_BYTES];
            var mark = new byte[MARK_BYTES];
            bytes.get(secret).get(mark);
            return Optional.of(new RefreshToken(sessionId, secret, mark));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    public UUID sessionId() {
        return sessionId;
    }

    /** SHA-256 of the session and the secret, under which the server knows it. */
    public byte[] hash() {
        return hash(sessionId, secret);
    }

    /** Whether it was issued to the session that has this key, however long ago. */
    public boolean isOfFamily(byte[] familyKey) {
        return MessageDigest.isEqual(mark, mark(secret, familyKey));
    }

    /** The form in which a client holds it. */
    public String encoded() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(ID_BYTES + SECRET_BYTES + MARK_BYTES)
                        .putLong(sessionId.getMostSignificantBits())
                        .putLong(sessionId.getLeastSignificantBits())
                        .put(secret)
                        .put(mark)
                        .array());
    }

    @Override
    public String toString() {
        return "RefreshToken[" + sessionId + "]";
    }

    private static byte[] mark(byte[] secret, byte[] familyKey) {
        return Arrays.copyOf(hmac(familyKey, secret), MARK_BYTES);
    }

    private static byte[] hash(UUID sessionId, byte[] secret) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(ID_BYTES)
                    .putLong(sessionId.getMostSignificantBits())
                    .putLong(sessionId.getLeastSignificantBits())
                    .flip());
            return digest.digest(secret);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + HMAC, e);
        }
    }
}
