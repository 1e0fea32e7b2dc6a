package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.sql.SqlService;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/**
 * {@code POST /documents/v1:commit}: documents and SQL in one transaction. SQL is for the project's own server, and runs as
 * {@code /sql/v1} runs it.
 */
@ApplicationScoped
class CommitResource implements ApiResource {
    private static final int LARGE = 256 * 1024;

    private final Vertx vertx;
    private final WriteService service;
    private final SqlService sql;
    private final DocumentsConfig config;

    @Inject
    CommitResource(Vertx vertx, WriteService service, SqlService sql, DocumentsConfig config) {
        this.vertx = vertx;
        this.service = service;
        this.sql = sql;
        this.config = config;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/documents/v1", new ProblemDetails())
                .withBodyLimit(config.commitLimit().asLongValue())
                .matching(HttpMethod.POST, ":commit", "documents.commit", Access.KEY, this::commit);
    }

    private Future<Reply> commit(Exchange exchange) {
        if (!exchange.contentType().equals("application/json")) {
            throw ApiException.of(KitError.UNSUPPORTED_MEDIA_TYPE);
        }
        return exchange.body()
                .compose(this::parsed)
                .compose(request -> {
                    var statements = request.sql();
                    if (statements == null) {
                        return service.write(exchange.context(), request.writes())
                                .map(written -> Buffer.buffer("{\"writes\":" + json(written) + "}"));
                    }
                    if (!(exchange.caller() instanceof Caller.Service)) {
                        throw ApiException.of(KitError.FORBIDDEN, "SQL is for the secret key");
                    }
                    return service.writeWith(
                                    exchange.context(),
                                    request.writes(),
                                    connection -> sql.within(connection, statements))
                            .map(done -> Buffer.buffer("{\"writes\":" + json(done.written()) + ",\"sql\":")
                                    .appendBuffer(done.result())
                                    .appendString("}"));
                })
                .map(answer -> Reply.json(200, answer));
    }

    /** A large commit takes its time to be read, and others wait for the event loop. */
    private Future<CommitRequest> parsed(Buffer body) {
        return body.length() > LARGE
                ? Blocking.call(vertx, () -> CommitRequest.parse(body, config.maxWrites()))
                : Future.succeededFuture(CommitRequest.parse(body, config.maxWrites()));
    }

    private static String json(List<Written> written) {
        var json = new JsonArray();
        for (var one : written) {
            var item = new JsonObject().put("path", one.write().path().toString());
            switch (one.operation()) {
                case INSERT -> item.put("action", "created").put("version", one.version());
                case UPDATE -> item.put("action", "updated").put("version", one.version());
                case DELETE -> item.put("action", "deleted");
                case null -> item.put("action", "none");
            }
            json.add(item);
        }
        return json.encode();
    }
}
