package dev.basalt.kit.blob;

import org.jspecify.annotations.Nullable;

/**
 * Why a blob store could not do what it was asked: a closed set. The message is for logs, not for users.
 *
 * <p>Where several apply: {@link TooLarge} wins over {@link Truncated}, and both over what the store itself reports.
 */
public abstract sealed class BlobStoreException extends RuntimeException {

    private BlobStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** There is no blob of that name. */
    public static final class NotFound extends BlobStoreException {
        public NotFound(BlobKey key) {
            super("no blob " + key, null);
        }
    }

    /** The content is longer than the caller allowed; nothing of it is kept. */
    public static final class TooLarge extends BlobStoreException {
        private final long limit;

        public TooLarge(long limit) {
            super("content over " + limit + " bytes", null);
            this.limit = limit;
        }

        /** The limit that it went over, in bytes. */
        public long limit() {
            return limit;
        }
    }

    /** The content ended before or after the length that was announced; nothing of it is kept. */
    public static final class Truncated extends BlobStoreException {
        public Truncated(long expected, long received) {
            super("content of " + received + " bytes, " + expected + " were announced", null);
        }
    }

    /** The range begins behind the end of the blob. */
    public static final class RangeInvalid extends BlobStoreException {
        public RangeInvalid(BlobKey key, long offset, long length) {
            super("range at " + offset + " of blob " + key + " of " + length + " bytes", null);
        }
    }

    /** The store cannot be reached, is overloaded or answers nonsense; a later try may succeed. */
    public static final class Unavailable extends BlobStoreException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The store has no room left. */
    public static final class Full extends BlobStoreException {
        public Full(@Nullable Throwable cause) {
            super("the blob store is full", cause);
        }
    }
}
