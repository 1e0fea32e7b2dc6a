package dev.basalt.data.documents.collection;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.SchemaCaches;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Caches;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The collections of the projects in use, from memory: they are read again whenever the project's schema is. Safe for use by
 * any thread.
 */
@ApplicationScoped
public class Collections {
    private final SchemaCaches schemas;
    private final CollectionStore store;
    private final ExpirySweeper sweeper;
    private final Cache<UUID, Known> known;

    @Inject
    Collections(SchemaCaches schemas, CollectionStore store, ExpirySweeper sweeper, SchemaConfig config) {
        this.sweeper = sweeper;
        this.schemas = schemas;
        this.store = store;
        this.known = Caches.builder()
                .maximumSize(config.maxProjects())
                .expireAfterAccess(config.idle())
                .build();
    }

    /** The collections as one generation of the project's schema has them. */
    private record Known(long generation, Map<String, Collection> all) {}

    /** The collection to read; fails with {@link DocumentError#UNKNOWN_COLLECTION}. */
    public Future<Collection> find(RequestContext context, String name) {
        return find(context, Set.of(name)).map(found -> found.get(name));
    }

    /** The collections to read, by name; fails with {@link DocumentError#UNKNOWN_COLLECTION} if one is missing. */
    public Future<Map<String, Collection>> find(RequestContext context, Set<String> names) {
        return schemas.get(context)
                .compose(schema -> of(context, schema)
                        .compose(all -> all.keySet().containsAll(names)
                                ? Future.succeededFuture(all)
                                : schemas.newerThan(schema, context).compose(newer -> of(context, newer))))
                .map(all -> {
                    names.forEach(name -> require(context, all, name));
                    return all;
                });
    }

    /** The collections to write to, by name: the project's own server makes those that are missing. */
    public Future<Map<String, Collection>> findOrCreate(RequestContext context, Set<String> names) {
        if (!(context.caller() instanceof Caller.Service)) {
            return find(context, names);
        }
        return schemas.get(context).compose(schema -> of(context, schema)).compose(all -> {
            Future<?> made = Future.succeededFuture();
            for (var name : names) {
                if (!all.containsKey(name)) {
                    made = made.compose(_ -> store.create(context, name));
                }
            }
            return all.keySet().containsAll(names)
                    ? find(context, names)
                    : made.compose(_ -> schemas.changed(context)).compose(_ -> find(context, names));
        });
    }

    private void require(RequestContext context, Map<String, Collection> all, String name) {
        var collection = all.get(name);
        if (collection == null) {
            throw ApiException.of(DocumentError.UNKNOWN_COLLECTION);
        }
        if (collection.expires()) {
            sweeper.use(context.project(), name);
        }
    }

    private Future<Map<String, Collection>> of(RequestContext context, SchemaCache schema) {
        var project = context.project().id();
        var kept = known.getIfPresent(project);
        if (kept != null && kept.generation() == schema.generation()) {
            return Future.succeededFuture(kept.all());
        }
        // Kept once it is there: two that load at once cost a query, and nobody waits for another's event loop.
        return store.list(context).onSuccess(all -> known.put(project, new Known(schema.generation(), all)));
    }
}
