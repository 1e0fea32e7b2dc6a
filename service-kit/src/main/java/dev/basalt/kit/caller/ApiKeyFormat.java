package dev.basalt.kit.caller;

import dev.basalt.kit.project.KeyKind;
import dev.basalt.kit.secret.RandomToken;
import java.util.HexFormat;

/** The form of opaque project keys: {@code sb_publishable_…} and {@code sb_secret_…} with 192 bits of entropy. */
public final class ApiKeyFormat {
    private static final String PUBLISHABLE = "sb_publishable_";
    private static final String SECRET = "sb_secret_";
    private static final String PLATFORM = "basalt_platform_";
    /** How many of its last characters show which key is meant. */
    public static final int HINT_LENGTH = 6;

    private static final int ENTROPY_BYTES = 24;

    private ApiKeyFormat() {}

    /** A new key of this kind. */
    public static String generate(KeyKind kind) {
        var prefix = switch (kind) {
            case PUBLISHABLE -> PUBLISHABLE;
            case SECRET -> SECRET;
        };
        return prefix + RandomToken.urlSafe(ENTROPY_BYTES);
    }

    /** A new operator's key. */
    public static String generatePlatformKey() {
        return PLATFORM + RandomToken.urlSafe(ENTROPY_BYTES);
    }

    /** Whether this is an opaque key rather than a JWT. */
    static boolean isOpaque(String credential) {
        return credential.startsWith(PUBLISHABLE) || credential.startsWith(SECRET);
    }

    static boolean isPlatformKey(String credential) {
        return credential.startsWith(PLATFORM);
    }

    /** The hash under which a key is stored and looked up: SHA-256 in lower-case hexadecimal. */
    public static String hash(String key) {
        return HexFormat.of().formatHex(RandomToken.sha256(key));
    }
}
