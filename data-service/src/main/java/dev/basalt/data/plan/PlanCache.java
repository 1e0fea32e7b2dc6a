package dev.basalt.data.plan;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;

/**
 * The plans of all projects by schema generation and request shape.
 *
 * <p>Bounded by the text it holds; plans of a schema that was reloaded age out. Safe for use by any thread.
 */
public final class PlanCache {
    /** What a plan costs beside its text, roughly: the key's records and the cache's own. */
    private static final int OVERHEAD = 1_000;

    private final Cache<Key, Statement> plans;
    private final PlanSettings settings;

    /**
     * An empty cache, reported as {@code basalt.data.plans}.
     *
     * @param maximumBytes the most that all plans may take, roughly
     */
    public PlanCache(long maximumBytes, PlanSettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.plans = Caches.builder()
                .maximumWeight(maximumBytes)
                .weigher((Key key, Statement plan) -> plan.sql().length() + OVERHEAD)
                .recordStats()
                .build();
        CaffeineCacheMetrics.monitor(metrics, plans, "basalt.data.plans");
    }

    /** The plan of a request, made now if it is not kept. Refusals are not kept. */
    public Statement plan(SchemaCache schema, DataRequest request) {
        var key = new Key(schema.generation(), request);
        var plan = plans.getIfPresent(key);
        if (plan == null) {
            plan = Planner.plan(schema, settings, request);
            plans.put(key, plan);
        }
        return plan;
    }

    private record Key(long generation, DataRequest request) {}
}
