package dev.basalt.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password hashed with Argon2 (RFC 9106) version 1.3, in the PHC string format:
 * {@code $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>}, base64 without padding. Computing one blocks for milliseconds.
 * Immutable; safe for use by any thread.
 */
final class Argon2Hash {
    private static final int VERSION = Argon2Parameters.ARGON2_VERSION_13;
    private static final Pattern FORMAT = Pattern.compile(
            "\\$argon2(id|i|d)\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d)\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");
    /** Hashes beyond these are refused: whoever could store one could otherwise stall the service. */
    private static final int MAX_MEMORY_KIB = 128 * 1024;

    private static final int MAX_ITERATIONS = 10;
    private static final int MAX_LANES = 8;

    /**
     * What one hash costs.
     *
     * @param type as in {@link Argon2Parameters}
     * @param memory in KiB
     */
    record Cost(int type, int memory, int iterations, int lanes) {
        Cost {
            if (memory < 8 * lanes || iterations < 1 || lanes < 1) {
                throw new IllegalArgumentException("Argon2 needs 8 KiB a lane and one iteration at least");
            }
        }

        boolean isBearable() {
            return memory <= MAX_MEMORY_KIB && iterations <= MAX_ITERATIONS && lanes <= MAX_LANES;
        }
    }

    private final Cost cost;
    private final byte[] salt;
    private final byte[] hash;

    private Argon2Hash(Cost cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a password. */
    static Argon2Hash of(String password, Cost cost, byte[] salt, int length) {
        return new Argon2Hash(cost, salt, compute(password, cost, salt, length));
    }

    /** Reads a stored hash; empty if it is none, or costs more than is bearable. */
    static Optional<Argon2Hash> parse(String stored) {
        var parts = FORMAT.matcher(stored);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            var type = switch (parts.group(1)) {
                case "id" -> Argon2Parameters.ARGON2_id;
                case "i" -> Argon2Parameters.ARGON2_i;
                default -> Argon2Parameters.ARGON2_d;
            };
            var cost = new Cost(
                    type,
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)),
                    Integer.parseInt(parts.group(4)));
            var decoder = Base64.getDecoder();
            return cost.isBearable()
                    ? Optional.of(new Argon2Hash(cost, decoder.decode(parts.group(5)), decoder.decode(parts.group(6))))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    Cost cost() {
        return cost;
    }

    /** Whether the password has this hash; compared in constant time. */
    boolean matches(String password) {
        return MessageDigest.isEqual(hash, compute(password, cost, salt, hash.length));
    }

    private static byte[] compute(String password, Cost cost, byte[] salt, int length) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(cost.type())
                .withVersion(VERSION)
                .withMemoryAsKB(cost.memory())
                .withIterations(cost.iterations())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        var hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    /** The PHC string. */
    @Override
    public String toString() {
        var name = switch (cost.type()) {
            case Argon2Parameters.ARGON2_id -> "id";
            case Argon2Parameters.ARGON2_i -> "i";
            default -> "d";
        };
        var encoder = Base64.getEncoder().withoutPadding();
        return String.format(
                Locale.ROOT,
                "$argon2%s$v=%d$m=%d,t=%d,p=%d$%s$%s",
                name,
                VERSION,
                cost.memory(),
                cost.iterations(),
                cost.lanes(),
                encoder.encodeToString(salt),
                encoder.encodeToString(hash));
    }
}
