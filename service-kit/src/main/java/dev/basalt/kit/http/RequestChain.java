package dev.basalt.kit.http;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.CallerResolver;
import dev.basalt.kit.caller.CallerResolver.Credentials;
import dev.basalt.kit.caller.Identity;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.http.ApiRoutes.Endpoint;
import dev.basalt.kit.request.Cause;
import dev.basalt.kit.request.RequestMeter;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.usage.UsageMeter;
import dev.basalt.kit.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * What every request goes through: request id, project, caller, access, feature, answer, meter and log. Safe for use by
 * any thread; one request stays on its event loop.
 */
@Singleton
class RequestChain {
    private static final Logger LOG = Logger.getLogger("dev.basalt.request");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final String REQUEST_ID_KEY = "requestId";

    private final Vertx vertx;
    private final CallerResolver callers;
    private final UsageMeter usage;
    private final HttpConfig config;
    private final BodyMemory bodies;
    private final Cause cause;
    private final MeterRegistry metrics;
    private final ConcurrentMap<TimerKey, Timer> timers = new ConcurrentHashMap<>();

    @Inject
    RequestChain(
            Vertx vertx,
            CallerResolver callers,
            UsageMeter usage,
            HttpConfig config,
            BodyMemory bodies,
            Cause cause,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.callers = callers;
        this.usage = usage;
        this.config = config;
        this.bodies = bodies;
        this.cause = cause;
        this.metrics = metrics;
    }

    /** What requests are timed by; bounded by the endpoints. */
    private record TimerKey(Service service, String operation, int hundred) {}

    /** One request on its way: what is known of it when it ends. */
    private final class Run {
        private final RoutingContext routing;
        private final Endpoint endpoint;
        private final long startNanos = System.nanoTime();
        private final long startMillis = System.currentTimeMillis();
        private final String requestId;
        private final RequestMeter meter = new RequestMeter();
        private @Nullable Identity identity;
        private @Nullable Exchange exchange;

        Run(RoutingContext routing, Endpoint endpoint) {
            this.routing = routing;
            this.endpoint = endpoint;
            this.requestId = RequestIds.acceptOrMake(routing.request().getHeader(REQUEST_ID));
        }

        void start() {
            var request = routing.request();
            if (Exchange.hasBody(request)) {
                // Nothing is read before the caller is known and the endpoint asks for it.
                request.pause();
            }
            MDC.put(REQUEST_ID_KEY, requestId);
            routing.response().putHeader(REQUEST_ID, requestId);
            // A client that goes away before the answer is counted all the same.
            routing.addEndHandler(ended -> finished());
            identify(request).compose(this::answer).onComplete(done -> {
                if (done.succeeded()) {
                    send(done.result());
                } else {
                    send(failure(done.cause()));
                }
            });
        }

        private Future<Identity> identify(HttpServerRequest request) {
            try {
                var authority = request.authority();
                return callers.resolve(new Credentials(
                        authority == null ? null : authority.host(),
                        request.getHeader("apikey"),
                        request.getHeader(HttpHeaders.AUTHORIZATION)));
            } catch (RuntimeException refused) {
                return Future.failedFuture(refused);
            }
        }

        private Future<Reply> answer(Identity known) {
            identity = known;
            endpoint.access().check(known);
            var led = routing.request().getHeader(Cause.HEADER);
            var made = new Exchange(
                    routing,
                    known,
                    endpoint.bodyLimit(),
                    bodies,
                    requestId,
                    meter,
                    led == null ? Cause.Led.BY_NOTHING : cause.open(led));
            exchange = made;
            return endpoint.handler().handle(made);
        }

        private Reply failure(Throwable cause) {
            var known = asApiException(cause);
            var status = endpoint.dialect().status(known);
            if (status >= 500 && !routing.response().closed()) {
                LOG.errorf(cause, "%s answered %d", endpoint.operation(), status);
            } else {
                LOG.debugf("%s answered %d: %s", endpoint.operation(), status, known.getMessage());
            }
            var body = endpoint.dialect().body(known, routing.request().headers());
            var reply = Reply.bytes(status, endpoint.dialect().contentType(), body.toBuffer());
            for (var header : known.headers()) {
                reply = reply.with(header.getKey(), header.getValue());
            }
            for (var header :
                    endpoint.dialect().headers(known, routing.request().headers())) {
                reply = reply.with(header.getKey(), header.getValue());
            }
            return reply;
        }

        private void send(Reply reply) {
            var request = routing.request();
            var response = routing.response();
            if (response.closed() || response.ended()) {
                discard(reply.body());
                return;
            }
            response.setStatusCode(reply.status());
            Cors.answer(request, response, identity == null ? null : identity.project());
            for (var header : reply.headers()) {
                response.headers().add(header.getKey(), header.getValue());
            }
            var made = exchange;
            // Who answers by a stream may still read the request's.
            if (!(reply.body() instanceof Reply.Body.Stream && made != null && made.streamed())) {
                drain(request);
            }
            switch (reply.body()) {
                case Reply.Body.None none -> response.end();
                case Reply.Body.Bytes bytes -> response.end(bytes.buffer());
                case Reply.Body.Stream stream -> stream(request, response, stream);
                case Reply.Body.Blob blob ->
                    blob.content()
                            .sendTo(response)
                            .onFailure(broken -> LOG.debugf(broken, "%s broke off", endpoint.operation()));
            }
        }

