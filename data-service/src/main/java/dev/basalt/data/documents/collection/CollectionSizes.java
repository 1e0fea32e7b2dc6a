package dev.basalt.data.documents.collection;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;

/** How many documents collections have, about, asked at most once a minute. Safe for use by any thread. */
@ApplicationScoped
public class CollectionSizes {
    private static final int MOST = 10_000;
    private static final Duration AGE = Duration.ofMinutes(1);

    /** As the planner reckons: how dense the rows were when they were last counted, times the pages of now; 40 to a page before that. */
    private static final String ESTIMATE = """
            select (pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int
              * case when c.reltuples > 0 and c.relpages > 0 then c.reltuples / c.relpages else 40 end)::bigint
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'documents'
            where c.relname = $1""";

    private final ProjectDatabases databases;
    private final Cache<Key, Long> known;

    @Inject
    CollectionSizes(ProjectDatabases databases, MeterRegistry metrics) {
        this.databases = databases;
        this.known = Caches.builder()
                .maximumSize(MOST)
                .expireAfterWrite(AGE)
                .recordStats()
                .build();
        CaffeineCacheMetrics.monitor(metrics, known, "basalt.data.documents.sizes");
    }

    private record Key(UUID project, String collection) {}

    /** About how many documents there are, of all parents, also those that the caller may not see. */
    public Future<Long> about(RequestContext context, String collection) {
        var key = new Key(context.project().id(), collection);
        var size = known.getIfPresent(key);
        if (size != null) {
            return Future.succeededFuture(size);
        }
        return databases
                .platformQuery(context, ESTIMATE, Tuple.of(collection))
                .map(rows -> {
                    long told = 0;
                    for (var row : rows) {
                        var estimate = row.getLong(0);
                        told = estimate == null ? 0 : estimate;
                    }
                    return told;
                })
                .onSuccess(told -> known.put(key, told));
    }
}
