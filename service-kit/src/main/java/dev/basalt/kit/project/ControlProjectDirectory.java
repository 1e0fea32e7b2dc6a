package dev.basalt.kit.project;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.work.Caches;
import dev.basalt.kit.work.Loads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.Future;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The directory over the control database: two bounded caches, emptied of a project when PostgreSQL notifies that it
 * changed, and read again by age in case a notification was lost. While the database is away, what is in memory serves.
 */
@Singleton
public class ControlProjectDirectory implements ProjectDirectory {
    private static final Logger LOG = Logger.getLogger(ControlProjectDirectory.class);
    private static final String CHANNEL = "basalt_directory";
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private final AsyncLoadingCache<String, Optional<Project>> byRef;
    private final AsyncLoadingCache<String, Optional<String>> refByKeyHash;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final ControlDatabase database;
    private @Nullable PgSubscriber subscriber;
    private volatile boolean closing;

    @Inject
    public ControlProjectDirectory(
            ProjectStore store, ControlDatabase database, ProjectsConfig config, MeterRegistry metrics) {
        this.database = database;
        this.byRef = cache(
                config, (ref, executor) -> store.byRef(ref).toCompletionStage().toCompletableFuture());
        this.refByKeyHash = cache(
                config,
                (hash, executor) -> store.refByKeyHash(hash).toCompletionStage().toCompletableFuture());
        CaffeineCacheMetrics.monitor(metrics, byRef, "basalt.directory.projects");
        CaffeineCacheMetrics.monitor(metrics, refByKeyHash, "basalt.directory.keys");
    }

    private static <V> AsyncLoadingCache<String, V> cache(ProjectsConfig config, AsyncCacheLoader<String, V> loader) {
        return Caches.builder()
                .maximumSize(config.cacheSize())
                .refreshAfterWrite(config.cacheRefresh())
                .expireAfterWrite(MAX_AGE)
                .recordStats()
                .buildAsync(loader);
    }

    /** Starts to listen for changes; called once the control database is migrated. */
    public Future<Void> listen() {
        var listening = database.subscriber();
        this.subscriber = listening;
        listening.channel(CHANNEL).handler(this::changed);
        listening.closeHandler(lost -> {
            if (!closing) {
                LOG.warn("lost the connection that hears of changed projects");
            }
        });
        // What changed while nobody listened is unknown, so everything is read anew.
        listening.channel(CHANNEL).subscribeHandler(again -> {
            byRef.synchronous().invalidateAll();
            refByKeyHash.synchronous().invalidateAll();
        });
        return listening.connect();
    }

    @Override
    public Future<Optional<Project>> byRef(String ref) {
        return Loads.future(byRef.get(ref));
    }

    @Override
    public Future<Optional<Project>> byKeyHash(String keyHash) {
        return Loads.future(refByKeyHash.get(keyHash)).compose(ref -> {
            if (ref.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            return byRef(ref.get());
        });
    }

    @Override
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    @Override
    public void changed(String ref) {
        byRef.synchronous().invalidate(ref);
        // Keys are few and unknown ones are kept too: a new key must not wait for its negative entry to age.
        refByKeyHash.synchronous().invalidateAll();
        listeners.forEach(listener -> listener.accept(ref));
    }

    @PreDestroy
    void close() {
        closing = true;
        if (subscriber != null) {
            subscriber.close();
        }
    }
}
