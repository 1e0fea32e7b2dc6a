package dev.basalt.functions.js;

import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * A socket of one thread in a worker, over which requests go. All of it is read on one event loop: a caller on
 * that loop is answered without waking another thread. {@link #request}, {@link #send} and {@link #close} are thread-safe; the request's
 * {@link Reply} is called on the event loop.
 */
final class WorkerStream {
    /** What waits for an answer. */
    interface Reply {
        /** A frame of this request; answers whether the request is over. */
        boolean frame(FrameReader frame);

        /** The worker is gone before the request was over. */
        void gone(Worker.End end);

        /** Whether the whole worker is to be killed by this moment ({@link System#nanoTime}); from any thread. */
        boolean overdue(long nowNanos);
    }

    private static final Logger LOG = Logger.getLogger(WorkerStream.class);

    private final Worker worker;
    private final ContextInternal context;
    private final NetServer server;
    private final NetSocketInternal socket;
    private final FrameParser parser;
    private final Map<Integer, Reply> requests = new ConcurrentHashMap<>();
    private final AtomicInteger sequence = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean ending;

    private WorkerStream(Worker worker, ContextInternal context, NetServer server, NetSocket socket) {
        this.worker = worker;
        this.parser = new FrameParser(worker.maxFrameBytes());
        this.context = context;
        this.server = server;
        this.socket = (NetSocketInternal) socket;
        // At an end the other way what was said before is read all the same: it tells which calls have run.
        this.socket.channelHandlerContext().channel().config().setAutoClose(false);
        // A worker that ends with frames unread resets it; the close that follows says all there is to say.
        socket.exceptionHandler(failed -> LOG.debug("a functions worker's socket", failed));
        socket.handler(this::read).closeHandler(end -> ended());
    }

    /**
     * Listens on a socket of the name, asks the worker to connect to it, and completes the promise with the first connection;
     * once that has failed, nobody listens any more.
     *
     * @param context the event loop that is to read
     */
    static void open(Worker worker, ContextInternal context, Path path, Runnable ask, Promise<WorkerStream> opened) {
        context.runOnContext(on -> {
            NetServer server = context.owner().createNetServer();
            server.connectHandler(socket -> {
                // A worker is a stranger: what it connects beyond what it was asked for is nobody's.
                if (opened.future().isComplete()) {
                    socket.close();
                } else {
                    context.owner().fileSystem().delete(path.toString());
                    opened.tryComplete(new WorkerStream(worker, context, server, socket));
                }
            });
            server.listen(SocketAddress.domainSocketAddress(path.toString()))
                    .onSuccess(listening -> ask.run())
                    .onFailure(opened::tryFail);
            opened.future().onFailure(failure -> server.close());
        });
    }

    /** The event loop that reads it. */
    ContextInternal context() {
        return context;
    }

    /** Whether nothing can be sent any more. */
    boolean closed() {
        return closed;
    }

    /** The number of the next request. */
    int nextRequest() {
        return sequence.incrementAndGet();
    }

    /** Sends a request whose frame was made with that number. */
    void request(int number, FrameWriter frame, Reply reply) {
        requests.put(number, reply);
        if (closed) {
            ended();
            return;
        }
        send(frame);
    }

    /** Sends a frame that belongs to a request; nothing comes of it when that is over. */
    void send(FrameWriter frame) {
        if (!closed) {
            socket.writeMessage(Frames.bytes(frame));
        }
    }

    /** Gives a request up: no word about it is to come. */
    void forget(int number) {
        requests.remove(number);
    }

    /** Whether a request is under way. */
    boolean busy() {
        return !requests.isEmpty();
    }

    /** Whether a request under way is past the moment when its worker is killed. */
    boolean overdue(long nowNanos) {
        for (Reply reply : requests.values()) {
            if (reply.overdue(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Ends the thread at the other end once the requests under way are over: it has said that it is about to go. */
    void closeWhenIdle() {
        ending = true;
    }

    /** Ends the thread at the other end; a request under way is forgotten. */
    void close() {
        closed = true;
        requests.clear();
        worker.forget(this);
        server.close();
    }

    private void read(Buffer bytes) {
        try {
            if (parser.read(bytes, this::frame)) {
                return;
            }
        } catch (RuntimeException forged) {
            // No worker of ours says such a thing: what runs in it has left its bounds.
            LOG.warn("a functions worker sent what it can't send, and is killed", forged);
        }
        closed = true;
        socket.pause();
        worker.kill();
        ended();
    }

    private void frame(FrameReader frame) {
        Reply reply = requests.get(frame.request());
        if (reply != null && reply.frame(frame)) {
            requests.remove(frame.request(), reply);
        }
        if (ending && !closed && requests.isEmpty()) {
            close();
        }
    }

    /** The worker closed its end, which it never does alone: it is gone or about to be. */
    private void ended() {
        if (closed && requests.isEmpty()) {
            return;
        }
        closed = true;
        worker.forget(this);
        if (ending) {
            // It went as it said it would; a request that crossed that word on its way is not the worker's fault.
            gone(new Worker.End("the instance ended", false));
            return;
        }
        worker.kill();
        worker.gone().onSuccess(end -> context.runOnContext(on -> gone(end)));
    }

    private void gone(Worker.End end) {
        server.close();
        for (Integer number : List.copyOf(requests.keySet())) {
            Reply reply = requests.remove(number);
            if (reply != null) {
                reply.gone(end);
            }
        }
    }
}
