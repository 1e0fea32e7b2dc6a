package dev.basalt.control.project;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.request.RequestInfo;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The project that a path names, for whoever may administer it. Safe for use by any thread. */
@ApplicationScoped
public class ProjectContexts {
    private final ProjectDirectory projects;

    @Inject
    ProjectContexts(ProjectDirectory projects) {
        this.projects = projects;
    }

    /** Fails with {@link KitError#PROJECT_NOT_FOUND}. */
    public Future<Project> project(Exchange exchange) {
        return projects.byRef(ProjectAccess.ref(exchange))
                .map(found -> found.orElseThrow(() -> ApiException.of(KitError.PROJECT_NOT_FOUND)));
    }

    /** The operator's requests belong to no project, so the work is done in the name of the project's own server. */
    public RequestContext context(Exchange exchange, Project project) {
        return new RequestContext(
                exchange.requestId(),
                project,
                exchange.caller(),
                RequestInfo.of(exchange.request()),
                exchange.meter(),
                0);
    }
}
