package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.LambdaPayloads;
import dev.basalt.functions.signature.Payloads;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The AWS Lambda Runtime API (2018-06-01) for one process alone: nobody else's calls can be fetched or answered over it. A
 * process that asks for a call waits; with a concurrency of n, n requests may wait or be under way. See {@link Channel} for
 * threads.
 */
final class RuntimeApi implements Channel {
    private static final String PREFIX = "/2018-06-01/runtime/";
    private static final String INVOCATION = "invocation/";
    private static final int MAX_ERROR_BYTES = 256 * 1024;
    /** Connections beyond two a call: clients that open one for each request. */
    private static final int MORE_CONNECTIONS = 16;

    private static final int FORBIDDEN = 403;
    private static final int TOO_LARGE = 413;

    private final ContextInternal context;
    private final FunctionVersion function;
    private final Payloads payloads;
    private final SocketAddress address;
    private final int concurrency;
    private final int maxResponseBytes;
    private final Listener listener;

    private final Deque<HttpServerResponse> waiting = new ArrayDeque<>();
    private final Deque<Call> pending = new ArrayDeque<>();
    private final Map<String, Call> running = new HashMap<>();
    /** Those among {@code running} whose answer is arriving. */
    private final Set<String> arriving = new HashSet<>();

    private @Nullable HttpServer server;
    private int connections;
    private boolean initialized;

    /**
     * @param socket where it listens; null for a port of 127.0.0.1 that the system chooses
     * @param payloads how calls and answers look
     */
    RuntimeApi(
            ContextInternal context,
            FunctionVersion function,
            Payloads payloads,
            @Nullable Path socket,
            int concurrency,
            int maxResponseBytes,
            Listener listener) {
        this.context = context;
        this.function = function;
        this.payloads = payloads;
        this.address = socket == null
                ? SocketAddress.inetSocketAddress(0, "127.0.0.1")
                : SocketAddress.domainSocketAddress(socket.toString());
        this.concurrency = concurrency;
        this.maxResponseBytes = maxResponseBytes;
        this.listener = listener;
    }

    @Override
    public Future<Void> open() {
        HttpServer made = context.owner()
                .createHttpServer(new HttpServerOptions()
                        .setTcpNoDelay(true)
                        // With it a connection shows only once it has said which HTTP it speaks.
                        .setHttp2ClearTextEnabled(false));
        server = made;
        return made.connectionHandler(this::connected)
                .requestHandler(this::handle)
                .listen(address)
                .mapEmpty();
    }

    /** Each is a descriptor of the host's: a process has no more than its calls can need. */
    private void connected(HttpConnection connection) {
        if (connections >= 2 * concurrency + MORE_CONNECTIONS) {
            var _ = connection.close();
            return;
        }
        connections++;
        connection.closeHandler(closed -> connections--);
        Trailers.watch(connection);
    }

    @Override
    public void started() {
        // It is the process that comes.
    }

    @Override
    public int port() {
        HttpServer listening = server;
        return listening == null ? 0 : Math.max(0, listening.actualPort());
    }

    @Override
    public void run(Call call) {
        HttpServerResponse next = waiting.pollFirst();
        if (next == null) {
            pending.add(call);
        } else {
            hand(next, call);
        }
    }

    @Override
    public void close() {
        HttpServer listening = server;
        if (listening != null) {
            var _ = listening.close();
        }
        waiting.clear();
        pending.clear();
        running.clear();
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        String what = path != null && path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        if (what.equals("invocation/next") && request.method().equals(HttpMethod.GET)) {
            next(request);
            return;
        }
        if (!request.method().equals(HttpMethod.POST)) {
            refuse(request, 404, "NotFound", "there is nothing here");
        } else if (what.equals("init/error")) {
            initError(request);
        } else if (what.startsWith(INVOCATION) && what.endsWith("/response")) {
            answer(request, what.substring(INVOCATION.length(), what.length() - "/response".length()), false);
        } else if (what.startsWith(INVOCATION) && what.endsWith("/error")) {
            answer(request, what.substring(INVOCATION.length(), what.length() - "/error".length()), true);
        } else {
            refuse(request, 404, "NotFound", "there is nothing here");
        }
    }

