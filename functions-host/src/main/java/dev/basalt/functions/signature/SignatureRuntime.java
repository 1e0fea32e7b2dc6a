package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.runtime.Progress;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.function.Signature;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A runtime for JavaScript that takes other platforms' handlers as well: a module of ours around the function's own hands each
 * call to it as JSON, and the answer is read by the same convention. Thread-safe.
 */
public final class SignatureRuntime implements FunctionRuntime {
    private static final String WRAPPER = "basalt-signature-entry.mjs";
    private static final String CONVENTIONS = "basalt-" + Signatures.FILE;

    private final FunctionRuntime runtime;

    public SignatureRuntime(FunctionRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return runtime.name();
    }

    /** Those of its own convention alone: others get bodies as part of JSON. */
    @Override
    public boolean streams(FunctionManifest manifest) {
        // By other conventions a body is part of the JSON that a handler gets.
        return manifest.signature() == Signature.BASALT && runtime.streams(manifest);
    }

    @Override
    public Isolation isolation() {
        return runtime.isolation();
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation) {
        return invoke(function, invocation, Progress.UNHEARD);
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation, Progress progress) {
        if (function.manifest().signature() == Signature.BASALT) {
            return runtime.invoke(function, invocation, progress);
        }
        Optional<Payloads> known = Payloads.of(function.manifest().signature());
        if (known.isEmpty()) {
            return Future.succeededFuture(
                    new Outcome(new Result.Failed(unavailable(function.manifest())), Outcome.Report.NONE));
        }
        Payloads payloads = known.get();
        JsonObject event = new JsonObject()
                .put("payload", payloads.of(function, invocation))
                .put("deadline", Instant.now().plus(invocation.timeout()).toEpochMilli());
        return runtime.invoke(
                        wrapped(function),
                        new Invocation.Event(invocation.timeout(), invocation.context(), event, invocation.links()),
                        progress)
                .map(outcome ->
                        invocation instanceof Invocation.Http && outcome.result() instanceof Result.Value(String json)
                                ? new Outcome(response(payloads, json), outcome.report(), outcome.later())
                                : outcome);
    }

    private static Result response(Payloads payloads, String json) {
        try {
            return payloads.response(Buffer.buffer(json));
        } catch (Payloads.BadAnswerException e) {
            return new Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, String.valueOf(e.getMessage())));
        }
    }

    private static FunctionVersion wrapped(FunctionVersion function) {
        return new FunctionVersion(
                function.project(),
                function.name(),
                function.version(),
                function.manifest(),
                function.environment(),
                () -> function.artifact().get().map(artifact -> wrapped(function.manifest(), artifact)));
    }

    private static Artifact wrapped(FunctionManifest manifest, Artifact artifact) {
        Map<String, Buffer> files = new HashMap<>(artifact.files());
        String handler = manifest.handler().orElse("");
        String lambdaContext = """
                const contextOf = (ctx, deadline) => ({
                  functionName: ctx.function,
                  functionVersion: String(ctx.version),
                  memoryLimitInMB: %s,
                  awsRequestId: ctx.invocation ?? ctx.requestId,
                  clientContext: { custom: { basalt: JSON.stringify(ctx) } },
                  callbackWaitsForEmptyEventLoop: true,
                  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
                });
                """.formatted(Json.encode(Integer.toString(manifest.memoryMb())));
        files.put(WRAPPER, Buffer.buffer("""
                        import * as module from %s;
                        import { call, find, parse } from './%s';
                        const name = parse(%s, %s).path;
                        const handler = find(module, name);
                        %s
                        export async function onEvent(event, ctx) {
                          if (!handler) {
                            throw new TypeError('the function exports no ' + name.join('.'));
                          }
                          return call(%s, handler, event.payload, contextOf(ctx, event.deadline));
                        }
                        """.formatted(
                        Json.encode("./" + artifact.entrypoint()),
                        CONVENTIONS,
                        Json.encode(manifest.signature().label()),
                        Json.encode(handler),
                        lambdaContext,
                        Json.encode(manifest.signature().label()))));
        files.put(CONVENTIONS, Buffer.buffer(Signatures.source()));
        String own = String.valueOf(files.get(artifact.entrypoint()));
        if (manifest.signature() == Signature.OPENWHISK && !own.contains("export") && !own.contains("exports")) {
            // Actions are scripts that need not export what they define.
            String name = handler.isEmpty() ? "main" : handler;
            files.put(artifact.entrypoint(), Buffer.buffer(own + "\nexport { " + name + " };\n"));
        }
        return new Artifact(WRAPPER, files);
    }

    @Override
    public Future<Optional<Failure>> check(FunctionManifest manifest, Artifact artifact) {
        if (manifest.signature() == Signature.BASALT) {
            return runtime.check(manifest, artifact);
        }
        return Payloads.of(manifest.signature()).isEmpty()
                ? Future.succeededFuture(Optional.of(unavailable(manifest)))
                : runtime.check(manifest, wrapped(manifest, artifact));
    }

    private static Failure unavailable(FunctionManifest manifest) {
        return Failure.of(
                Failure.Kind.COMPILE,
                "signature " + manifest.signature().label() + " is not available with runtime js; nodejs has it");
    }

    @Override
    public void keep(FunctionVersion function) {
        runtime.keep(function.manifest().signature() == Signature.BASALT ? function : wrapped(function));
    }

    @Override
    public void retire(String project, Predicate<FunctionVersion> outdated) {
        runtime.retire(project, outdated);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
