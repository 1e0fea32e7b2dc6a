package dev.basalt.functions.js;

import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Sends a stream to a worker as fast as the function reads it: a window at first, then what it gives credit for; the stream
 * is paused in between. May be called from any thread; what it does is done on the stream's context.
 */
final class BodySender {
    private final ContextInternal context;
    private final ReadStream<Buffer> source;
    private final int number;
    private final int stream;
    private final Consumer<FrameWriter> out;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private long credit = Op.WINDOW;
    private boolean paused;
    private boolean complete;
    private boolean over;

    BodySender(ContextInternal context, ReadStream<Buffer> source, int number, int stream, Consumer<FrameWriter> out) {
        this.context = context;
        this.source = source;
        this.number = number;
        this.stream = stream;
        this.out = out;
    }

    /** Lets it flow. */
    void start() {
        context.execute(this, self -> {
            source.handler(bytes -> {
                if (!over) {
                    waiting.add(bytes);
                    flow();
                }
            });
            source.exceptionHandler(broken -> end("the body broke off"));
            source.endHandler(ended -> {
                complete = true;
                flow();
            });
            source.resume();
        });
    }

    void credit(int bytes) {
        context.execute(bytes, more -> {
            credit += more;
            flow();
        });
    }

    /** Sends no more; what comes is dropped. */
    void stop() {
        context.execute(this, self -> {
            over = true;
            waiting.clear();
            // A request that has ended may not be asked to go on.
            if (!complete) {
                source.resume();
            }
        });
    }

    private void flow() {
        while (!over && credit > 0 && !waiting.isEmpty()) {
            Buffer next = waiting.peek();
            int some = (int) Math.min(Math.min(next.length(), Op.CHUNK), credit);
            credit -= some;
            out.accept(new FrameWriter(Op.DATA, number, some + 32).int32(stream).raw(next.getBytes(0, some)));
            waiting.poll();
            if (some < next.length()) {
                waiting.addFirst(next.slice(some, next.length()));
            }
        }
        boolean full = !waiting.isEmpty();
        if (!over && !complete && full != paused) {
            paused = full;
            if (full) {
                source.pause();
            } else {
                source.resume();
            }
        }
        if (complete && waiting.isEmpty()) {
            end("");
        }
    }

    private void end(String error) {
        if (!over) {
            over = true;
            waiting.clear();
            out.accept(new FrameWriter(Op.END, number, 64).int32(stream).string(error));
        }
    }
}
