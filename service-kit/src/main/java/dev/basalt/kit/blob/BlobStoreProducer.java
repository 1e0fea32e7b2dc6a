package dev.basalt.kit.blob;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses the store: the S3 where an endpoint is set, files in the data directory else. */
@Singleton
public class BlobStoreProducer {
    @Produces
    @Singleton
    BlobStore blobStore(
            Vertx vertx,
            MeterRegistry meters,
            BlobConfig files,
            S3Config s3,
            @ConfigProperty(name = "basalt.data", defaultValue = ".basalt") Path data) {
        BlobStore store = s3.endpoint().isPresent()
                ? new S3BlobStore(vertx, s3, meters)
                : new FileBlobStore(
                        vertx,
                        files.directory().orElse(data.resolve("blobs")),
                        files.threads(),
                        files.queue(),
                        files.fsync(),
                        meters);
        return new MeteredBlobStore(store, meters);
    }

    void close(@Disposes BlobStore store) {
        store.close();
    }
}
