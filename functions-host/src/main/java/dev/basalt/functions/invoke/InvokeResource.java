package dev.basalt.functions.invoke;

import dev.basalt.functions.FunctionsConfig;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.registry.FunctionRegistry;
import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
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
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.ReadStream;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /functions/v1/{name}} and whatever is below it, by any verb. Errors of the platform carry {@code x-relay-error:
 * true}; what the function's own code threw is a 500 without it, and tells nothing of the code. Each answer of a function names its record in {@code
 * x-basalt-invocation}.
 */
@ApplicationScoped
class InvokeResource implements ApiResource {
    private static final String RELAY_ERROR = "x-relay-error";
    private static final int SMALL_BODY = 64 << 10;
    private static final String INVOCATION = "x-basalt-invocation";
    private static final String TRACEPARENT = "traceparent";
    private static final List<HttpMethod> METHODS = List.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);
    /** Headers of one connection (RFC 9110, section 7.6.1), and those that the server itself writes. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "expect");

    private final FunctionRegistry registry;
    private final FunctionInvoker invoker;
    private final FunctionsConfig config;

    @Inject
    InvokeResource(FunctionRegistry registry, FunctionInvoker invoker, FunctionsConfig config) {
        this.registry = registry;
        this.invoker = invoker;
        this.config = config;
    }

    @Override
    public void register(ApiRoutes routes) {
        var api = routes.api(Service.FUNCTIONS, "/functions/v1", new ProblemDetails())
                .withBodyLimit(config.maxBodyBytes());
        for (var method : METHODS) {
            // Who may call is the function's to say, so the chain lets everybody in and the function's manifest
            // decides.
            api.route(method, "/:name", "function.invoke", Access.OPEN, this::invoke);
            api.route(method, "/:name/*", "function.invoke", Access.OPEN, this::invoke);
        }
    }

    private Future<Reply> invoke(Exchange exchange) {
        var project = exchange.project();
        return registry.find(project, exchange.path("name")).compose(found -> {
            var function = found.orElseThrow(() -> relay(ApiException.of(FunctionError.FUNCTION_NOT_FOUND)));
            if (!function.manifest().isPublic()) {
                exchange.require(Access.KEY);
            }
            if (exchange.context().triggerDepth() >= config.maxDepth()) {
                throw relay(ApiException.of(FunctionError.FUNCTION_LOOP));
            }
            return flows(exchange, function)
                    ? run(exchange, function, Buffer.buffer(), exchange.stream())
                    : exchange.body().compose(body -> run(exchange, function, body, null));
        });
    }

    /** A small body is had in one piece for less than a stream costs. */
    private boolean flows(Exchange exchange, DeployedFunction function) {
        var length = exchange.announcedLength();
        return exchange.hasBody()
                && !carriesNoBody(exchange.request().method())
                && (length < 0 || length > SMALL_BODY)
                && invoker.streams(function);
    }

    private Future<Reply> run(
            Exchange exchange, DeployedFunction function, Buffer body, @Nullable ReadStream<Buffer> flow) {
        var request = exchange.request();
        var accepted = invoker.accept(
                exchange.context(), function, InvocationKind.HTTP, Origin.named("http", exchange.path("name")));
        var id = accepted.id().toString();
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (var header : request.headers()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !(name.equals(TRACEPARENT) && accepted.traceparent().isPresent())) {
                headers.add(Map.entry(header.getKey(), header.getValue()));
            }
        }
        accepted.traceparent().ifPresent(parent -> headers.add(Map.entry(TRACEPARENT, parent)));
        var links = invoker.links(accepted);
        var invocation = new Invocation.Http(
                function.manifest().timeout(),
                accepted.handlerContext(),
                request.method().name(),
                request.absoluteURI(),
                headers,
                carriesNoBody(request.method()) ? Buffer.buffer() : body,
                new Links(links.platform(), flow, exchange.announcedLength(), exchange.abandoned(), links.awaited()));
        return accepted.run(invocation).map(outcome -> switch (outcome.result()) {
            case Outcome.Result.HttpAnswer answer ->
                reply(
                                answer.status(),
                                answer.headers(),
                                answer.body().length() == 0
                                        ? new Reply.Body.None()
                                        : new Reply.Body.Bytes(answer.body()))
                        .with(INVOCATION, id);
            case Outcome.Result.HttpStream answer ->
                stream(request.method(), answer, id).with(INVOCATION, id);
            case Outcome.Result.Value value ->
                throw relay(ApiException.of(FunctionError.FUNCTION_FAILED)).withHeader(INVOCATION, id);
            case Outcome.Result.Failed failed -> throw failure(failed.failure()).withHeader(INVOCATION, id);
        });
    }

    private static boolean carriesNoBody(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    private static Reply stream(HttpMethod method, Outcome.Result.HttpStream answer, String id) {
        if (method.equals(HttpMethod.HEAD)) {
            answer.abandon().run();
            return reply(answer.status(), answer.headers(), new Reply.Body.None());
        }
        return reply(
                answer.status(),
                answer.headers(),
                new Reply.Body.Stream(
                        answer.body(),
                        -1,
                        answer.abandon(),
                        broken -> brokenOff(broken).withHeader(INVOCATION, id)));
    }

    private static Reply reply(int status, List<Map.Entry<String, String>> given, Reply.Body body) {
        var headers = new ArrayList<Map.Entry<CharSequence, CharSequence>>();
        for (var header : given) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            // Cross-origin answers are the platform's, by the project's settings; twice they would cancel each other.
            if (!HOP.contains(name) && !name.equals(INVOCATION) && !name.startsWith("access-control-")) {
                headers.add(Map.entry(name, header.getValue()));
            }
        }
        return new Reply(status, headers, body);
    }

    private static ApiException brokenOff(Throwable broken) {
        return broken instanceof BrokenOffException off
                ? failure(off.failure())
                : ApiException.of(FunctionError.FUNCTION_FAILED);
    }

    private static ApiException failure(Failure failure) {
        var cause = new IllegalStateException(failure.kind() + ": " + failure.message());
        return switch (failure.kind()) {
            case EXCEPTION, NO_HANDLER, BAD_ANSWER, TOO_LARGE, STALLED, MEMORY, COMPILE, CANCELLED ->
                ApiException.of(FunctionError.FUNCTION_FAILED);
            case TIMEOUT -> relay(ApiException.of(FunctionError.FUNCTION_TIMEOUT));
            case CRASHED -> relay(ApiException.of(FunctionError.FUNCTION_CRASHED));
            case OVERLOADED ->
                relay(ApiException.of(FunctionError.FUNCTION_OVERLOADED)).withHeader("Retry-After", "1");
            case OVER_BUDGET -> relay(ApiException.of(FunctionError.FUNCTION_OVER_BUDGET));
            case UNAVAILABLE -> relay(ApiException.caused(FunctionError.FUNCTIONS_UNAVAILABLE, cause));
            case INTERNAL -> relay(ApiException.caused(FunctionError.FUNCTION_FAILED, cause));
        };
    }

    private static ApiException relay(ApiException failure) {
        return failure.withHeader(RELAY_ERROR, "true");
    }
}
