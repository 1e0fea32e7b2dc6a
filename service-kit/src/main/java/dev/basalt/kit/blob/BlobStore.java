package dev.basalt.kit.blob;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place for opaque blobs under keys that are never used twice, so that a blob once stored never changes.
 *
 * <p>A blob is there whole or not at all: a reader never sees part of an upload, and once {@link #put} succeeded the
 * blob outlives a crash as far as the store below is durable. Every failure is a {@link BlobStoreException}, except an
 * error of the content stream itself, which is passed on. Safe for use by any thread; futures complete on the caller's
 * Vert.x context, and streams are used there.
 */
public interface BlobStore extends AutoCloseable {
    /** For the expected length of {@link #put} and the length of {@link #get}: unknown, and to the end. */
    long UNKNOWN = -1;

    /**
     * Stores a stream. It reads as fast as it can store, and pauses the stream meanwhile. On failure nothing is kept and
     * the stream is left paused where it was.
     *
     * @param content the bytes; paused by the caller if anything happened between its arrival and this call
     * @param expectedLength how many bytes must come, or {@link #UNKNOWN}
     * @param maxLength how many bytes may come
     */
    Future<StoredBlob> put(BlobKey key, ReadStream<Buffer> content, long expectedLength, long maxLength);

    /**
     * Opens a blob or a range of it.
     *
     * @param offset the first byte; the blob's length is allowed and gives no bytes
     * @param length how many bytes at most, or {@link #UNKNOWN} for all to the end
     */
    Future<BlobContent> get(BlobKey key, long offset, long length);

    /** The length of a blob in bytes. */
    Future<Long> size(BlobKey key);

    /** Makes a new blob of the same content, inside the store where it can. */
    Future<Void> copy(BlobKey from, BlobKey to);

    /** Removes a blob; one that is not there is no error. */
    Future<Void> delete(BlobKey key);

    /**
     * The next blobs of a namespace in an order of the store's own that stays the same, for a sweeper that looks for
     * blobs nobody names. Unfinished uploads are not listed.
     *
     * @param after the last key of the page before, or null for the first page
     * @param limit the most entries, 1 to 1000
     */
    Future<List<ListedBlob>> list(String namespace, @Nullable BlobKey after, int limit);

    /** Lets go of threads and connections; blobs stay. */
    @Override
    void close();
}
