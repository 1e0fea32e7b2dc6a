package dev.basalt.kit.function;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Keeps functions' files as blobs. Safe for use by any thread. */
@ApplicationScoped
public class ArtifactStore {
    /** No project's ref holds an underscore, so no project's sweeper looks here. */
    private static final String NAMESPACE = "basalt_functions";

    private final Vertx vertx;
    private final BlobStore blobs;

    @Inject
    public ArtifactStore(Vertx vertx, BlobStore blobs) {
        this.vertx = vertx;
        this.blobs = blobs;
    }

    /** Stores packed files; answers the text of their blob's key. */
    public Future<String> put(Buffer packed) {
        var key = BlobKey.fresh(NAMESPACE);
        return onContext(() -> blobs.put(key, new BufferStream(packed), packed.length(), packed.length()))
                .map(stored -> key.value());
    }

    /** The files under a blob's key. */
    public Future<ArtifactFiles> get(String blob) {
        var key = BlobKey.parse(blob).orElseThrow(() -> new IllegalArgumentException("not a blob key: " + blob));
        return onContext(() -> blobs.get(key, 0, BlobStore.UNKNOWN).compose(content -> {
                    var whole = Promise.<Buffer>promise();
                    var bytes = Buffer.buffer((int) content.length());
                    content.stream()
                            .exceptionHandler(whole::tryFail)
                            .endHandler(end -> whole.tryComplete(bytes))
                            .handler(bytes::appendBuffer)
                            .resume();
                    return whole.future();
                }))
                .compose(packed -> Blocking.call(vertx, () -> ArtifactFiles.unpack(packed)));
    }

    /** Removes a blob that no version names; one that is not there is no error. */
    public Future<Void> delete(String blob) {
        return BlobKey.parse(blob).map(blobs::delete).orElseGet(Future::succeededFuture);
    }

    /** Blob streams live on a Vert.x context, and a runtime may ask from a thread that has none. */
    private <T> Future<T> onContext(java.util.function.Supplier<Future<T>> work) {
        if (Vertx.currentContext() != null) {
            return work.get();
        }
        var done = Promise.<T>promise();
        vertx.getOrCreateContext().runOnContext(ready -> work.get().onComplete(done));
        return done.future();
    }
}
