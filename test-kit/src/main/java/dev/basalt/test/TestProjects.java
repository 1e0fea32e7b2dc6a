package dev.basalt.test;

import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.schema.ProjectFactory;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Makes projects for tests and waits for futures; never called on an event loop. */
@ApplicationScoped
public class TestProjects {
    private static final int TIMEOUT_SECONDS = 60;
    private final ProjectFactory factory;
    private final ProjectDirectory directory;

    @Inject
    TestProjects(ProjectFactory factory, ProjectDirectory directory) {
        this.factory = factory;
        this.directory = directory;
    }

    /** Makes a project, on a database of its own. */
    public NewProject create(String ref) {
        return await(factory.create(ref, ref));
    }

    /** The project as the services see it. */
    public Project project(String ref) {
        return await(directory.byRef(ref)).orElseThrow();
    }

    /** Waits for a future and throws its failure, if that is unchecked, as it is. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
