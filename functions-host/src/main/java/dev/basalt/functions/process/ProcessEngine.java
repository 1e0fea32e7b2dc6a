package dev.basalt.functions.process;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.egress.EgressProxy;
import dev.basalt.functions.process.Launch.Wire;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.sandbox.Sandbox;
import dev.basalt.functions.signature.LambdaPayloads;
import dev.basalt.functions.signature.Payloads;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** What all pools of the lane share: this machine's means, and the threads on which blocking things happen. Thread-safe. */
final class ProcessEngine {
    /** Something that blocks. */
    interface Blocking {
        void run() throws IOException;
    }

    private final ProcessConfig config;
    private final Egress egress;
    private final ProcessPlace place;
    private final Launches launches;
    private final ClassArchives archives;
    private final ExecutorService spawner;
    private final Set<Output> outputs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sequence = new AtomicInteger();

    private ProcessEngine(
            ProcessConfig config,
            Egress egress,
            ProcessPlace place,
            Launches launches,
            ClassArchives archives,
            ExecutorService spawner) {
        this.config = config;
        this.egress = egress;
        this.place = place;
        this.launches = launches;
        this.archives = archives;
        this.spawner = spawner;
    }

    /**
     * Finds out what this machine offers. Blocks.
     *
     * @param egress what functions may do on the internet
     * @param spawner one thread, which lives as long as the host: the kernel ties a process' life to it
     */
    static ProcessEngine detect(
            ProcessConfig config, Egress egress, Path home, Sandbox sandbox, ExecutorService spawner)
            throws IOException {
        ProcessPlace place = new ProcessPlace(config, home, sandbox);
        return new ProcessEngine(
                config,
                egress,
                place,
                new Launches(Interpreters.detect(config)),
                new ClassArchives(config, home.resolve("archives"), place, spawner),
                spawner);
    }

    /** Has an output looked at by the clock until it is forgotten. */
    void listen(Output output) {
        outputs.add(output);
    }

    void forget(Output output) {
        outputs.remove(output);
    }

    /** The clock's frequent look; answers whether there is anything to look at. */
    boolean look() {
        outputs.forEach(Output::look);
        return !outputs.isEmpty();
    }

    ProcessConfig config() {
        return config;
    }

    ProcessPlace place() {
        return place;
    }

    Launches launches() {
        return launches;
    }

    String nextName() {
        return "p" + sequence.incrementAndGet();
    }

    /** Unpacks a function's files and finds out how it is started. */
    Future<Prepared> prepare(FunctionVersion function) {
        return function.artifact()
                .get()
                .compose(artifact -> Future.future(promise -> onVirtualThread(promise, () -> {
                    boolean java = function.manifest().runtime().equals("java");
                    Launch launch = launches.launch(function.manifest(), artifact, jars(artifact));
                    TaskDirectory task = TaskDirectory.unpack(place.directory(), artifact, java);
                    return java
                            ? archives.withArchive(function, task, artifact, launch)
                            : new Prepared(task, artifact, launch, Optional::empty);
                })));
    }

    /** The jars of a Java function in the order of the class path: those at the top, then those in {@code lib}. */
    static List<String> jars(Artifact artifact) {
        return artifact.files().keySet().stream()
                .filter(path -> path.endsWith(".jar") && path.lastIndexOf('/') == (path.startsWith("lib/") ? 3 : -1))
                .sorted(Comparator.comparing((String path) -> path.startsWith("lib/"))
                        .thenComparing(path -> path))
                .toList();
    }

    Handler<Promise<Void>> blocking(Blocking work) {
        return promise -> onVirtualThread(promise, () -> {
            work.run();
            return null;
        });
    }

    /** Runs something that starts a process on the thread that processes are tied to. */
    <T> Handler<Promise<T>> spawning(Callable<T> work) {
        return promise -> spawner.execute(() -> complete(promise, work));
    }

    private static <T> void onVirtualThread(Promise<T> promise, Callable<T> work) {
        var _ = Thread.ofVirtual().start(() -> complete(promise, work));
    }

    private static <T> void complete(Promise<T> promise, Callable<T> work) {
        try {
            promise.complete(work.call());
        } catch (Exception e) {
            promise.fail(e);
        }
    }

    /** The way of talking with a process of this function. */
    Channel channel(
            String name,
            FunctionVersion function,
            Prepared prepared,
            ContextInternal context,
            Channel.Listener listener) {
        boolean cut = place.sandbox().cutsNetwork();
        int concurrency = function.manifest().scaling().concurrency().orElse(1);
        if (prepared.launch().wire() == Wire.SERVER) {
            Relay relay = cut ? new Relay(context, place.innerSocket(name), place.outerSocket(name)) : null;
            return new ServerChannel(
                    context,
                    relay,
                    concurrency,
                    config.maxResponseBytes(),
                    server -> ServerDialect.of(function, prepared.artifact(), server),
                    listener);
        }
        // Our own clients know Basalt's convention as well and make it of Lambda's payloads.
        Payloads payloads = Payloads.of(function.manifest().signature()).orElseGet(LambdaPayloads::new);
        boolean onPort = prepared.launch().wire() == Wire.API && !cut;
        return new RuntimeApi(
                context,
                function,
                payloads,
                onPort ? null : place.innerSocket(name),
                concurrency,
                config.maxResponseBytes(),
                listener);
    }

    /** The way out of a process; none where its function has no egress list, or where nothing holds processes to one. */
    Optional<EgressProxy> wayOut(String name, FunctionVersion function, ContextInternal context) {
        return place.sandbox().cutsNetwork() && !function.manifest().egress().isEmpty()
                ? Optional.of(new EgressProxy(context, egress, function::mayCall, place.wayOut(name)))
                : Optional.empty();
    }

    void sweep() {
        place.sweep();
    }

    void close() {
        archives.close();
        place.close();
    }
}
