package dev.basalt.kit.http;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Identity;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.Cause;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.request.RequestInfo;
import dev.basalt.kit.request.RequestMeter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request as an endpoint sees it. The body has not been read yet: take {@link #body} or {@link #stream}, once. Used by
 * one event loop.
 */
public final class Exchange {
    private static final String WILDCARD = "*";
    private final RoutingContext routing;
    private Identity identity;
    private final long bodyLimit;
    private final BodyMemory bodies;
    private final String requestId;
    private final RequestMeter meter;
    private final Cause.Led led;
    private @Nullable RequestContext context;
    private boolean streamed;

    Exchange(
            RoutingContext routing,
            Identity identity,
            long bodyLimit,
            BodyMemory bodies,
            String requestId,
            RequestMeter meter,
            Cause.Led led) {
        this.routing = routing;
        this.identity = identity;
        this.bodyLimit = bodyLimit;
        this.bodies = bodies;
        this.requestId = requestId;
        this.meter = meter;
        this.led = led;
    }

    public HttpServerRequest request() {
        return routing.request();
    }

    /**
     * Checks the caller once more, for endpoints that only find out now who may call them.
     *
     * @throws dev.basalt.kit.error.ApiException as a refused request is answered
     */
    public void require(Access access) {
        access.check(identity);
    }

    /** Makes it the request of somebody whom only the endpoint could recognise; it is counted as theirs from now on. */
    public void become(Identity recognised) {
        identity = recognised;
        context = null;
    }

    Identity identity() {
        return identity;
    }

    public Caller caller() {
        return identity.caller();
    }

    public String requestId() {
        return requestId;
    }

    public RequestMeter meter() {
        return meter;
    }

    /**
     * The project the request is for.
     *
     * @throws ApiException {@link KitError#PROJECT_NOT_FOUND} if it is the operator's and names none
     */
    public Project project() {
        var project = identity.project();
        if (project == null) {
            throw ApiException.of(KitError.PROJECT_NOT_FOUND);
        }
        return project;
    }

    /** The request for whatever works for it; as {@link #project}, it needs one. */
    public RequestContext context() {
        var known = context;
        if (known == null) {
            known = new RequestContext(
                    requestId, project(), caller(), RequestInfo.of(request()), meter, led.depth(), led.chain());
            context = known;
        }
        return known;
    }

    /**
     * A parameter of the endpoint's own path, percent-decoded once; {@code *} is what the path's wildcard stands for.
     *
     * @throws ApiException {@link KitError#INVALID_REQUEST} if it does not decode
     */
    public String path(String name) {
        var value = Objects.requireNonNull(routing.pathParam(name), name);
        if (!name.equals(WILDCARD)) {
            return value;
        }
        // Vert.x decodes named parameters and leaves the wildcard as it came.
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ApiException.of(KitError.INVALID_REQUEST);
        }
    }

    /** The first value of a query parameter. */
    public @Nullable String query(String name) {
        return routing.queryParams().get(name);
    }

    public @Nullable String header(CharSequence name) {
        return request().getHeader(name);
    }

    /** The content type without its parameters, in lower case; empty if there is none. */
    public String contentType() {
        var value = header(HttpHeaders.CONTENT_TYPE);
        if (value == null) {
            return "";
        }
        var semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    /** Completes when the client goes away before it has the whole answer; otherwise never. */
    public Future<Void> abandoned() {
        var promise = Promise.<Void>promise();
        routing.addEndHandler(ended -> {
            if (ended.failed()) {
                promise.tryComplete();
            }
        });
        return promise.future();
    }

    /** The largest body this endpoint reads, in bytes. */
    public long bodyLimit() {
        return bodyLimit;
    }

    /** The length the client announced, or -1. */
    public long announcedLength() {
        var value = header(HttpHeaders.CONTENT_LENGTH);
        try {
            return value == null ? -1 : Long.parseLong(value);
        } catch (NumberFormatException malformed) {
            throw ApiException.of(KitError.INVALID_REQUEST);
        }
    }

    /** The body as it flows in; paused until a handler is set and it is resumed. The reader keeps to its own limit. */
    public HttpServerRequest stream() {
        streamed = true;
        return request();
    }

    /** Whether somebody reads the body as it flows in. */
    boolean streamed() {
        return streamed;
    }

    /** Whether a body follows the headers; the stream of a request without one may have ended already. */
    public boolean hasBody() {
        return hasBody(request());
    }

    /**
     * The whole body; fails with {@link KitError#BODY_TOO_LARGE} as soon as it is known to pass the limit, and with {@link
     * KitError#BODIES_TOO_MANY} where all bodies together do not fit into memory.
     */
    public Future<Buffer> body() {
        if (announcedLength() > bodyLimit) {
            return Future.failedFuture(ApiException.of(KitError.BODY_TOO_LARGE));
        }
        if (!hasBody(request())) {
            return Future.succeededFuture(Buffer.buffer());
        }
        var promise = Promise.<Buffer>promise();
        var body = Buffer.buffer();
        var request = request();
        request.handler(chunk -> {
            if (promise.future().isComplete()) {
                // The rest flows past: the chain decides how long it still listens.
                return;
            }
            if (body.length() + chunk.length() > bodyLimit) {
                promise.tryFail(ApiException.of(KitError.BODY_TOO_LARGE));
            } else if (bodies.take(chunk.length())) {
                body.appendBuffer(chunk);
            } else {
                promise.tryFail(ApiException.of(KitError.BODIES_TOO_MANY).withHeader("Retry-After", "1"));
            }
        });
        routing.addEndHandler(answered -> bodies.release(body.length()));
        request.endHandler(end -> promise.tryComplete(body));
        request.exceptionHandler(promise::tryFail);
        request.resume();
        return promise.future();
    }

    /** Whether a body follows the headers (RFC 9112, section 6.3); HTTP/2 only tells by the end of the stream. */
    static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.equals("0");
        }
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || (request.version() == HttpVersion.HTTP_2
                        && !request.method().equals(HttpMethod.GET)
                        && !request.method().equals(HttpMethod.HEAD));
    }

    /**
     * The body as a JSON object; an empty body is an empty object.
     *
     * @return fails with {@link KitError#UNSUPPORTED_MEDIA_TYPE}, {@link KitError#BODY_TOO_LARGE} or
     *     {@link KitError#MALFORMED_JSON}, in this order
     */
    public Future<JsonObject> jsonObject() {
        return jsonObject(JsonObject::new);
    }

    /** {@link #jsonObject} whose numbers keep every digit: fractions are {@link java.math.BigDecimal}s. */
    public Future<JsonObject> exactJsonObject() {
        return jsonObject(ExactNumbers::object);
    }

    private Future<JsonObject> jsonObject(Function<String, JsonObject> parser) {
        var type = contentType();
        if (!type.isEmpty() && !type.equals("application/json") && !type.endsWith("+json")) {
            // Browsers and curl send text and forms by default; only JSON is read here.
            return Future.failedFuture(ApiException.of(KitError.UNSUPPORTED_MEDIA_TYPE));
        }
        return body().map(body -> parse(body, parser));
    }

    private static JsonObject parse(Buffer body, Function<String, JsonObject> parser) {
        if (body.length() == 0) {
            return new JsonObject();
        }
        try {
            // The strict decoder: the lenient one of String would let broken UTF-8 through as question marks.
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
            return parser.apply(text);
        } catch (DecodeException | CharacterCodingException | ClassCastException malformed) {
            throw ApiException.of(KitError.MALFORMED_JSON);
        }
    }
}