    private void next(HttpServerRequest request) {
        if (running.size() >= concurrency) {
            refuse(request, FORBIDDEN, "InvalidStateTransition", "the invocation before this one has no answer yet");
            return;
        }
        HttpServerResponse response = request.response();
        if (running.size() + waiting.size() >= concurrency) {
            // Only a client that gave up asks again; a call handed to the request it gave up would be lost.
            HttpServerResponse given = waiting.pollFirst();
            if (given != null) {
                given.reset();
            }
        }
        response.closeHandler(gone -> waiting.remove(response));
        response.exceptionHandler(failed -> waiting.remove(response));
        if (!initialized) {
            initialized = true;
            listener.ready();
        }
        Call call = pending.pollFirst();
        if (call == null) {
            waiting.addLast(response);
        } else {
            hand(response, call);
        }
    }

    private void hand(HttpServerResponse response, Call call) {
        running.put(call.id, call);
        call.sentNanos = System.nanoTime();
        call.progress.started();
        InvocationHeaders.write(response, function.name(), call);
        var _ = response.end(payloads.of(function, call.invocation).toBuffer());
    }

    private void answer(HttpServerRequest request, String id, boolean error) {
        Call call = running.get(id);
        if (call == null) {
            refuse(request, 400, "InvalidRequestID", "there is no such invocation here, or it has its answer");
            return;
        }
        if (!arriving.add(id)) {
            refuse(request, FORBIDDEN, "InvalidStateTransition", "an answer to this invocation is under way");
            return;
        }
        if (!error && payloads instanceof LambdaPayloads lambda && flows(request, call)) {
            new StreamedAnswer(context, request, lambda, call, listener, () -> {
                        arriving.remove(id);
                        running.remove(id);
                        accept(request);
                    })
                    .start();
            return;
        }
        BoundedBody.read(request, error ? MAX_ERROR_BYTES : maxResponseBytes).onComplete(read -> {
            arriving.remove(id);
            if (running.get(id) != call) {
                refuse(request, 400, "InvalidRequestID", "the invocation has ended meanwhile");
            } else if (read.succeeded()) {
                running.remove(id);
                accept(request);
                Buffer body = read.result();
                listener.answered(
                        call,
                        error
                                ? new Result.Failed(failure(request, body))
                                : PayloadAnswers.result(payloads, call.invocation, body));
            } else if (read.cause() instanceof BoundedBody.TooLargeException) {
                running.remove(id);
                refuse(
                        request,
                        TOO_LARGE,
                        "RequestEntityTooLarge",
                        "the answer is larger than " + maxResponseBytes + " bytes");
                listener.answered(
                        call,
                        new Result.Failed(Failure.of(
                                Failure.Kind.TOO_LARGE, "the answer is larger than " + maxResponseBytes + " bytes")));
            } else {
                running.remove(id);
                listener.answered(
                        call,
                        new Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, "the answer broke off in the middle")));
            }
        });
    }

    private static boolean flows(HttpServerRequest request, Call call) {
        return call.invocation instanceof Invocation.Http
                && "streaming".equalsIgnoreCase(request.getHeader("Lambda-Runtime-Function-Response-Mode"));
    }

    private void initError(HttpServerRequest request) {
        if (initialized) {
            refuse(request, FORBIDDEN, "InvalidStateTransition", "the runtime has started");
            return;
        }
        BoundedBody.read(request, MAX_ERROR_BYTES).onSuccess(body -> {
            accept(request);
            listener.refused(failure(request, body));
        });
    }

    private static Failure failure(HttpServerRequest request, Buffer body) {
        return LambdaErrors.failure(body, String.valueOf(request.getHeader("Lambda-Runtime-Function-Error-Type")));
    }

    private static void accept(HttpServerRequest request) {
        var _ = request.response()
                .setStatusCode(202)
                .putHeader("Content-Type", "application/json")
                .end("{\"status\":\"OK\"}");
    }

    private static void refuse(HttpServerRequest request, int status, String type, String message) {
        var _ = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("errorMessage", message)
                        .put("errorType", type)
                        .toBuffer());
    }
}
