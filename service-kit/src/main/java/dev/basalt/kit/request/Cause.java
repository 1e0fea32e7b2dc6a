package dev.basalt.kit.request;

import dev.basalt.kit.secret.SecretBox;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;

/**
 * How a function's own request says what led to it: a header that only services of this installation can make and read. Without
 * it a function that writes what calls it again would look like a person each time, and never be cut off. Safe for use by any
 * thread.
 */
@Singleton
public class Cause {
    public static final String HEADER = "x-basalt-cause";
    private static final String PURPOSE = "cause";
    /** Longer than any function runs. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    private static final int MAX_LENGTH = 128;

    private final SecretBox secrets;

    @Inject
    public Cause(SecretBox secrets) {
        this.secrets = secrets;
    }

    /** The header's value for requests that so many events and calls have led to. */
    public String seal(int depth) {
        var plain = ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(System.currentTimeMillis() + LIFE.toMillis())
                .putInt(depth)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.seal(PURPOSE, plain));
    }

    /** The depth that the header says; 0 for one that nobody here has made, or not lately. */
    public int open(String value) {
        if (value.length() > MAX_LENGTH) {
            return 0;
        }
        try {
            var plain =
                    ByteBuffer.wrap(secrets.open(PURPOSE, Base64.getUrlDecoder().decode(value)));
            return plain.getLong() < System.currentTimeMillis() ? 0 : Math.max(0, plain.getInt());
        } catch (IllegalArgumentException | IllegalStateException forged) {
            return 0;
        }
    }
}
