package dev.basalt.storage.route;

import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.usage.Service;
import dev.basalt.storage.bucket.BucketResource;
import dev.basalt.storage.error.StorageDialect;
import dev.basalt.storage.object.DownloadResource;
import dev.basalt.storage.object.ObjectResource;
import dev.basalt.storage.object.SigningResource;
import dev.basalt.storage.upload.UploadResource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * The paths below {@code /storage/v1}. Their order matters: {@code /object/{bucket}/{name}} would take every path that
 * begins with {@code /object/sign/} and its like, so it comes last.
 */
@ApplicationScoped
class StorageRoutes implements ApiResource {
    private final BucketResource buckets;
    private final ObjectResource objects;
    private final SigningResource signing;
    private final UploadResource uploads;
    private final DownloadResource downloads;

    @Inject
    StorageRoutes(
            BucketResource buckets,
            ObjectResource objects,
            SigningResource signing,
            UploadResource uploads,
            DownloadResource downloads) {
        this.buckets = buckets;
        this.objects = objects;
        this.signing = signing;
        this.uploads = uploads;
        this.downloads = downloads;
    }

    @Override
    public void register(ApiRoutes routes) {
        var api = routes.api(Service.STORAGE, "/storage/v1", new StorageDialect());
        buckets.register(api);
        objects.register(api);
        signing.register(api);
        uploads.registerSigned(api);
        downloads.register(api);
        uploads.register(api);
    }
}
