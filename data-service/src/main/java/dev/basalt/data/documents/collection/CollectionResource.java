package dev.basalt.data.documents.collection;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentFailure;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.Path;
import dev.basalt.data.schema.SchemaCaches;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.request.RequestInfo;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code /platform/v1/projects/{ref}/collections}: list, declare, show and delete collections. */
@ApplicationScoped
class CollectionResource implements ApiResource {
    private static final String ONE = "/projects/:ref/collections/:collection";

    private final Vertx vertx;
    private final ProjectDirectory directory;
    private final ProjectDatabases databases;
    private final SchemaCaches schemas;
    private final CollectionStore store;
    private final CollectionDdl ddl;

    @Inject
    CollectionResource(
            Vertx vertx,
            ProjectDirectory directory,
            ProjectDatabases databases,
            SchemaCaches schemas,
            CollectionStore store,
            CollectionDdl ddl) {
        this.vertx = vertx;
        this.directory = directory;
        this.databases = databases;
        this.schemas = schemas;
        this.store = store;
        this.ddl = ddl;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .get("/projects/:ref/collections", "collection.list", Access.PLATFORM, this::list)
                .get(ONE, "collection.show", Access.PLATFORM, this::show)
                .put(ONE, "collection.declare", Access.PLATFORM, this::declare)
                .delete(ONE, "collection.delete", Access.PLATFORM, this::delete);
    }

    private Future<Reply> list(Exchange exchange) {
        return context(exchange).compose(store::list).map(all -> {
            var names = new JsonArray();
            all.keySet().stream().sorted().forEach(names::add);
            return Reply.json(200, new JsonObject().put("collections", names));
        });
    }

    private Future<Reply> show(Exchange exchange) {
        var name = name(exchange);
        return context(exchange)
                .compose(context -> known(context, name)
                        .compose(_ -> store.find(context, name))
                        .map(declared -> Reply.json(
                                200,
                                declared.orElseGet(() -> new JsonObject().put("indexes", new JsonArray()))
                                        .put("name", name))));
    }

    /** What is declared replaces what was; a collection that is not there is made. */
    private Future<Reply> declare(Exchange exchange) {
        var name = name(exchange);
        return context(exchange)
                .compose(context -> exchange.body()
                        .map(CollectionConfig::parse)
                        .compose(config -> checked(config)
                                .compose(_ -> store.create(context, name))
                                .compose(_ -> ddl.apply(context, name, config))
                                .compose(_ -> store.save(context, name, config)))
                        .compose(_ -> schemas.changed(context))
                        .compose(_ -> show(exchange)))
                .recover(DocumentFailure::worded);
    }

    private Future<?> checked(CollectionConfig config) {
        var schema = config.schema();
        return schema == null ? Future.succeededFuture() : Blocking.call(vertx, () -> DocumentSchema.compile(schema));
    }

    private Future<Reply> delete(Exchange exchange) {
        var name = name(exchange);
        boolean force = "true".equals(exchange.query("force"));
        return context(exchange)
                .compose(context -> known(context, name)
                        .compose(_ -> force ? Future.succeededFuture() : requireEmpty(context, name))
                        .compose(_ -> ddl.drop(context, name))
                        .compose(_ -> store.forget(context, name))
                        .compose(_ -> schemas.changed(context)))
                .map(_ -> Reply.empty(204))
                .recover(DocumentFailure::worded);
    }

    private Future<Void> known(RequestContext context, String name) {
        return store.list(context).map(all -> {
            if (!all.containsKey(name)) {
                throw ApiException.of(DocumentError.UNKNOWN_COLLECTION);
            }
            return null;
        });
    }

    private Future<Void> requireEmpty(RequestContext context, String name) {
        var sql = "select exists (select from " + DocumentSql.table(name) + ")";
        return databases.query(context, Mode.READ, sql, Tuple.tuple()).map(rows -> {
            if (rows.iterator().next().getBoolean(0)) {
                throw ApiException.of(DocumentError.NOT_EMPTY);
            }
            return null;
        });
    }

    private static String name(Exchange exchange) {
        var name = exchange.path("collection");
        if (!Path.COLLECTION.matcher(name).matches()) {
            throw ApiException.of(DocumentError.INVALID_PATH, "'" + name + "' is no name of a collection");
        }
        return name;
    }

    /** The project in the path, if the caller may administer it: the operator every one, a project's own server that one. */
    private Future<RequestContext> context(Exchange exchange) {
        var ref = exchange.path("ref");
        if (exchange.caller() instanceof Caller.Operator) {
            return directory
                    .byRef(ref)
                    .map(project ->
                            context(exchange, project.orElseThrow(() -> ApiException.of(KitError.PROJECT_NOT_FOUND))));
        }
        if (!exchange.project().ref().equals(ref)) {
            throw ApiException.of(KitError.PROJECT_NOT_FOUND);
        }
        return Future.succeededFuture(context(exchange, exchange.project()));
    }

    private static RequestContext context(Exchange exchange, Project project) {
        return new RequestContext(
                exchange.requestId(),
                project,
                new Caller.Service(),
                RequestInfo.of(exchange.request()),
                exchange.meter(),
                0);
    }
}
