package dev.basalt.control.invocation;

import dev.basalt.control.project.ProjectContexts;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /platform/v1/projects/{ref}[/functions/{name}]/invocations?outcome&kind&from&to&id&limit&cursor}, one of them by
 * {@code …/invocations/{id}}, and with {@code Accept: text/event-stream} what happens from now on.
 */
@ApplicationScoped
class InvocationResource implements ApiResource {
    private static final String EVENT_STREAM = "text/event-stream";

    private final InvocationStore store;
    private final InvocationTail tail;
    private final ProjectContexts projects;

    @Inject
    InvocationResource(InvocationStore store, InvocationTail tail, ProjectContexts projects) {
        this.store = store;
        this.tail = tail;
        this.projects = projects;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .get("/projects/:ref/invocations", "invocation.list", Access.PLATFORM, exchange -> list(exchange, null))
                .get(
                        "/projects/:ref/invocations/:id",
                        "invocation.show",
                        Access.PLATFORM,
                        exchange -> show(exchange, null))
                .get(
                        "/projects/:ref/functions/:name/invocations",
                        "invocation.list",
                        Access.PLATFORM,
                        exchange -> list(exchange, exchange.path("name")))
                .get(
                        "/projects/:ref/functions/:name/invocations/:id",
                        "invocation.show",
                        Access.PLATFORM,
                        exchange -> show(exchange, exchange.path("name")));
    }

    private Future<Reply> list(Exchange exchange, @Nullable String function) {
        var accept = exchange.header(HttpHeaders.ACCEPT);
        if (accept != null && accept.contains(EVENT_STREAM)) {
            return follow(exchange, function);
        }
        return projects.project(exchange)
                .compose(project -> store.page(project.id(), InvocationQuery.of(exchange, function)))
                .map(page -> Reply.json(200, page));
    }

    private Future<Reply> show(Exchange exchange, @Nullable String function) {
        return projects.project(exchange)
                .compose(project -> store.find(project.id(), function, id(exchange)))
                .map(found ->
                        Reply.json(200, found.orElseThrow(() -> ApiException.of(FunctionError.INVOCATION_NOT_FOUND))));
    }

    private Future<Reply> follow(Exchange exchange, @Nullable String function) {
        InvocationQuery.refuseFilters(exchange);
        return projects.project(exchange)
                .compose(project -> tail.follow(project.id(), function))
                .map(stream -> {
                    exchange.abandoned().onComplete(gone -> stream.close());
                    return Reply.stream(200, stream, stream::close)
                            .with(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                            .with(HttpHeaders.CACHE_CONTROL, "no-store");
                });
    }

    private static UUID id(Exchange exchange) {
        try {
            return UUID.fromString(exchange.path("id"));
        } catch (IllegalArgumentException notAnId) {
            throw ApiException.of(FunctionError.INVOCATION_NOT_FOUND);
        }
    }
}
