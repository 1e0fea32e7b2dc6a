package dev.basalt.storage.sweep;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.blob.ListedBlob;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Clears blobs that no object names: what uploads left that were cut off between blob and row. Only projects that were
 * written to since their last sweep are looked at, so an idle one costs nothing. Safe for use by any thread, and from
 * several replicas at once.
 */
@ApplicationScoped
public class BlobSweeper {
    private static final int PAGE = 500;
    private static final int MOST_REMEMBERED = 100_000;

    private final BlobStore blobs;
    private final ProjectDatabases databases;
    private final Map<UUID, Project> written = new ConcurrentHashMap<>();

    @Inject
    BlobSweeper(BlobStore blobs, ProjectDatabases databases) {
        this.blobs = blobs;
        this.databases = databases;
    }

    /** Remembers that a project may have blobs to clear one day. */
    public void written(Project project) {
        if (written.size() < MOST_REMEMBERED) {
            written.put(project.id(), project);
        }
    }

    /** Sweeps every project that was written to since the last call; one that fails is tried again by the next. */
    Future<Integer> sweepWritten(Duration age) {
        Future<Integer> all = Future.succeededFuture(0);
        for (Project project : List.copyOf(written.values())) {
            written.remove(project.id());
            all = all.compose(count -> sweep(project, age)
                    .onFailure(failure -> written(project))
                    .otherwise(0)
                    .map(more -> count + more));
        }
        return all;
    }

    /**
     * Deletes the blobs of a project that are older than an age and that no object names.
     *
     * @return how many were deleted
     */
    public Future<Integer> sweep(Project project, Duration age) {
        return sweep(project, Instant.now().minus(age), null, 0);
    }

    private Future<Integer> sweep(Project project, Instant before, @Nullable BlobKey after, int count) {
        return blobs.list(project.id().toString(), after, PAGE).compose(page -> {
            if (page.isEmpty()) {
                return Future.succeededFuture(count);
            }
            List<BlobKey> old = page.stream()
                    .filter(blob -> blob.storedAt().isBefore(before))
                    .map(ListedBlob::key)
                    .toList();
            return unnamed(project, old)
                    .compose(unnamed -> deleteAll(unnamed).map(count + unnamed.size()))
                    .compose(total -> sweep(project, before, page.getLast().key(), total));
        });
    }

    private Future<Set<BlobKey>> unnamed(Project project, List<BlobKey> keys) {
        if (keys.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        String[] versions = keys.stream().map(BlobKey::value).toArray(String[]::new);
        return databases
                .platformQuery(
                        RequestContext.internal("blob-sweep", project, 0),
                        "select version from storage.objects where version = any($1)",
                        Tuple.of((Object) versions))
                .map(rows -> {
                    var unnamed = new HashSet<>(keys);
                    rows.forEach(row -> BlobKey.parse(row.getString(0)).ifPresent(unnamed::remove));
                    return unnamed;
                });
    }

    private Future<Void> deleteAll(Set<BlobKey> keys) {
        Future<Void> all = Future.succeededFuture();
        for (BlobKey key : keys) {
            all = all.compose(done -> blobs.delete(key));
        }
        return all;
    }
}
