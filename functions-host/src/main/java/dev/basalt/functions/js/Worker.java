package dev.basalt.functions.js;

import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One worker process: the socket that says when it is ready and asks it for more threads, and the {@linkplain WorkerStream
 * streams} to those. Thread-safe. Once it is gone every open stream is told so, exactly once.
 */
final class Worker {
    /**
     * How a worker came to its end.
     *
     * @param overdue whether it was killed because a script would not stop
     */
    record End(String why, boolean overdue) {}

    private static final Logger LOG = Logger.getLogger(Worker.class);
    private static final int MAX_LAST_WORDS = 2000;
    /** The one frame that comes over the first socket is empty. */
    private static final int MAX_CONTROL_FRAME = 64;

    private final String name;
    private final WorkerPlace place;
    private final NetServer server;
    private final long startedNanos = System.nanoTime();
    private final Promise<Worker> ready = Promise.promise();
    private final Promise<End> gone = Promise.promise();
    private final Set<Promise<WorkerStream>> opening = ConcurrentHashMap.newKeySet();
    private final Set<WorkerStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sequence = new AtomicInteger();
    private final AtomicBoolean killed = new AtomicBoolean();
    private final SpareStream spare = new SpareStream(this::open);
    private volatile @Nullable NetSocketInternal control;
    private volatile @Nullable Process process;
    private volatile boolean overdue;

    private Worker(Vertx vertx, String name, WorkerPlace place) {
        this.name = name;
        this.place = place;
        this.server = vertx.createNetServer();
    }

    /** Starts a process; blocks for as long as that takes, not until it is ready. */
    static Worker start(Vertx vertx, String name, WorkerPlace place) throws IOException {
        Worker worker = new Worker(vertx, name, place);
        try {
            worker.spawn();
        } catch (IOException | RuntimeException e) {
            worker.end();
            throw e;
        }
        return worker;
    }

    private void spawn() throws IOException {
        Path sockets = place.make(name);
        server.connectHandler(this::connected)
                .listen(SocketAddress.domainSocketAddress(
                        sockets.resolve(Op.CONTROL_SOCKET).toString()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        Process started = place.command(name)
                .start(builder -> builder.redirectOutput(place.output(name).toFile()));
        process = started;
        Future.fromCompletionStage(started.onExit()).onComplete(exited -> end());
        if (killed.get()) {
            started.destroyForcibly();
        }
    }

    private void connected(NetSocket socket) {
        if (control != null) {
            socket.close();
            return;
        }
        control = (NetSocketInternal) socket;
        FrameParser parser = new FrameParser(MAX_CONTROL_FRAME);
        socket.handler(bytes -> {
            if (!parser.read(bytes, this::frame)) {
                kill();
            }
        });
        socket.closeHandler(closed -> kill());
    }

    private void frame(FrameReader frame) {
        if (frame.op() == Op.READY) {
            ready.tryComplete(this);
        }
    }

    /** Completes when the worker can open streams; fails when it never will. */
    Future<Worker> ready() {
        return ready.future();
    }

    /** Completes when the process is gone. */
    Future<End> gone() {
        return gone.future();
    }

    /** Whether it takes no more calls. */
    boolean dead() {
        return killed.get() || gone.future().isComplete();
    }

    boolean busy() {
        return streams.stream().anyMatch(WorkerStream::busy);
    }

    /** What a frame of one of its threads may hold. */
    int maxFrameBytes() {
        return place.maxFrameBytes();
    }

    /** The stream that is open before anybody asks for one. */
    SpareStream spare() {
        return spare;
    }

    /** A new thread in the worker, read on the context's event loop; fails when the worker is gone. */
    Future<WorkerStream> open(ContextInternal context) {
        int id = sequence.incrementAndGet();
        Path socket = place.sockets(name).resolve(Integer.toString(id));
        Promise<WorkerStream> opened = context.promise();
        opening.add(opened);
        if (gone.future().isComplete()) {
            failOpening();
        } else {
            WorkerStream.open(this, context, socket, () -> ask(id), opened);
        }
        return opened.future().onSuccess(streams::add).onComplete(done -> opening.remove(opened));
    }

    private void failOpening() {
        String why = gone.future().result().why();
        opening.forEach(opened -> opened.tryFail(why));
    }

    void forget(WorkerStream stream) {
        streams.remove(stream);
    }

    private void ask(int id) {
        NetSocketInternal socket = control;
        if (socket != null) {
            socket.writeMessage(Frames.bytes(new FrameWriter(Op.OPEN, id, 0)));
        }
    }

    void kill() {
        killed.set(true);
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** The clock's regular look: kills the worker when a request, or its start, is over its time, and else restocks it. */
    void check(long nowNanos, long startTimeoutNanos) {
        if (dead()) {
            return;
        }
        if (!ready.future().isComplete() && nowNanos - startedNanos > startTimeoutNanos) {
            LOG.warnf("functions worker %s did not start in time", name);
            kill();
        } else if (streams.stream().anyMatch(stream -> stream.overdue(nowNanos))) {
            overdue = true;
            LOG.warnf("functions worker %s does not stop a script that is over its time: killing the process", name);
            kill();
        } else {
            spare.restockIfDue(nowNanos);
        }
    }

    private void end() {
        killed.set(true);
        server.close();
        String why = "the worker process ended" + lastWords();
        ready.tryFail(new IOException(why));
        gone.tryComplete(new End(why, overdue));
        failOpening();
        place.clear(name);
    }

    /** The process' last output, for the log: V8 says there why it gave up. */
    private String lastWords() {
        try {
            Path output = place.output(name);
            if (Files.exists(output) && Files.size(output) > 0) {
                byte[] all = Files.readAllBytes(output);
                int from = Math.max(0, all.length - MAX_LAST_WORDS);
                String text = new String(all, from, all.length - from, StandardCharsets.UTF_8);
                LOG.infof("functions worker %s said at its end: %s", name, text.strip());
                if (text.contains("out of memory") || text.contains("OutOfMemory")) {
                    return ": out of memory";
                }
            }
        } catch (IOException e) {
            LOG.debug("reading a worker's output", e);
        }
        return "";
    }
}
