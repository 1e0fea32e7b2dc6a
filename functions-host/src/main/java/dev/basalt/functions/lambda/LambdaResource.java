package dev.basalt.functions.lambda;

import dev.basalt.functions.FunctionsConfig;
import dev.basalt.functions.event.QueuedInvocations;
import dev.basalt.functions.invoke.FunctionInvoker;
import dev.basalt.functions.invoke.InvocationKind;
import dev.basalt.functions.invoke.Origin;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.registry.FunctionRegistry;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.signature.SignedCallers;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * {@code POST /2015-03-31/functions/{name}/invocations?Qualifier=}, by AWS Signature Version 4 or with a secret key. Errors, the
 * first that applies: credentials, parameters, size, content, function.
 */
@ApplicationScoped
class LambdaResource implements ApiResource {
    private static final int MAX_ASYNC_BYTES = 256 << 10;

    private final FunctionRegistry registry;
    private final FunctionInvoker invoker;
    private final QueuedInvocations queue;
    private final SignedCallers signatures;
    private final FunctionsConfig config;

    @Inject
    LambdaResource(
            FunctionRegistry registry,
            FunctionInvoker invoker,
            QueuedInvocations queue,
            SignedCallers signatures,
            FunctionsConfig config) {
        this.registry = registry;
        this.invoker = invoker;
        this.queue = queue;
        this.signatures = signatures;
        this.config = config;
    }

    /** How the caller wants it run. */
    private enum Type {
        REQUEST_RESPONSE,
        EVENT,
        DRY_RUN
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.FUNCTIONS, "/2015-03-31/functions", new LambdaDialect())
                .withBodyLimit(config.maxBodyBytes())
                // The signature says who calls, and covers the body.
                .post("/:name/invocations", "function.invoke", Access.OPEN, this::invoke);
    }

    private Future<Reply> invoke(Exchange exchange) {
        if (!SignedCallers.isSigned(exchange)) {
            // A signature holds for the body too; everybody else is known before it is read.
            exchange.require(Access.SECRET);
        }
        return exchange.body()
                .compose(body -> signatures.identify(exchange, body).compose(identified -> {
                    exchange.require(Access.SECRET);
                    var type = type(exchange);
                    var withLog = withLog(exchange);
                    var target = LambdaTarget.of(exchange.path("name"), exchange.query("Qualifier"));
                    if (type == Type.EVENT && body.length() > MAX_ASYNC_BYTES) {
                        throw ApiException.of(LambdaError.REQUEST_TOO_LARGE);
                    }
                    var payload = payload(body);
                    return registry.find(exchange.project(), target.name()).compose(found -> {
                        var function = found.orElseThrow(() -> ApiException.of(LambdaError.RESOURCE_NOT_FOUND));
                        return switch (type) {
                            case DRY_RUN -> Future.succeededFuture(executed(Reply.empty(204), function));
                            case EVENT ->
                                queue.put(exchange.context(), target.name(), payload)
                                        .map(id -> executed(Reply.empty(202), function)
                                                .with("x-amzn-RequestId", id.toString()));
                            case REQUEST_RESPONSE -> run(exchange, target, function, payload, withLog);
                        };
                    });
                }));
    }

    private Future<Reply> run(
            Exchange exchange, LambdaTarget target, DeployedFunction function, JsonObject payload, boolean withLog) {
        var accepted = invoker.accept(
                exchange.context(), function, InvocationKind.INVOKE, Origin.named("invoke", target.name()));
        return accepted.run(new Invocation.Event(
                        function.manifest().timeout(), accepted.handlerContext(), payload, invoker.links(accepted)))
                .map(outcome -> LambdaAnswer.of(
                        accepted, function.version(), function.manifest().memoryMb(), outcome, withLog));
    }

    private static Reply executed(Reply reply, DeployedFunction function) {
        return reply.with("X-Amz-Executed-Version", Integer.toString(function.version()));
    }

    private static Type type(Exchange exchange) {
        return switch (exchange.header("X-Amz-Invocation-Type")) {
            case null -> Type.REQUEST_RESPONSE;
            case "RequestResponse" -> Type.REQUEST_RESPONSE;
            case "Event" -> Type.EVENT;
            case "DryRun" -> Type.DRY_RUN;
            default ->
                throw ApiException.of(
                        LambdaError.INVALID_PARAMETER, "InvocationType must be RequestResponse, Event or DryRun");
        };
    }

    private static boolean withLog(Exchange exchange) {
        return switch (exchange.header("X-Amz-Log-Type")) {
            case null -> false;
            case "None" -> false;
            case "Tail" -> true;
            default -> throw ApiException.of(LambdaError.INVALID_PARAMETER, "LogType must be None or Tail");
        };
    }

    private static JsonObject payload(Buffer body) {
        if (body.length() == 0) {
            return new JsonObject();
        }
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException malformed) {
            throw ApiException.of(LambdaError.INVALID_CONTENT);
        }
    }
}
