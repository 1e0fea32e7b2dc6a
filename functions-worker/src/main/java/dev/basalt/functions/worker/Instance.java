package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One function instance: an isolate, the thread it lives on and the socket that its frames come by. Ends, and the isolate with
 * it, when the host closes that socket. {@link #tick} may be called from any thread.
 */
final class Instance {
    private static final int STACK_BYTES = 4 << 20;

    private final HostConnection host;
    private final Watchdog watchdog;
    private final Thread thread;
    private volatile @Nullable Isolate isolate;
    private volatile @Nullable InvocationLog log;
    private volatile int request;
    private int maxLogBytes;

    Instance(String name, HostConnection host, Watchdog watchdog) {
        this.host = host;
        this.watchdog = watchdog;
        this.thread = new Thread(null, this::run, "instance-" + name, STACK_BYTES);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The watchdog's look at this instance. */
    void tick() {
        Isolate current = isolate;
        if (current != null) {
            current.limits().check();
        }
        InvocationLog lines = log;
        if (lines != null) {
            String text = lines.takeOld();
            if (text != null) {
                try {
                    host.send(new FrameWriter(Op.LOGS, request, text.length()).string(text));
                } catch (UncheckedIOException closed) {
                    // The instance's own thread sees it too, and ends.
                }
            }
        }
    }

    private void run() {
        try (host) {
            boolean alive = true;
            while (alive) {
                alive = handle(host.read());
            }
        } catch (UncheckedIOException closed) {
            // The host wants no more of it.
        } finally {
            Isolate current = isolate;
            if (current != null) {
                current.close();
            }
        }
    }

    /** Answers whether the instance lives on. */
    private boolean handle(FrameReader frame) {
        request = frame.request();
        return switch (frame.op()) {
            case Op.LOAD -> load(frame);
            case Op.INVOKE -> invoke(frame);
            case Op.CHECK -> check(frame);
            default -> throw new IllegalStateException("frame " + frame.op());
        };
    }

    private boolean check(FrameReader frame) {
        String entrypoint = frame.string();
        Failure failure = Isolate.check(LoadRequest.readFiles(frame), entrypoint);
        if (failure == null) {
            host.send(new FrameWriter(Op.LOADED, request, 0).int32(0).string(""));
        } else {
            fail(failure, false);
        }
        return true;
    }

    private boolean load(FrameReader frame) {
        long start = System.nanoTime();
        LoadRequest wanted = LoadRequest.read(frame);
        maxLogBytes = wanted.maxLogBytes();
        InvocationLog lines = new InvocationLog(maxLogBytes);
        log = lines;
        try {
            Isolate made = new Isolate(wanted, lines);
            isolate = made;
            String handlers;
            made.limits().arm(wanted.initMillis());
            watchdog.add(this);
            try {
                handlers = made.load();
            } finally {
                made.limits().disarm();
                watchdog.remove(this);
            }
            sendLogs(lines);
            int micros = (int) ((System.nanoTime() - start) / 1_000);
            host.send(new FrameWriter(Op.LOADED, request, handlers.length())
                    .int32(micros)
                    .string(handlers));
            return true;
        } catch (JavetException | FailedException | RuntimeException | StackOverflowError e) {
            sendLogs(lines);
            fail(failureOf(e), true);
            return false;
        }
    }

    private boolean invoke(FrameReader frame) {
        int budgetMillis = frame.int32();
        int kind = frame.int8();
        String meta = frame.string();
        byte[] body = frame.rest();
        InvocationLog lines = new InvocationLog(maxLogBytes);
        log = lines;
        Isolate current = isolate;
        if (current == null) {
            fail(Failure.of("internal", "the instance has no isolate"), true);
            return false;
        }
        current.log(lines);
        Limits limits = current.limits();
        limits.arm(budgetMillis);
        watchdog.add(this);
        try {
            Isolate.Answer answer = current.invoke(kind, meta, body, !isUtf8(body));
            sendLogs(lines);
            answer(answer, limits);
            if (answer.workGoesOn()) {
                return finish(current, lines);
            }
            return true;
        } catch (JavetException | FailedException | RuntimeException | StackOverflowError e) {
            // Whatever was not the handler's own exception leaves the isolate in a state nobody knows: away with it.
            sendLogs(lines);
            fail(failureOf(e), true);
            return false;
        } finally {
            limits.disarm();
            watchdog.remove(this);
        }
    }

    private boolean finish(Isolate current, InvocationLog lines) {
        boolean good = true;
        try {
            current.finish();
        } catch (FailedException e) {
            good = e.failure().kind().equals("stalled");
            lines.add(3, "background work ended: " + e.failure().message());
        } catch (JavetException | RuntimeException | StackOverflowError e) {
            good = false;
            lines.add(3, "background work ended: " + failureOf(e).message());
        }
        sendLogs(lines);
        host.send(new FrameWriter(Op.DONE, request, 1).int8(good ? Op.FLAG_DONE : Op.FLAG_DONE | Op.FLAG_GONE));
        return good;
    }

    private void answer(Isolate.Answer answer, Limits limits) {
        int flags = answer.workGoesOn() ? 0 : Op.FLAG_DONE;
        String text = answer.text();
        if (answer.kind() == 'E') {
            host.send(new FrameWriter(Op.FAILED, request, text.length() + 32)
                    .int8(flags)
                    .int32((int) limits.elapsedMicros())
                    .int32(limits.peakKib())
                    .string(text));
            return;
        }
        ByteBuffer binary = answer.bytes();
        FrameWriter frame = new FrameWriter(
                        Op.RESULT, request, text.length() + (binary == null ? 32 : binary.remaining()))
                .int8(flags)
                .int32((int) limits.elapsedMicros())
                .int32(limits.peakKib())
                .int8(binary == null ? 0 : 1)
                .string(text);
        host.send(binary == null ? frame : frame.raw(binary));
    }

    private void fail(Failure failure, boolean dead) {
        Isolate current = isolate;
        String text = failure.toJson();
        host.send(new FrameWriter(Op.FAILED, request, text.length() + 32)
                .int8(dead ? Op.FLAG_DONE | Op.FLAG_GONE : Op.FLAG_DONE)
                .int32(current == null ? 0 : (int) current.limits().elapsedMicros())
                .int32(current == null ? 0 : current.limits().peakKib())
                .string(text));
    }

    private Failure failureOf(Throwable thrown) {
        Isolate current = isolate;
        Failure crossed = current == null ? null : current.limits().crossed();
        if (crossed != null) {
            return crossed;
        }
        return switch (thrown) {
            case FailedException failed -> failed.failure();
            case JavetException javet -> Failure.of("exception", javet);
            default -> Failure.of("internal", String.valueOf(thrown));
        };
    }

    private void sendLogs(InvocationLog lines) {
        String text = lines.take();
        if (text != null) {
            host.send(new FrameWriter(Op.LOGS, request, text.length()).string(text));
        }
    }

    private static boolean isUtf8(byte[] body) {
        for (byte b : body) {
            if (b < 0) {
                try {
                    CharBuffer ignored = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
                    return ignored.hasRemaining();
                } catch (CharacterCodingException e) {
                    return false;
                }
            }
        }
        return true;
    }
}
