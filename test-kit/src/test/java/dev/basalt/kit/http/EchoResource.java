package dev.basalt.kit.http;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Endpoints that show what the chain made of a request. */
@ApplicationScoped
class EchoResource implements ApiResource {
    private final ProjectDatabases databases;

    @Inject
    EchoResource(ProjectDatabases databases) {
        this.databases = databases;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/echo", new ProblemDetails())
                .withBodyLimit(1000)
                .get("/open", "open", Access.OPEN, this::who)
                .get("/key", "key", Access.KEY, this::who)
                .get("/user", "user", Access.USER, this::who)
                .get("/secret", "secret", Access.SECRET, this::who)
                .get("/database", "database", Access.KEY, this::database)
                .get("/broken", "broken", Access.KEY, exchange -> {
                    throw new IllegalStateException("a private detail");
                })
                .post(
                        "/json",
                        "json",
                        Access.KEY,
                        exchange -> exchange.jsonObject().map(body -> Reply.json(200, body)));
    }

    private Future<Reply> who(Exchange exchange) {
        return Future.succeededFuture(Reply.json(
                200,
                new JsonObject()
                        .put("project", exchange.project().ref())
                        .put("role", exchange.caller().role().databaseName())
                        .put(
                                "user",
                                exchange.caller() instanceof Caller.User user
                                        ? user.id().toString()
                                        : null)));
    }

    private Future<Reply> database(Exchange exchange) {
        return databases
                .query(
                        exchange.context(),
                        ProjectDatabases.Mode.READ,
                        "select current_user::text, auth.role(), current_setting('request.path')",
                        Tuple.tuple())
                .map(rows -> rows.iterator().next())
                .map(row -> Reply.json(
                        200,
                        new JsonObject()
                                .put("user", row.getString(0))
                                .put("role", row.getString(1))
                                .put("path", row.getString(2))));
    }
}