        private static void discard(Reply.Body body) {
            switch (body) {
                case Reply.Body.Blob blob -> blob.content().close();
                case Reply.Body.Stream stream -> stream.abandoned().run();
                case Reply.Body.None _, Reply.Body.Bytes _ -> {}
            }
        }

        private void stream(
                HttpServerRequest request, io.vertx.core.http.HttpServerResponse response, Reply.Body.Stream body) {
            if (body.length() >= 0) {
                response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(body.length()));
            } else {
                response.setChunked(true);
            }
            // A stream that breaks leaves a response cut short, which the client must be able to tell: reset, not end.
            body.stream()
                    .pipe()
                    .endOnFailure(false)
                    .to(response)
                    .onSuccess(sent -> drain(request))
                    .onFailure(broken -> {
                        LOG.debugf(broken, "%s broke off", endpoint.operation());
                        body.abandoned().run();
                        if (response.headWritten() || response.closed()) {
                            response.reset();
                        } else {
                            refuse(response, body.refusal().apply(broken));
                        }
                    });
        }

        /** Nothing of the answer has left yet: another one takes its place. */
        private void refuse(io.vertx.core.http.HttpServerResponse response, Throwable cause) {
            response.setChunked(false).headers().clear();
            response.putHeader(REQUEST_ID, requestId);
            send(failure(cause));
        }

        /** Lets the rest of an unwanted body flow past for a while, so that the client gets to read the answer. */
        private void drain(HttpServerRequest request) {
            if (!Exchange.hasBody(request) || request.isEnded()) {
                return;
            }
            var connection = request.connection();
            var deadline = vertx.setTimer(config.drain().toMillis(), late -> connection.close());
            request.handler(discarded -> {});
            request.exceptionHandler(gone -> vertx.cancelTimer(deadline));
            request.endHandler(ended -> vertx.cancelTimer(deadline));
            request.resume();
        }

        private void finished() {
            var request = routing.request();
            var response = routing.response();
            meter.addBytesIn(request.bytesRead());
            meter.addBytesOut(response.bytesWritten());
            var nanos = System.nanoTime() - startNanos;
            var status = response.headWritten() ? response.getStatusCode() : 499;
            timer(status).record(nanos, TimeUnit.NANOSECONDS);
            var made = exchange;
            var known = made == null ? identity : made.identity();
            if (known != null && known.project() != null) {
                usage.record(record(known, known.project().id(), status, nanos));
            }
        }

        private UsageRecord record(Identity known, java.util.UUID projectId, int status, long nanos) {
            return new UsageRecord(
                    startMillis,
                    projectId,
                    endpoint.service(),
                    endpoint.operation(),
                    status,
                    TimeUnit.NANOSECONDS.toMicros(nanos),
                    meter.databaseMicros(),
                    meter.bytesIn(),
                    meter.bytesOut(),
                    meter.takeFunction(),
                    requestId,
                    known.caller() instanceof Caller.Operator
                            ? "operator"
                            : known.caller().role().databaseName(),
                    client());
        }

        private String client() {
            var named = routing.request().getHeader("X-Client-Info");
            var client = named == null ? routing.request().getHeader(HttpHeaders.USER_AGENT) : named;
            return client == null ? "" : client;
        }

        private Timer timer(int status) {
            return timers.computeIfAbsent(
                    new TimerKey(endpoint.service(), endpoint.operation(), status / 100),
                    key -> Timer.builder("basalt.http.requests")
                            .tag("service", key.service().label())
                            .tag("operation", key.operation())
                            .tag("outcome", key.hundred() + "xx")
                            .register(metrics));
        }
    }

    void run(RoutingContext routing, Endpoint endpoint) {
        new Run(routing, endpoint).start();
    }

    /** Answers a preflight; by the host's project where there is one, since no key comes with it. */
    void preflight(RoutingContext routing) {
        var request = routing.request();
        if (request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) == null) {
            routing.next();
            return;
        }
        var authority = request.authority();
        callers.resolve(new Credentials(authority == null ? null : authority.host(), null, null))
                .onComplete(known -> {
                    var response = routing.response();
                    Cors.preflight(
                            request,
                            response,
                            known.succeeded() ? known.result().project() : null);
                    response.setStatusCode(204).end(Buffer.buffer());
                });
    }

    private static ApiException asApiException(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        return DatabaseFailure.asOutage(failure).orElseGet(() -> ApiException.caused(KitError.INTERNAL, failure));
    }
}
