package dev.basalt.functions.process;

import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Feed;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.LambdaPayloads;
import dev.basalt.functions.signature.Payloads;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer that flows from a process to its caller, as fast as the caller takes it. It may name an error in its trailers, or
 * break off: then so does what the caller reads. Used on the process' event loop.
 */
final class StreamedAnswer {
    private static final int MAX_HEAD = 64 << 10;

    private final ContextInternal context;
    private final HttpServerRequest request;
    private final LambdaPayloads payloads;
    private final Call call;
    private final Channel.Listener listener;
    private final Runnable received;
    private final String type;
    private Buffer first = Buffer.buffer();
    private @Nullable Feed body;
    private @Nullable Result answer;
    private boolean over;

    /** @param received is run when all has come, or no more will */
    StreamedAnswer(
            ContextInternal context,
            HttpServerRequest request,
            LambdaPayloads payloads,
            Call call,
            Channel.Listener listener,
            Runnable received) {
        this.context = context;
        this.request = request;
        this.payloads = payloads;
        this.call = call;
        this.listener = listener;
        this.received = received;
        String given = request.getHeader("Content-Type");
        this.type = given == null ? "" : given;
    }

    void start() {
        request.exceptionHandler(broken -> end(bad("the answer broke off in the middle")));
        request.endHandler(ended -> complete());
        request.handler(this::take);
        begin();
    }

    private void take(Buffer part) {
        if (body != null) {
            body.push(part);
        } else if (!over) {
            first.appendBuffer(part);
            begin();
        }
    }

    private void begin() {
        if (!LambdaPayloads.hasHead(type, first)) {
            if (first.length() > MAX_HEAD) {
                end(bad("the head of the streamed answer is larger than " + MAX_HEAD + " bytes"));
            }
            return;
        }
        try {
            Result.HttpAnswer head = payloads.streamed(type, first);
            Feed flowing = new Feed(context, request, call.context());
            Result.HttpStream stream =
                    new Result.HttpStream(head.status(), head.headers(), flowing.body(), flowing::drop);
            body = flowing;
            answer = stream;
            first = Buffer.buffer();
            if (!listener.flows(call, stream, flowing.body())) {
                flowing.drop();
            }
            flowing.push(head.body());
        } catch (Payloads.BadAnswerException e) {
            end(bad(String.valueOf(e.getMessage())));
        }
    }

    private void complete() {
        Optional<Failure> failure = Trailers.failure(request);
        if (failure.isPresent()) {
            end(new Result.Failed(failure.get()));
            return;
        }
        Feed flowing = body;
        Result whole = answer;
        if (flowing == null || whole == null) {
            end(bad("the streamed answer has no end of its head"));
            return;
        }
        flowing.end();
        end(whole);
    }

    private void end(Result result) {
        if (!over) {
            over = true;
            if (body != null && result instanceof Result.Failed failed) {
                body.fail(new BrokenOffException(failed.failure()));
            }
            received.run();
            listener.answered(call, result);
        }
    }

    private static Result bad(String why) {
        return new Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, why));
    }
}
