package dev.basalt.control.function;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.ArtifactStore;
import dev.basalt.kit.function.FunctionChecker;
import dev.basalt.kit.function.FunctionChecker.BuildFailure;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Deploys functions: files are checked, stored, their triggers installed and the version written, in this order. What fails
 * leaves the version before as it was. Safe for use by any thread.
 */
@ApplicationScoped
class FunctionDeployment {
    private static final Logger LOG = Logger.getLogger(FunctionDeployment.class);
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String FORBIDDEN = "42501";

    private final Vertx vertx;
    private final FunctionStore store;
    private final ArtifactStore artifacts;
    private final FunctionChecker checker;
    private final ProjectDatabases databases;

    @Inject
    FunctionDeployment(
            Vertx vertx,
            FunctionStore store,
            ArtifactStore artifacts,
            FunctionChecker checker,
            ProjectDatabases databases) {
        this.vertx = vertx;
        this.store = store;
        this.artifacts = artifacts;
        this.checker = checker;
        this.databases = databases;
    }

    private record Packed(FunctionUpload upload, Buffer bytes, String digest) {}

    private record Stored(String blob, boolean fresh) {}

    /** A function as it now is, and whether its files could be checked. */
    record Deployed(FunctionView function, boolean checked, boolean created) {}

    Future<List<FunctionView>> list(Project project) {
        return store.list(project.id());
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    Future<FunctionView> find(Project project, String name) {
        return store.find(project.id(), name)
                .map(found -> found.orElseThrow(() -> ApiException.of(FunctionError.FUNCTION_NOT_FOUND)));
    }

    /** Deploys what the supplier reads; it may block, and throws as {@link FunctionUpload#ofJson}. */
    Future<Deployed> deploy(RequestContext context, String name, Supplier<FunctionUpload> upload) {
        var project = context.project();
        return Blocking.call(vertx, () -> pack(upload.get()))
                .compose(packed -> check(packed.upload())
                        .compose(checked -> store.find(project.id(), name)
                                .compose(before -> storeFiles(packed, before)
                                        .compose(stored -> switchOver(context, name, packed, stored, before)))
                                .compose(done -> find(project, name))
                                .map(function -> new Deployed(function, checked, function.version() == 1))));
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    Future<Void> delete(RequestContext context, String name) {
        return store.delete(context.project().id(), name).compose(blobs -> {
            forget(blobs);
            return install(context, name, List.of());
        });
    }

    private static Packed pack(FunctionUpload upload) {
        var bytes = upload.files().pack();
        return new Packed(upload, bytes, ArtifactFiles.digest(bytes));
    }

    /** Answers whether the files were checked at all: a deployment does not wait for a function host that is away. */
    private Future<Boolean> check(FunctionUpload upload) {
        return checker.check(upload.manifest(), upload.files()).transform(result -> {
            if (result.succeeded()) {
                return result.result().isEmpty()
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(refusal(result.result().get()));
            }
            if (result.cause() instanceof ApiException away && away.error() == FunctionError.FUNCTIONS_UNAVAILABLE) {
                return Future.succeededFuture(false);
            }
            return Future.failedFuture(result.cause());
        });
    }

    private static ApiException refusal(BuildFailure failure) {
        var file = Objects.requireNonNullElse(failure.file(), "");
        var place = file.isEmpty() ? "" : file + (failure.line() > 0 ? ":" + failure.line() : "") + ": ";
        return ApiException.of(FunctionError.BUILD_FAILED, place + failure.message())
                .with("file", file)
                .with("line", failure.line())
                .with("column", failure.column());
    }

    private Future<Stored> storeFiles(Packed packed, Optional<FunctionView> before) {
        if (before.isPresent() && before.get().digest().equals(packed.digest())) {
            return Future.succeededFuture(new Stored(before.get().blob(), false));
        }
        return artifacts.put(packed.bytes()).map(blob -> new Stored(blob, true));
    }

    private Future<Void> switchOver(
            RequestContext context, String name, Packed packed, Stored stored, Optional<FunctionView> before) {
        var manifest = packed.upload().manifest();
        return install(context, name, manifest.triggers())
                .compose(installed -> store.deploy(
                                context.project().id(),
                                name,
                                manifest,
                                packed.digest(),
                                stored.blob(),
                                packed.bytes().length())
                        .onFailure(failed -> install(
                                        context,
                                        name,
                                        before.map(function ->
                                                        function.manifest().triggers())
                                                .orElse(List.of()))
                                .onFailure(worse -> LOG.warn("triggers of a failed deployment stay", worse))))
                .onFailure(failed -> {
                    if (stored.fresh()) {
                        forget(List.of(stored.blob()));
                    }
                })
                .map(blobs -> {
                    forget(blobs);
                    return null;
                });
    }

    private void forget(List<String> blobs) {
        blobs.forEach(blob -> artifacts
                .delete(blob)
                .onFailure(failed -> LOG.warnf(failed, "the files %s of no function stay", blob)));
    }

    /** Makes the event triggers on the project's tables those of the manifest. */
    private Future<Void> install(RequestContext context, String name, List<FunctionManifest.Trigger> triggers) {
        Map<String, EnumSet<Operation>> tables = new TreeMap<>();
        triggers.stream()
                .filter(trigger -> trigger.moment() == Moment.AFTER)
                .forEach(trigger -> tables.computeIfAbsent(trigger.table(), absent -> EnumSet.noneOf(Operation.class))
                        .addAll(trigger.operations()));
        var wanted = new JsonArray();
        tables.forEach((table, operations) -> {
            var dot = table.indexOf('.');
            var events = new JsonArray();
            operations.forEach(operation -> events.add(operation.name().toLowerCase(Locale.ROOT)));
            wanted.add(new JsonObject()
                    .put("schema", table.substring(0, dot))
                    .put("table", table.substring(dot + 1))
                    .put("events", events));
        });
        return databases
                .platformQuery(context, "select basalt.install_triggers($1, $2)", Tuple.of(name, wanted))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(
                        failure instanceof PgException pg
                                        && (UNDEFINED_TABLE.equals(pg.getSqlState())
                                                || FORBIDDEN.equals(pg.getSqlState()))
                                ? ApiException.of(FunctionError.INVALID_MANIFEST, pg.getErrorMessage())
                                : failure));
    }
}
