package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Base64;
import java.util.Optional;

/** Keeps what Vert.x' server does not show of a chunked request: the error that a runtime client tells in its trailers. */
final class Trailers extends ChannelInboundHandlerAdapter {
    private static final String TYPE = "Lambda-Runtime-Function-Error-Type";
    private static final String BODY = "Lambda-Runtime-Function-Error-Body";
    private static final AttributeKey<HttpHeaders> LAST = AttributeKey.valueOf(Trailers.class, "last");

    private Trailers() {}

    /** Looks at all requests of a connection. */
    static void watch(HttpConnection connection) {
        ((ConnectionBase) connection).channel().pipeline().addBefore("handler", "trailers", new Trailers());
    }

    /** The error with which a request's body has ended, if it has with one. */
    static Optional<Failure> failure(HttpServerRequest request) {
        HttpHeaders last =
                ((ConnectionBase) request.connection()).channel().attr(LAST).get();
        if (last == null || !last.contains(TYPE)) {
            return Optional.empty();
        }
        return Optional.of(LambdaErrors.failure(decoded(last.get(BODY, "")), last.get(TYPE, "")));
    }

    private static Buffer decoded(String body) {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(body));
        } catch (IllegalArgumentException e) {
            return Buffer.buffer();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof LastHttpContent last) {
            context.channel().attr(LAST).set(last.trailingHeaders());
        }
        context.fireChannelRead(message);
    }
}
