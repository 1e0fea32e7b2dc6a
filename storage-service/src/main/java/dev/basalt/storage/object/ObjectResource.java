package dev.basalt.storage.object;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.storage.bucket.Bucket;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.object.ObjectService.Route;
import dev.basalt.storage.object.ObjectStore.Write;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Everything done to objects without their content: list, move, copy, delete, and emptying a bucket. */
@ApplicationScoped
public class ObjectResource {
    private static final int MOST_DELETED = 1000;

    private final ObjectService objects;
    private final ObjectListing listing;

    @Inject
    ObjectResource(ObjectService objects, ObjectListing listing) {
        this.objects = objects;
        this.listing = listing;
    }

    /** Registers the endpoints. */
    public void register(ApiRoutes.Api api) {
        api.post(
                        "/object/list/:bucket",
                        "object_list",
                        Access.KEY,
                        exchange -> exchange.jsonObject()
                                .compose(body -> listing.list(exchange.context(), exchange.path("bucket"), body))
                                .map(json -> Reply.json(200, json)))
                .post("/object/move", "object_move", Access.KEY, this::move)
                .post("/object/copy", "object_copy", Access.KEY, this::copy)
                .post("/bucket/:bucket/empty", "bucket_empty", Access.KEY, this::empty)
                .delete("/object/:bucket", "object_delete_many", Access.KEY, this::deleteMany)
                .delete("/object/:bucket/*", "object_delete", Access.KEY, this::deleteOne);
    }

    private Future<Reply> move(Exchange exchange) {
        return exchange.jsonObject()
                .map(Route::of)
                .compose(route -> objects.move(exchange.context(), route))
                .map(moved -> Reply.json(200, new JsonObject().put("message", "Successfully moved")));
    }

    private Future<Reply> copy(Exchange exchange) {
        Write write = "true".equalsIgnoreCase(exchange.header("x-upsert")) ? Write.UPSERT : Write.INSERT;
        return exchange.jsonObject()
                .map(Route::of)
                .compose(route -> objects.copy(exchange.context(), write, route)
                        .map(copied -> Reply.json(
                                200,
                                new JsonObject()
                                        .put("Id", copied.id().toString())
                                        .put("Key", route.toBucket() + "/" + route.toName())
                                        .put("name", route.toName())
                                        .put("bucket_id", route.toBucket())
                                        .put("metadata", copied.metadata()))));
    }

    private Future<Reply> deleteOne(Exchange exchange) {
        String name = ObjectName.check(exchange.path("*"));
        return objects.delete(exchange.context(), exchange.path("bucket"), List.of(name))
                .map(deleted -> {
                    if (deleted.isEmpty()) {
                        throw ApiException.of(StorageError.NO_SUCH_KEY);
                    }
                    return Reply.json(200, new JsonObject().put("message", "Successfully deleted"));
                });
    }

    private Future<Reply> deleteMany(Exchange exchange) {
        return exchange.jsonObject().compose(body -> {
            if (!(body.getValue("prefixes") instanceof JsonArray names)
                    || names.isEmpty()
                    || names.size() > MOST_DELETED
                    || !names.stream().allMatch(String.class::isInstance)) {
                throw ApiException.of(
                        StorageError.INVALID_PARAMETER, "body/prefixes must hold 1 to " + MOST_DELETED + " names");
            }
            // A name that can't be is not there.
            List<String> wanted = names.stream()
                    .map(String.class::cast)
                    .filter(name -> name.indexOf('\0') < 0)
                    .toList();
            return objects.delete(exchange.context(), exchange.path("bucket"), wanted)
                    .map(deleted -> {
                        var rows = new JsonArray();
                        deleted.forEach(object -> rows.add(object.row()));
                        return Reply.json(200, rows);
                    });
        });
    }

    private Future<Reply> empty(Exchange exchange) {
        return objects.empty(exchange.context(), Bucket.checkName(exchange.path("bucket")))
                .map(emptied -> Reply.json(200, new JsonObject().put("message", "Successfully emptied")));
    }
}
