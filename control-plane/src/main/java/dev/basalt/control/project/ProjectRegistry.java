package dev.basalt.control.project;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** The projects' rows, by Hibernate Reactive. Safe for use by any thread with a Vert.x context. */
@ApplicationScoped
public class ProjectRegistry {
    private static final String ACTIVE = "active";
    private static final String PAUSED = "paused";
    private static final String DELETING = "deleting";
    private final Mutiny.SessionFactory sessions;

    @Inject
    ProjectRegistry(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** A page of projects in the order of their refs, those in deletion included. */
    public Future<List<ProjectView>> list(int limit, int offset) {
        return UniHelper.toFuture(sessions.withSession(
                session -> session.createQuery("from ProjectEntity order by ref", ProjectEntity.class)
                        .setMaxResults(limit)
                        .setFirstResult(offset)
                        .getResultList()
                        .map(rows -> rows.stream().map(ProjectView::of).toList())));
    }

    /** Fails with {@link KitError#PROJECT_NOT_FOUND}. */
    public Future<ProjectView> find(String ref) {
        return UniHelper.toFuture(
                sessions.withSession(session -> byRef(session, ref).map(ProjectView::of)));
    }

    /** Pauses a project: its data stays, its requests are refused. */
    Future<ProjectView> pause(String ref) {
        return change(ref, project -> {
            refuseUnlessIn(project, ACTIVE, PAUSED);
            project.status = PAUSED;
        });
    }

    /** Takes a project up again that was paused, or whose deletion's grace time has not passed. */
    Future<ProjectView> resume(String ref) {
        return change(ref, project -> {
            project.status = ACTIVE;
            project.deletedAt = null;
        });
    }

    Future<ProjectView> rename(String ref, String name) {
        return change(ref, project -> project.name = name);
    }

    /** Begins the deletion: requests are refused from now on, the data goes when the grace time has passed. */
    Future<ProjectView> delete(String ref) {
        return change(ref, project -> {
            if (!DELETING.equals(project.status)) {
                project.status = DELETING;
                project.deletedAt = Instant.now();
            }
        });
    }

    private interface Change {
        void apply(ProjectEntity project);
    }

    private Future<ProjectView> change(String ref, Change change) {
        return UniHelper.toFuture(sessions.withTransaction(
                session -> byRef(session, ref).map(project -> {
                    change.apply(project);
                    project.updatedAt = Instant.now();
                    return ProjectView.of(project);
                })));
    }

    private static void refuseUnlessIn(ProjectEntity project, String... states) {
        if (!List.of(states).contains(project.status)) {
            throw ApiException.of(PlatformError.WRONG_STATUS, "The project is " + project.status);
        }
    }

    private static Uni<ProjectEntity> byRef(Mutiny.Session session, String ref) {
        return session.createQuery("from ProjectEntity where ref = :ref", ProjectEntity.class)
                .setParameter("ref", ref)
                .getSingleResultOrNull()
                .onItem()
                .ifNull()
                .failWith(() -> ApiException.of(KitError.PROJECT_NOT_FOUND));
    }
}
