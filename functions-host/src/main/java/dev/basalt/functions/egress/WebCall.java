package dev.basalt.functions.egress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.ReadStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request on its way, its redirects included. Used on one event loop, where its answer comes too. */
public final class WebCall {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BODYLESS = Set.of(204, 205, 304);
    /** What is for one origin's eyes (Fetch Standard, HTTP-redirect fetch). */
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "apikey");
    /** What describes a body that is not sent on. */
    private static final Set<String> OF_BODY =
            Set.of("content-encoding", "content-language", "content-location", "content-type");
    /** A head's own bytes besides its names and values. */
    private static final int LINE_BYTES = 4;

    private final HttpClient client;
    private final Rules rules;
    private final WebRequest asked;
    private final ContextInternal context;
    private final Promise<WebAnswer> answer;
    private @Nullable HttpClientRequest running;
    private @Nullable ReadStream<Buffer> flow;
    private boolean over;
    private long bytes;

    /** What a call may do: who may be called, and how much of it. */
    interface Rules {
        /** The address to connect to; fails where there is none that is allowed. */
        Future<InetSocketAddress> address(Target target);

        int maxRedirects();

        long maxRequestBytes();

        long maxResponseBytes();

        long connectMillis();
    }

    WebCall(HttpClient client, Rules rules, ContextInternal context, WebRequest asked) {
        this.client = client;
        this.rules = rules;
        this.context = context;
        this.asked = asked;
        this.flow = asked.flow();
        this.answer = context.promise();
    }

    /** Fails with an {@link EgressException} that says why. */
    public Future<WebAnswer> answer() {
        return answer.future();
    }

    /** What has gone out and come in so far. */
    public long bytes() {
        return bytes;
    }

    /** Ends it where it is: what has come is not read on, what is to be sent is not sent. */
    public void cancel() {
        over = true;
        HttpClientRequest request = running;
        if (request != null) {
            request.reset();
        }
        answer.tryFail(new EgressException("it was cancelled"));
    }

    WebCall start() {
        try {
            go(new Step(
                    Target.parse(asked.url()), HttpMethod.valueOf(asked.method()), asked.headers(), asked.body(), 0));
        } catch (EgressException e) {
            answer.tryFail(e);
        }
        return this;
    }

    /** One request of the chain. */
    private record Step(
            Target target, HttpMethod method, List<Map.Entry<String, String>> headers, Buffer body, int hops) {}

    private void go(Step step) {
        rules.address(step.target())
                .compose(address -> request(step, address))
                .compose(request -> send(step, request))
                .onSuccess(response -> received(step, response))
                .onFailure(failure -> answer.tryFail(shown(failure)));
    }

    private Future<HttpClientRequest> request(Step step, InetSocketAddress address) {
        RequestOptions options = new RequestOptions()
                // The address that was checked is the one that is connected to: the name is not asked for again.
                .setServer(SocketAddress.inetSocketAddress(address))
                .setHost(step.target().host())
                .setPort(step.target().port())
                .setSsl(step.target().ssl())
                .setURI(step.target().path())
                .setMethod(step.method())
                .setConnectTimeout(rules.connectMillis())
                .setFollowRedirects(false);
        return client.request(options).map(request -> {
            // What breaks is heard of where the answer is waited for.
            request.exceptionHandler(broken -> {});
            step.headers().forEach(header -> request.headers().add(header.getKey(), header.getValue()));
            if (!request.headers().contains(HttpHeaders.ACCEPT)) {
                request.putHeader(HttpHeaders.ACCEPT, "*/*");
            }
            if (!request.headers().contains(HttpHeaders.USER_AGENT)) {
                request.putHeader(HttpHeaders.USER_AGENT, "Basalt");
            }
            bytes += size(request.headers()) + step.target().path().length();
            return request;
        });
    }

    private Future<HttpClientResponse> send(Step step, HttpClientRequest request) {
        if (over) {
            request.reset();
            return Future.failedFuture(new EgressException("it was cancelled"));
        }
        running = request;
        ReadStream<Buffer> flowing = flow;
        if (flowing == null) {
            bytes += step.body().length();
            if (step.body().length() > 0 || carriesBody(step.method())) {
                return request.send(step.body());
            }
            return request.send();
        }
        // Once sent it is gone: a redirect that wants it again can't be followed.
        flow = null;
        request.setChunked(true);
        Promise<HttpClientResponse> answered = context.promise();
        request.response().onComplete(answered);
        new CountedStream(flowing, rules.maxRequestBytes(), some -> bytes += some, request::reset)
                .pipeTo(request)
                .onFailure(broken -> {
                    request.reset();
                    answered.tryFail(broken);
                });
        return answered.future();
    }

    private void received(Step step, HttpClientResponse response) {
        // Before anything else: what is not read now would be lost. That it breaks off is heard of by who reads it.
        response.exceptionHandler(broken -> {});
        response.pause();
        bytes += size(response.headers());
        if (over) {
            cancel();
            return;
        }
        String location = response.getHeader(HttpHeaders.LOCATION);
        try {
            if (location == null
                    || !REDIRECTS.contains(response.statusCode())
                    || asked.redirect() == WebRequest.Redirect.MANUAL) {
                answer.tryComplete(answer(step, response));
                return;
            }
            Step next = redirect(step, response.statusCode(), location);
            // Its body is nobody's, and nor is the word that it broke off.
            response.exceptionHandler(ended -> {});
            response.request().reset();
            running = null;
            go(next);
        } catch (EgressException e) {
            cancel(e);
        }
    }

    private void cancel(EgressException why) {
        answer.tryFail(why);
        cancel();
    }

    private Step redirect(Step step, int status, String location) throws EgressException {
        if (asked.redirect() == WebRequest.Redirect.ERROR) {
            throw new EgressException("the answer is a redirect");
        }
        if (step.hops() >= rules.maxRedirects()) {
            throw new EgressException("more than " + rules.maxRedirects() + " redirects");
        }
        Target to = step.target().redirect(location);
        List<Map.Entry<String, String>> headers = new ArrayList<>(step.headers());
        if (!to.sameOrigin(step.target())) {
            headers.removeIf(header -> CREDENTIALS.contains(header.getKey().toLowerCase(Locale.ROOT)));
        }
        boolean post = step.method().equals(HttpMethod.POST);
        boolean bodyless = step.method().equals(HttpMethod.GET) || step.method().equals(HttpMethod.HEAD);
        if ((status == 303 && !bodyless) || ((status == 301 || status == 302) && post)) {
            headers.removeIf(header -> OF_BODY.contains(header.getKey().toLowerCase(Locale.ROOT)));
            return new Step(to, HttpMethod.GET, headers, Buffer.buffer(), step.hops() + 1);
        }
        if (asked.flow() != null) {
            throw new EgressException("a redirect wants the body again, which has flowed by");
        }
        return new Step(to, step.method(), headers, step.body(), step.hops() + 1);
    }

    private WebAnswer answer(Step step, HttpClientResponse response) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        response.headers().forEach(header -> headers.add(Map.entry(header.getKey(), header.getValue())));
        ReadStream<Buffer> body = null;
        if (step.method().equals(HttpMethod.HEAD) || BODYLESS.contains(response.statusCode())) {
            response.resume();
        } else {
            body = new CountedStream(response, rules.maxResponseBytes(), some -> bytes += some, this::cancel);
        }
        return new WebAnswer(
                response.statusCode(),
                response.statusMessage(),
                headers,
                step.target().toString(),
                step.hops() > 0,
                body);
    }

    private static boolean carriesBody(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }

    private static long size(Iterable<Map.Entry<String, String>> headers) {
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length() + LINE_BYTES;
        }
        return size;
    }

    /** What the function may know of a failure: not an address, not a resolver, not a class. */
    static EgressException shown(Throwable failure) {
        return switch (failure) {
            case EgressException ours -> ours;
            case java.net.UnknownHostException unknown -> new EgressException("the name does not resolve");
            case javax.net.ssl.SSLException tls -> new EgressException("no secure connection could be made");
            case java.net.ConnectException refused -> new EgressException("the connection was refused or timed out");
            case io.vertx.core.http.ConnectionPoolTooBusyException busy ->
                new EgressException("too many calls to this host wait already");
            default -> new EgressException("the connection broke");
        };
    }
}
