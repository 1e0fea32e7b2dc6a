package dev.basalt.control.usage;

import dev.basalt.control.project.ProjectAccess;
import dev.basalt.control.project.ProjectRegistry;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.usage.UsageFlusher;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** {@code GET /platform/v1/projects/{ref}/usage?from&to&granularity}: sums and a series by service and operation. */
@ApplicationScoped
class UsageResource implements ApiResource {
    private final ProjectRegistry projects;
    private final UsageStore store;
    private final UsageFlusher flusher;

    @Inject
    UsageResource(ProjectRegistry projects, UsageStore store, UsageFlusher flusher) {
        this.projects = projects;
        this.store = store;
        this.flusher = flusher;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1/projects/:ref/usage", new ProblemDetails())
                .get("", "usage.show", Access.PLATFORM, this::show);
    }

    private Future<Reply> show(Exchange exchange) {
        var ref = ProjectAccess.ref(exchange);
        var query = UsageQuery.parse(
                exchange.query("from"), exchange.query("to"), exchange.query("granularity"), Instant.now());
        // What this process has counted is in the answer; other replicas follow within their flush interval.
        return flusher.flush()
                .compose(flushed -> projects.find(ref))
                .compose(project -> store.sums(project.id(), query))
                .map(sums -> Reply.json(200, sums));
    }
}
