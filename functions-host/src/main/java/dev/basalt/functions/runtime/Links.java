package dev.basalt.functions.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * What an invocation is tied to while it runs.
 *
 * @param platform how it reaches Basalt's own APIs; none where it may not
 * @param body the request's body where it flows, paused; else it is in the invocation
 * @param length of a body that flows, in bytes; -1 where that is not known
 * @param abandoned completes when nobody waits for the answer any more; none where that is not known
 * @param awaited whether something waits for it that holds what others need, a write or another invocation: it must not wait in turn
 */
public record Links(
        @Nullable PlatformAccess platform,
        @Nullable ReadStream<Buffer> body,
        long length,
        @Nullable Future<Void> abandoned,
        boolean awaited) {
    /** Of an invocation that can wait. */
    public Links(
            @Nullable PlatformAccess platform, @Nullable ReadStream<Buffer> body, @Nullable Future<Void> abandoned) {
        this(platform, body, -1, abandoned, false);
    }

    public static final Links NONE = new Links(null, null, null);
}
