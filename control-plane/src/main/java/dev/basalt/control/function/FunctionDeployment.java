package dev.basalt.control.function;

import dev.basalt.control.function.FunctionStore.Written;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.ArtifactStore;
import dev.basalt.kit.function.FunctionBuilder;
import dev.basalt.kit.function.FunctionBuilder.Build;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Deploys functions: sources are built, what came out is stored, triggers are installed and the version is written, in this
 * order. What fails leaves the version before as it was. Safe for use by any thread.
 */
@ApplicationScoped
class FunctionDeployment {
    private static final Logger LOG = Logger.getLogger(FunctionDeployment.class);

    private final Vertx vertx;
    private final FunctionStore store;
    private final SecretStore secrets;
    private final ArtifactStore artifacts;
    private final FunctionBuilder builder;
    private final LiveTriggers triggers;

    @Inject
    FunctionDeployment(
            Vertx vertx,
            FunctionStore store,
            SecretStore secrets,
            ArtifactStore artifacts,
            FunctionBuilder builder,
            LiveTriggers triggers) {
        this.vertx = vertx;
        this.store = store;
        this.secrets = secrets;
        this.artifacts = artifacts;
        this.builder = builder;
        this.triggers = triggers;
    }

    private record Built(FunctionManifest manifest, Buffer packed, String digest, boolean checked) {}

    private record Stored(String blob, boolean fresh) {}

    /**
     * A function as it now is.
     *
     * @param version the one that was deployed
     * @param checked whether a function host could build and compile the files
     * @param missingSecrets what its manifest lists and the project does not have
     */
    record Deployed(FunctionView function, int version, boolean checked, List<String> missingSecrets) {}

    Future<List<FunctionView>> list(Project project) {
        return store.list(project.id());
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    Future<FunctionView> find(Project project, String name) {
        return store.find(project.id(), name)
                .map(found -> found.orElseThrow(() -> ApiException.of(FunctionError.FUNCTION_NOT_FOUND)));
    }

    /**
     * Deploys what the supplier reads; it may block, and throws as {@link FunctionUpload#ofJson}.
     *
     * @param live whether plain calls go to the new version; a function's first one is live in any case
     */
    Future<Deployed> deploy(RequestContext context, String name, boolean live, Supplier<FunctionUpload> upload) {
        var project = context.project();
        return Blocking.call(vertx, upload::get)
                .compose(source -> build(source)
                        .compose(built -> store.find(project.id(), name)
                                .compose(before -> storeFiles(built, before)
                                        .compose(stored -> write(context, name, live, built, stored, before)
                                                .onFailure(failed -> {
                                                    if (stored.fresh()) {
                                                        forget(List.of(stored.blob()));
                                                    }
                                                })))
                                .compose(written -> find(project, name)
                                        .compose(function -> secrets.missing(
                                                        project.id(),
                                                        built.manifest().secrets())
                                                .map(missing -> new Deployed(
                                                        function, written.version(), built.checked(), missing))))));
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    Future<Void> delete(RequestContext context, String name) {
        return store.delete(context.project().id(), name).compose(blobs -> {
            forget(blobs);
            return triggers.remove(context, name);
        });
    }

    /** A deployment does not wait for a function host that is away, where the files could run as they are. */
    private Future<Built> build(FunctionUpload upload) {
        return builder.build(upload.manifest(), upload.files()).transform(result -> {
            if (result.succeeded()) {
                return switch (result.result()) {
                    case Build.Done done ->
                        pack(upload.manifest().withEntrypoint(done.entrypoint()), done.files(), true);
                    case Build.Failed failed -> Future.failedFuture(refusal(failed));
                };
            }
            var away = result.cause() instanceof ApiException failure
                    && failure.error() == FunctionError.FUNCTIONS_UNAVAILABLE;
            return away && upload.runsUnbuilt()
                    ? pack(upload.manifest(), upload.files(), false)
                    : Future.failedFuture(result.cause());
        });
    }

    private Future<Built> pack(FunctionManifest manifest, ArtifactFiles files, boolean checked) {
        return Blocking.call(vertx, () -> {
            var packed = files.pack();
            return new Built(manifest, packed, ArtifactFiles.digest(packed), checked);
        });
    }

    private static ApiException refusal(Build.Failed failure) {
        var file = Objects.requireNonNullElse(failure.file(), "");
        var place = file.isEmpty() ? "" : file + (failure.line() > 0 ? ":" + failure.line() : "") + ": ";
        return ApiException.of(FunctionError.BUILD_FAILED, place + failure.message())
                .with("file", file)
                .with("line", failure.line())
                .with("column", failure.column());
    }

    private Future<Stored> storeFiles(Built built, Optional<FunctionView> before) {
        if (before.isPresent() && before.get().digest().equals(built.digest())) {
            return Future.succeededFuture(new Stored(before.get().blob(), false));
        }
        return artifacts.put(built.packed()).map(blob -> new Stored(blob, true));
    }

    private Future<Written> write(
            RequestContext context,
            String name,
            boolean live,
            Built built,
            Stored stored,
            Optional<FunctionView> before) {
        Supplier<Future<Written>> write = () -> store.deploy(
                        context.project().id(),
                        name,
                        built.manifest(),
                        built.digest(),
                        stored.blob(),
                        built.packed().length(),
                        live)
                .onSuccess(written -> forget(written.forgotten()));
        return live || before.isEmpty()
                ? triggers.during(
                        context,
                        name,
                        built.manifest().triggers(),
                        before.map(function -> function.manifest().triggers()).orElse(List.of()),
                        write)
                : write.get();
    }

    private void forget(List<String> blobs) {
        blobs.forEach(blob -> artifacts
                .delete(blob)
                .onFailure(failed -> LOG.warnf(failed, "the files %s of no function stay", blob)));
    }
}
