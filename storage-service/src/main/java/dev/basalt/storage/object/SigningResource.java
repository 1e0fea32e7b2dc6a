package dev.basalt.storage.object;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.signing.SignedUrls;
import dev.basalt.storage.signing.SignedUrls.Use;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;

/** Makes signed URLs for downloads: {@code POST /object/sign/{bucket}[/{name}]}, for objects the caller sees. */
@ApplicationScoped
public class SigningResource {
    private static final int MOST = 1000;
    private static final long LONGEST_SECONDS = 10L * 366 * 24 * 3600;

    private final ObjectStore objects;
    private final SignedUrls signedUrls;

    @Inject
    SigningResource(ObjectStore objects, SignedUrls signedUrls) {
        this.objects = objects;
        this.signedUrls = signedUrls;
    }

    /** Registers the endpoints. */
    public void register(ApiRoutes.Api api) {
        api.post("/object/sign/:bucket", "object_sign_many", Access.KEY, this::signMany)
                .post("/object/sign/:bucket/*", "object_sign", Access.KEY, this::signOne);
    }

    private Future<Reply> signOne(Exchange exchange) {
        String bucket = exchange.path("bucket");
        String name = ObjectName.check(exchange.path("*"));
        return exchange.jsonObject().compose(body -> {
            Instant expiry = expiry(body);
            return objects.find(exchange.context(), bucket, name)
                    .map(found ->
                            Reply.json(200, new JsonObject().put("signedURL", url(exchange, bucket, name, expiry))));
        });
    }

    private Future<Reply> signMany(Exchange exchange) {
        String bucket = exchange.path("bucket");
        return exchange.jsonObject().compose(body -> {
            Instant expiry = expiry(body);
            if (!(body.getValue("paths") instanceof JsonArray paths)
                    || paths.isEmpty()
                    || paths.size() > MOST
                    || !paths.stream().allMatch(path -> path instanceof String text && text.indexOf('\0') < 0)) {
                throw ApiException.of(StorageError.INVALID_PARAMETER, "body/paths must hold 1 to " + MOST + " names");
            }
            List<String> names = paths.stream().map(String.class::cast).toList();
            return objects.visible(exchange.context(), bucket, names).map(visible -> {
                var signed = new JsonArray();
                for (String name : names) {
                    boolean there = visible.contains(name);
                    signed.add(new JsonObject()
                            .put(
                                    "error",
                                    there ? null : "Either the object does not exist or you do not have access to it")
                            .put("path", name)
                            .put("signedURL", there ? url(exchange, bucket, name, expiry) : null));
                }
                return Reply.json(200, signed);
            });
        });
    }

    private static Instant expiry(JsonObject body) {
        if (body.getValue("expiresIn") instanceof Number seconds
                && seconds.longValue() >= 1
                && seconds.longValue() <= LONGEST_SECONDS) {
            return Instant.now().plusSeconds(seconds.longValue());
        }
        throw ApiException.of(
                StorageError.INVALID_PARAMETER, "body/expiresIn must be 1 to " + LONGEST_SECONDS + " seconds");
    }

    /** With the object's name as it is: the clients percent-encode the whole. */
    private String url(Exchange exchange, String bucket, String name, Instant expiry) {
        String token = signedUrls.sign(exchange.project(), Use.DOWNLOAD, bucket + "/" + name, expiry, new JsonObject());
        return "/object/sign/" + bucket + "/" + name + "?token=" + token;
    }
}
