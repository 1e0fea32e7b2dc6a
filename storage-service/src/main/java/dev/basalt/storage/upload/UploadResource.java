package dev.basalt.storage.upload;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.object.ObjectName;
import dev.basalt.storage.object.ObjectStore.Write;
import dev.basalt.storage.object.ObjectStore.Written;
import dev.basalt.storage.signing.SignedUrls;
import dev.basalt.storage.signing.SignedUrls.Use;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/**
 * Uploads: {@code POST|PUT /object/{bucket}/{name}}, and by a signed URL, which the caller's rights are checked for when
 * it is made.
 */
@ApplicationScoped
public class UploadResource {
    private final UploadService uploads;
    private final SignedUrls signedUrls;
    private final StorageConfig config;

    @Inject
    UploadResource(UploadService uploads, SignedUrls signedUrls, StorageConfig config) {
        this.uploads = uploads;
        this.signedUrls = signedUrls;
        this.config = config;
    }

    /** Registers the endpoints of signed URLs. */
    public void registerSigned(ApiRoutes.Api api) {
        api.post("/object/upload/sign/:bucket/*", "upload_sign", Access.KEY, this::sign)
                .put("/object/upload/sign/:bucket/*", "upload_signed", Access.OPEN, this::uploadSigned);
    }

    /** Registers the plain endpoints. */
    public void register(ApiRoutes.Api api) {
        api.post("/object/:bucket/*", "object_upload", Access.KEY, e -> upload(e, insertOrUpsert(e)))
                .put("/object/:bucket/*", "object_update", Access.KEY, e -> upload(e, Write.UPDATE));
    }

    private static Write insertOrUpsert(Exchange exchange) {
        return "true".equalsIgnoreCase(exchange.header("x-upsert")) ? Write.UPSERT : Write.INSERT;
    }

    private Future<Reply> upload(Exchange exchange, Write write) {
        String bucket = exchange.path("bucket");
        String name = ObjectName.check(exchange.path("*"));
        return uploads.upload(exchange.context(), bucket, name, write, () -> UploadBody.of(exchange))
                .map(written -> uploaded(bucket, name, written));
    }

    private static Reply uploaded(String bucket, String name, Written written) {
        return Reply.json(
                200, new JsonObject().put("Id", written.id().toString()).put("Key", bucket + "/" + name));
    }

    private Future<Reply> sign(Exchange exchange) {
        String bucket = exchange.path("bucket");
        String name = ObjectName.check(exchange.path("*"));
        Write write = insertOrUpsert(exchange);
        return uploads.check(exchange.context(), bucket, name, write).map(allowed -> {
            var claims = new JsonObject().put("upsert", write == Write.UPSERT);
            if (exchange.caller() instanceof Caller.User user) {
                claims.put("owner", user.id().toString());
            }
            String token = signedUrls.sign(
                    exchange.project(),
                    Use.UPLOAD,
                    bucket + "/" + name,
                    Instant.now().plus(config.uploadUrlLife()),
                    claims);
            return Reply.json(
                    200,
                    new JsonObject()
                            .put("url", "/object/upload/sign/" + bucket + "/" + name + "?token=" + token)
                            .put("token", token));
        });
    }

    /** The rights were the signer's: the service role writes in its place. */
    private Future<Reply> uploadSigned(Exchange exchange) {
        String bucket = exchange.path("bucket");
        String name = ObjectName.check(exchange.path("*"));
        String token = exchange.query("token");
        if (token == null) {
            return Future.failedFuture(
                    ApiException.of(StorageError.INVALID_PARAMETER, "querystring must have required property 'token'"));
        }
        JsonObject claims = signedUrls.verify(exchange.project(), Use.UPLOAD, bucket + "/" + name, token);
        Write write = claims.getBoolean("upsert", false) ? Write.UPSERT : Write.INSERT;
        return uploads.upload(
                        exchange.context().as(new Caller.Service()), bucket, name, write, () -> UploadBody.of(exchange))
                .map(written -> uploaded(bucket, name, written));
    }
}
