package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FlowingBody;
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
    /** What may wait for the reader, in bytes; the process is held back from the half of it on. */
    private static final int WINDOW = 256 << 10;

    private final ContextInternal context;
    private final HttpServerRequest request;
    private final LambdaPayloads payloads;
    private final Call call;
    private final Channel.Listener listener;
    private final Runnable received;
    private final String type;
    private Buffer first = Buffer.buffer();
    private @Nullable FlowingBody body;
    private @Nullable Result answer;
    private int waiting;
    /** Nobody reads on; what comes is thrown away. */
    private boolean abandoned;

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
            push(part);
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
            FlowingBody flowing = new FlowingBody(call.context(), WINDOW, read -> context.execute(read, this::read));
            Result.HttpStream stream = new Result.HttpStream(
                    head.status(), head.headers(), flowing, () -> context.execute(this, StreamedAnswer::abandon));
            body = flowing;
            answer = stream;
            first = Buffer.buffer();
            abandoned = !listener.flows(call, stream, flowing);
            if (head.body().length() > 0) {
                push(head.body());
            }
        } catch (Payloads.BadAnswerException e) {
            end(bad(String.valueOf(e.getMessage())));
        }
    }

    private void push(Buffer part) {
        FlowingBody flowing = body;
        if (abandoned || over || flowing == null) {
            return;
        }
        // A head may come together with more than a window.
        for (int from = 0; from < part.length(); from += WINDOW / 4) {
            byte[] piece = part.getBytes(from, Math.min(part.length(), from + WINDOW / 4));
            waiting += piece.length;
            if (!flowing.push(piece)) {
                end(bad("the answer came faster than it was asked for"));
                return;
            }
        }
        if (waiting >= WINDOW / 2) {
            request.pause();
        }
    }

    private void read(int bytes) {
        waiting -= bytes;
        if (waiting < WINDOW / 2 && !over) {
            request.resume();
        }
    }

    private void abandon() {
        abandoned = true;
        if (!over) {
            request.resume();
        }
    }

    private void complete() {
        Optional<Failure> failure = Trailers.failure(request);
        if (failure.isPresent()) {
            end(new Result.Failed(failure.get()));
            return;
        }
        FlowingBody flowing = body;
        Result whole = answer;
        if (flowing == null || whole == null) {
            end(bad("the streamed answer has no end of its head"));
            return;
        }
        if (!abandoned) {
            flowing.end();
        }
        end(whole);
    }

    private void end(Result result) {
        if (!over) {
            over = true;
            received.run();
            listener.answered(call, result);
        }
    }

    private static Result bad(String why) {
        return new Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, why));
    }
}
