package dev.basalt.kit.request;

import dev.basalt.kit.secret.SecretBox;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    private static final int MAX_LENGTH = 192;

    private final SecretBox secrets;

    @Inject
    public Cause(SecretBox secrets) {
        this.secrets = secrets;
    }

    /**
     * What led to a request.
     *
     * @param depth how many events and calls; 0 for a person's own
     * @param chain what it belongs to, if a function made it
     */
    public record Led(int depth, @Nullable Chain chain) {
        public static final Led BY_NOTHING = new Led(0, null);
    }

    /** The header's value for requests that a function makes, and that so many events and calls have led to. */
    public String seal(int depth, Chain chain) {
        var plain = ByteBuffer.allocate(Integer.BYTES + 7 * Long.BYTES)
                .putLong(System.currentTimeMillis() + LIFE.toMillis())
                .putInt(depth)
                .putLong(chain.invocation().getMostSignificantBits())
                .putLong(chain.invocation().getLeastSignificantBits())
                .putLong(chain.first().getMostSignificantBits())
                .putLong(chain.first().getLeastSignificantBits())
                .putLong(chain.budget())
                .putLong(chain.deadline())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.seal(PURPOSE, plain));
    }

    /** What the header says; nothing for one that nobody here has made, or not lately. */
    public Led open(String value) {
        if (value.length() > MAX_LENGTH) {
            return Led.BY_NOTHING;
        }
        try {
            var plain =
                    ByteBuffer.wrap(secrets.open(PURPOSE, Base64.getUrlDecoder().decode(value)));
            return plain.getLong() < System.currentTimeMillis()
                    ? Led.BY_NOTHING
                    : new Led(
                            Math.max(0, plain.getInt()),
                            new Chain(
                                    new UUID(plain.getLong(), plain.getLong()),
                                    new UUID(plain.getLong(), plain.getLong()),
                                    plain.getLong(),
                                    plain.getLong()));
        } catch (IllegalArgumentException | IllegalStateException | BufferUnderflowException forged) {
            return Led.BY_NOTHING;
        }
    }
}
