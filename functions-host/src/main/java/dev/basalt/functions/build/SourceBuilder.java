package dev.basalt.functions.build;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionBuilder;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Builds sources: bundles them, then has the runtime they are for compile what came out, in a worker of its own. A few at a
 * time, on threads of their own; some more may wait. Safe for use by any thread.
 */
@ApplicationScoped
public class SourceBuilder implements FunctionBuilder {
    private final Runtimes runtimes;
    private final Esbuild esbuild;
    private final BuildConfig config;
    private final WorkerExecutor threads;
    private final AtomicInteger building = new AtomicInteger();
    private final Timer timer;

    @Inject
    SourceBuilder(Vertx vertx, Runtimes runtimes, Esbuild esbuild, BuildConfig config, MeterRegistry metrics) {
        this.runtimes = runtimes;
        this.esbuild = esbuild;
        this.config = config;
        this.threads = vertx.createSharedWorkerExecutor("function-builds", config.maxConcurrent());
        this.timer = metrics.timer("basalt.functions.builds");
        Gauge.builder("basalt.functions.builds.waiting", building, AtomicInteger::get)
                .register(metrics);
    }

    @Override
    public Future<Build> build(FunctionManifest manifest, ArtifactFiles source) {
        var runtime = runtimes.named(manifest.runtime());
        if (runtime.isEmpty()) {
            return failed("runtime " + manifest.runtime() + " is not available here");
        }
        var entrypoint = manifest.entrypoint();
        if (!entrypoint.isEmpty() && !source.files().containsKey(entrypoint)) {
            return Future.succeededFuture(new Build.Failed("there is no file " + entrypoint, entrypoint, 0, 0));
        }
        return bundled(manifest, source)
                .compose(build -> build instanceof Build.Done done
                        ? check(runtime.get(), manifest, done)
                        : Future.succeededFuture(build));
    }

    private Future<Build> bundled(FunctionManifest manifest, ArtifactFiles source) {
        if (building.incrementAndGet() > config.maxConcurrent() + config.maxWaiting()) {
            building.decrementAndGet();
            return Future.failedFuture(ApiException.of(FunctionError.FUNCTIONS_UNAVAILABLE, "too many builds wait")
                    .withHeader("Retry-After", "5"));
        }
        return threads.executeBlocking(
                        () -> {
                            var start = System.nanoTime();
                            var bundle = Bundle.of(manifest, source);
                            if (bundle.isEmpty()) {
                                return new Build.Done(manifest.entrypoint(), source);
                            }
                            var build = esbuild.bundle(bundle.get(), source);
                            timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                            return build;
                        },
                        false)
                .<Build>map(build -> Objects.requireNonNull(build))
                .onComplete(done -> building.decrementAndGet());
    }

    private Future<Build> check(FunctionRuntime runtime, FunctionManifest manifest, Build.Done built) {
        if (manifest.runtime().equals("js")
                && (built.files().files().size() > config.maxFiles()
                        || built.files().bytes() > config.maxBytes())) {
            return Future.failedFuture(esbuild.tooLarge());
        }
        return runtime.check(manifest, Artifact.of(built.entrypoint(), built.files()))
                .map(failure -> failure.map(SourceBuilder::asBuild).orElse(built));
    }

    private static Build asBuild(Failure failure) {
        return switch (failure.kind()) {
            case UNAVAILABLE, OVERLOADED ->
                throw ApiException.caused(
                        FunctionError.FUNCTIONS_UNAVAILABLE, new IllegalStateException(failure.message()));
            default ->
                new Build.Failed(
                        failure.name() + ": " + failure.message(), failure.file(), failure.line(), failure.column());
        };
    }

    private static Future<Build> failed(String message) {
        return Future.succeededFuture(new Build.Failed(message, null, 0, 0));
    }

    @PreDestroy
    void close() {
        var _ = threads.close();
    }
}
