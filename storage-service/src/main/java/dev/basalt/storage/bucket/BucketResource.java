package dev.basalt.storage.bucket;

import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.storage.error.StorageFailures;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code /storage/v1/bucket}: create, read, list, update and delete buckets. */
@ApplicationScoped
public class BucketResource {
    private final BucketStore buckets;

    @Inject
    BucketResource(BucketStore buckets) {
        this.buckets = buckets;
    }

    /** Registers the endpoints. */
    public void register(ApiRoutes.Api api) {
        api.get(
                        "/bucket",
                        "bucket_list",
                        Access.KEY,
                        exchange -> buckets.list(exchange.context()).map(json -> Reply.json(200, json)))
                .post("/bucket", "bucket_create", Access.KEY, this::create)
                .get(
                        "/bucket/:id",
                        "bucket_get",
                        Access.KEY,
                        exchange -> buckets.get(exchange.context(), exchange.path("id"))
                                .map(json -> Reply.json(200, json)))
                .put("/bucket/:id", "bucket_update", Access.KEY, this::update)
                .delete(
                        "/bucket/:id",
                        "bucket_delete",
                        Access.KEY,
                        exchange -> buckets.delete(exchange.context(), exchange.path("id"))
                                .map(deleted -> message("Successfully deleted")));
    }

    private Future<Reply> create(Exchange exchange) {
        return exchange.jsonObject().compose(body -> {
            String name = Bucket.checkName(StorageFailures.requiredText(body, "name"));
            String id = body.getValue("id") instanceof String given ? Bucket.checkName(given) : name;
            return buckets.create(exchange.context(), id, name, BucketRequest.of(body))
                    .map(created -> Reply.json(200, new JsonObject().put("name", name)));
        });
    }

    private Future<Reply> update(Exchange exchange) {
        return exchange.jsonObject()
                .compose(body -> buckets.update(exchange.context(), exchange.path("id"), BucketRequest.of(body)))
                .map(updated -> message("Successfully updated"));
    }

    private static Reply message(String text) {
        return Reply.json(200, new JsonObject().put("message", text));
    }
}
