package dev.basalt.storage.object;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.Project;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import org.jboss.logging.Logger;

/** The blobs of a project's objects: where new ones go, and the end of those that no object names any more. */
@ApplicationScoped
public class Blobs {
    private static final Logger LOG = Logger.getLogger(Blobs.class);

    private final BlobStore store;

    @Inject
    Blobs(BlobStore store) {
        this.store = store;
    }

    /** A key for a new object. The project's id is its namespace: a ref may be given to another project one day. */
    public static BlobKey fresh(Project project) {
        return BlobKey.fresh(namespace(project));
    }

    /** The namespace of a project's blobs. */
    public static String namespace(Project project) {
        return project.id().toString();
    }

    /**
     * Deletes the blob of a row that was refused. When the connection broke the row may have been committed: then the blob
     * stays, and the sweeper finds out later.
     */
    public void discardRefused(BlobKey key, Throwable failure) {
        if (failure instanceof PgException || failure instanceof ApiException) {
            discard(List.of(key.value()));
        }
    }

    /** Deletes blobs whose rows are gone for sure. What fails is left to the sweeper. */
    public void discard(Collection<String> versions) {
        for (String version : versions) {
            BlobKey.parse(version)
                    .ifPresent(key -> store.delete(key)
                            .onFailure(failure -> LOG.warnf(failure, "blob %s is left to the sweeper", key)));
        }
    }
}
