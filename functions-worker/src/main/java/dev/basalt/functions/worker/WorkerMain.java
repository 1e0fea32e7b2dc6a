package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.options.V8RuntimeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A worker process: {@code WorkerMain <sockets> <heap MB>} connects to its host in that directory and starts a thread for each
 * {@link Op#OPEN} until the socket closes. {@code WorkerMain --train <heap MB>} runs one of everything and ends, so that the
 * JVM can record what to prepare ahead of time.
 */
public final class WorkerMain {
    private WorkerMain() {}

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
        try {
            serve(Path.of(arguments[0]));
        } finally {
            // Nobody listens any more: not waiting for scripts that still run.
            Runtime.getRuntime().halt(0);
        }
    }

    private static void serve(Path sockets) throws IOException {
        Watchdog watchdog = new Watchdog();
        try (HostConnection control = new HostConnection()) {
            control.connect(sockets.resolve(Op.CONTROL_SOCKET));
            control.send(new FrameWriter(Op.READY, 0, 0));
            // Made while nobody asks for it yet.
            @Nullable Instance next = Instance.start(watchdog);
            while (true) {
                FrameReader frame = control.read();
                if (frame.op() != Op.OPEN) {
                    throw new IllegalStateException("frame " + frame.op());
                }
                Instance asked = next == null ? Instance.start(watchdog) : next;
                next = null;
                asked.serve(sockets.resolve(Integer.toString(frame.request())));
            }
        }
    }
}
