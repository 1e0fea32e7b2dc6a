package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.options.V8RuntimeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * A worker process: {@code WorkerMain <socket> <heap MB>} connects to its host and serves frames (see {@link Op}) until the
 * socket closes. {@code WorkerMain --train <heap MB>} runs one of everything and ends, so that the JVM can record what to
 * prepare ahead of time.
 */
public final class WorkerMain {
    private final HostConnection host;
    private final Watchdog watchdog = new Watchdog();
    private final Map<Integer, Instance> instances = new ConcurrentHashMap<>();

    private WorkerMain(HostConnection host) {
        this.host = host;
    }

    public static void main(String[] arguments) throws IOException, JavetException {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        int heapMb = Integer.parseInt(arguments[1]);
        // A stopped script must unwind before its thread's stack ends; one-thread garbage collection keeps the process
        // small.
        V8RuntimeOptions.V8_FLAGS.setMaxHeapSize(heapMb).setCustomFlags("--stack-size=900 --single-threaded-gc");
        if (arguments[0].equals("--train")) {
            WarmUp.run(20);
            return;
        }
        WarmUp.run(1);
        HostConnection host = new HostConnection(Path.of(arguments[0]));
        host.send(new FrameWriter(Op.READY, 0, 0));
        new WorkerMain(host).serve();
    }

    private void serve() {
        while (true) {
            FrameReader frame = host.read();
            switch (frame.op()) {
                case Op.LOAD -> {
                    int id = frame.int32();
                    Instance instance = new Instance(id, host, watchdog, () -> instances.remove(id));
                    instances.put(id, instance);
                    instance.offer(frame);
                    instance.start();
                }
                case Op.INVOKE -> {
                    Instance instance = instances.get(frame.int32());
                    if (instance == null) {
                        String text = Failure.of("gone", "the instance is gone").toJson();
                        host.send(new FrameWriter(Op.FAILED, frame.request(), text.length())
                                .int8(Op.FLAG_DONE | Op.FLAG_GONE)
                                .int32(0)
                                .int32(0)
                                .string(text));
                    } else {
                        instance.offer(frame);
                    }
                }
                case Op.UNLOAD -> {
                    Instance instance = instances.remove(frame.int32());
                    if (instance != null) {
                        instance.stop();
                    }
                }
                case Op.CHECK -> check(frame);
                default -> throw new IllegalStateException("frame " + frame.op());
            }
        }
    }

    private void check(FrameReader frame) {
        String entrypoint = frame.string();
        Map<String, String> files = LoadRequest.readFiles(frame);
        Thread.ofPlatform().name("check").daemon().start(() -> {
            Failure failure = Isolate.check(files, entrypoint);
            if (failure == null) {
                host.send(
                        new FrameWriter(Op.LOADED, frame.request(), 0).int32(0).string(""));
            } else {
                String text = failure.toJson();
                host.send(new FrameWriter(Op.FAILED, frame.request(), text.length())
                        .int8(Op.FLAG_DONE)
                        .int32(0)
                        .int32(0)
                        .string(text));
            }
        });
    }
}
