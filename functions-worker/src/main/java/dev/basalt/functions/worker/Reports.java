package dev.basalt.functions.worker;

import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Tells the host how an instance's invocations go. Safe for use by any thread. */
final class Reports {
    private static final int HEAD = 32;

    private final HostConnection host;
    private final IntSupplier peakKib;

    Reports(HostConnection host, IntSupplier peakKib) {
        this.host = host;
        this.peakKib = peakKib;
    }

    /** Lines of a log; nothing where there are none. */
    void logs(int number, @Nullable String lines) {
        if (lines != null) {
            host.send(new FrameWriter(Op.LOGS, number, lines.length()).string(lines));
        }
    }

    /** An answer: R, B or S. */
    void result(Run run, int flags, Isolate.Word word) {
        ByteBuffer binary = word.bytes();
        FrameWriter frame = report(
                        Op.RESULT, run, flags, word.text().length() + (binary == null ? 0 : binary.remaining()))
                .int8(binary == null && word.kind() != 'S' ? 0 : 1)
                .string(word.text());
        host.send(binary == null ? frame : frame.raw(binary));
    }

    void failed(Run run, int flags, String failure) {
        host.send(report(Op.FAILED, run, flags, failure.length()).string(failure));
    }

    /** The end of what went on behind an answer; the failure is empty where there is none. */
    void done(Run run, int flags, String failure) {
        host.send(report(Op.DONE, run, flags, failure.length()).string(failure));
    }

    private FrameWriter report(byte op, Run run, int flags, int size) {
        return new FrameWriter(op, run.number, size + HEAD)
                .int8(flags)
                .int32(run.micros())
                .int32(run.cpuMicros())
                .int32(peakKib.getAsInt());
    }
}
