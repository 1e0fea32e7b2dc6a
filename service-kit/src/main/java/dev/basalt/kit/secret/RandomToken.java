package dev.basalt.kit.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Random values for keys, tokens and passwords, and the hash under which they are stored. Safe for any thread. */
public final class RandomToken {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomToken() {}

    /** A URL-safe value with {@code bytes} bytes of entropy. */
    public static String urlSafe(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
    }

    /** A lower-case hexadecimal value with {@code bytes} bytes of entropy. */
    public static String hex(int bytes) {
        return HexFormat.of().formatHex(bytes(bytes));
    }

    static byte[] bytes(int count) {
        var value = new byte[count];
        RANDOM.nextBytes(value);
        return value;
    }

    /**
     * SHA-256 of a token. Enough without salt or stretching, because every token has at least 128 bits of entropy.
     */
    public static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
