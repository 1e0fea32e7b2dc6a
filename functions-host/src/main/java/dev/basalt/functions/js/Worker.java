package dev.basalt.functions.js;

import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One worker process and its socket. {@link #request}, {@link #notify} and {@link #kill} are thread-safe; replies come on
 * the loop's thread. Once it is gone every open request is told so, exactly once.
 */
final class Worker {
    /** What waits for an answer. */
    interface Reply {
        /** A frame of this request; answers whether the request is over. */
        boolean frame(FrameReader frame);

        /** The worker is gone before the request was over. */
        void gone(String why, boolean overdue);

        /** After this moment ({@link System#nanoTime}) the whole worker is killed; 0 for never. */
        long killAtNanos();
    }

    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final String name;
    private final WorkerLoop loop;
    private final WorkerPlace place;
    private final long startedNanos = System.nanoTime();
    private final Promise<Worker> ready = Promise.promise();
    private final Promise<Void> gone = Promise.promise();
    private final Map<Integer, Reply> requests = new ConcurrentHashMap<>();
    private final AtomicInteger sequence = new AtomicInteger();
    private volatile @Nullable Process process;
    private volatile @Nullable WorkerConnection connection;
    private volatile @Nullable ServerSocketChannel server;
    private volatile boolean dead;
    private volatile boolean overdue;

    private Worker(String name, WorkerLoop loop, WorkerPlace place) {
        this.name = name;
        this.loop = loop;
        this.place = place;
    }

    /** Starts a process; blocks for as long as that takes, not until it is ready. */
    static Worker start(String name, WorkerLoop loop, WorkerPlace place) throws IOException {
        Worker worker = new Worker(name, loop, place);
        try {
            worker.spawn();
        } catch (IOException e) {
            worker.end();
            place.clear(name);
            throw e;
        }
        return worker;
    }

    private void spawn() throws IOException {
        Path socket = place.socket(name);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server = listener;
        listener.bind(UnixDomainSocketAddress.of(socket), 1);
        listener.configureBlocking(false);
        loop.execute(() -> {
            try {
                loop.register(listener, SelectionKey.OP_ACCEPT, this::accept);
            } catch (IOException e) {
                LOG.warn("functions worker " + name + " can't listen", e);
                kill();
            }
        });
        List<String> command = place.command(name);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(place.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(place.output(name).toFile());
        builder.environment().clear();
        Process started = builder.start();
        process = started;
        started.getOutputStream().close();
        Future.fromCompletionStage(started.onExit())
                .onComplete(exited -> loop.execute(() -> {
                    end();
                    place.clear(name);
                }));
    }

    /** Completes when the worker takes requests; fails when it never will. */
    Future<Worker> ready() {
        return ready.future();
    }

    /** Completes when the worker is gone. */
    Future<Void> gone() {
        return gone.future();
    }

    boolean dead() {
        return dead;
    }

    boolean busy() {
        return !requests.isEmpty();
    }

    /** A number for a request of this worker. */
    int nextRequest() {
        return sequence.incrementAndGet();
    }

    /** Sends a request whose frame was made with that number. */
    void request(int number, FrameWriter frame, Reply reply) {
        requests.put(number, reply);
        WorkerConnection open = connection;
        if (dead || open == null) {
            if (requests.remove(number) != null) {
                reply.gone("the worker is gone", false);
            }
            return;
        }
        open.send(frame.finish());
    }

    /** Sends what has no answer. */
    void notify(FrameWriter frame) {
        WorkerConnection open = connection;
        if (open != null) {
            open.send(frame.finish());
        }
    }

    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        WorkerConnection open = connection;
        if (open != null) {
            open.close();
        } else {
            loop.execute(this::end);
        }
    }

    /** The loop's regular look: kills the worker when a request, or its start, is over its time. */
    void check(long nowNanos, long startTimeoutNanos) {
        if (dead) {
            return;
        }
        if (!ready.future().isComplete() && nowNanos - startedNanos > startTimeoutNanos) {
            LOG.warnf("functions worker %s did not start in time", name);
            kill();
            return;
        }
        for (Reply reply : requests.values()) {
            long killAt = reply.killAtNanos();
            if (killAt != 0 && nowNanos - killAt > 0) {
                overdue = true;
                LOG.warnf(
                        "functions worker %s does not stop a script that is over its time: killing the process", name);
                kill();
                return;
            }
        }
    }

    private void accept(SelectionKey key) throws IOException {
        ServerSocketChannel listener = (ServerSocketChannel) key.channel();
        SocketChannel channel = listener.accept();
        if (channel == null) {
            return;
        }
        closeServer();
        WorkerConnection opened = new WorkerConnection(loop, channel, this::frame, this::end);
        connection = opened;
        opened.start();
    }

    private void frame(FrameReader frame) {
        if (frame.op() == Op.READY) {
            ready.tryComplete(this);
            return;
        }
        Reply reply = requests.get(frame.request());
        if (reply != null && reply.frame(frame)) {
            requests.remove(frame.request());
        }
    }

    private void end() {
        if (dead) {
            return;
        }
        dead = true;
        closeServer();
        WorkerConnection open = connection;
        if (open != null) {
            open.close();
        }
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        String why = "the worker process ended" + lastWords();
        ready.tryFail(new IOException(why));
        gone.tryComplete();
        for (Integer number : List.copyOf(requests.keySet())) {
            Reply reply = requests.remove(number);
            if (reply != null) {
                reply.gone(why, overdue);
            }
        }
    }

    private void closeServer() {
        ServerSocketChannel listener = server;
        if (listener != null) {
            try {
                listener.close();
            } catch (IOException e) {
                LOG.debug("closing a listener", e);
            }
        }
    }

    /** The process' last output, for the log: V8 says there why it gave up. */
    private String lastWords() {
        try {
            Path output = place.output(name);
            if (Files.exists(output) && Files.size(output) > 0) {
                byte[] all = Files.readAllBytes(output);
                String text = new String(
                        all,
                        Math.max(0, all.length - 2000),
                        Math.min(2000, all.length),
                        java.nio.charset.StandardCharsets.UTF_8);
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
