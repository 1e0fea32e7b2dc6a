package dev.basalt.data.documents.read;

import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.documents.collection.CollectionSizes;
import dev.basalt.data.documents.collection.Collections;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Tells the project's own server when a query looks through a whole collection of some size, and which index would spare that. Nobody else is
 * told: how large a collection is may be more than its policies show. Safe for use by any thread.
 */
@ApplicationScoped
class QueryHints {
    private static final Logger LOG = Logger.getLogger(QueryHints.class);

    private final Collections collections;
    private final CollectionSizes sizes;
    private final int from;

    @Inject
    QueryHints(Collections collections, CollectionSizes sizes, DocumentsConfig config) {
        this.collections = collections;
        this.sizes = sizes;
        this.from = config.hintFrom();
    }

    /**
     * {@code {"message": "…", "index": {"fields": […]}}}, or empty. Never fails: an answer does without it.
     *
     * @param order what the answer is sorted by; of aggregates nothing
     */
    Future<Optional<JsonObject>> of(RequestContext context, DocumentQuery query, List<OrderTerm> order) {
        if (from == 0 || !(context.caller() instanceof Caller.Service)) {
            return Future.succeededFuture(Optional.empty());
        }
        var name = query.collection().collection();
        return collections
                .find(context, name)
                .compose(collection -> IndexAdvice.of(query.asked().where(), order, query.group(), collection.indexes())
                        .map(index -> sizes.about(context, name)
                                .map(size ->
                                        size < from ? Optional.<JsonObject>empty() : Optional.of(hint(size, index))))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())))
                .otherwise(failure -> {
                    LOG.debugf(failure, "no size of the collection %s for a hint", name);
                    return Optional.empty();
                });
    }

    private static JsonObject hint(long size, JsonObject index) {
        return new JsonObject()
                .put(
                        "message",
                        "No index serves this query, which looks through all of about " + size
                                + " documents; declare this one")
                .put("index", index);
    }
}
