package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One function instance: an isolate, the thread it lives on and the socket that its frames come by. It prepares its isolate as soon as it
 * starts and waits for its socket then. Ends, and the isolate with it, when the host closes that socket. Runs the invocations that it is given in turn: while one waits, another may go on
 * where the function takes several, else it is handed back; as are those that wait behind one that computes for long.
 * {@link #tick} may be called from any thread.
 */
final class Instance implements Outside {
    private static final int STACK_BYTES = 4 << 20;
    private static final int ERROR = 3;

    /** What waits behind an invocation that takes longer is handed back. */
    private static final long HOLDS_UP_NANOS = 5_000_000L;

    private final HostConnection host = new HostConnection();
    private final Inbox inbox = new Inbox(host);
    private final CompletableFuture<Path> socket = new CompletableFuture<>();
    private final Watchdog watchdog;
    private final Thread thread;
    private final Map<Integer, Run> runs = new ConcurrentHashMap<>();
    private final CpuAccount cpu = new CpuAccount(runs);
    private final Reports reports = new Reports(host, this::peakKib);
    private volatile @Nullable Isolate isolate;
    /** Why the isolate can't be used; null if it can. */
    private @Nullable Failure broken;

    private int maxLogBytes;
    private int concurrency;

    private Instance(Watchdog watchdog) throws IOException {
        this.watchdog = watchdog;
        this.thread = new Thread(null, this::run, "instance", STACK_BYTES);
        thread.setDaemon(true);
    }

    /** A new one, which makes its isolate from now on. */
    static Instance start(Watchdog watchdog) throws IOException {
        Instance instance = new Instance(watchdog);
        instance.thread.start();
        return instance;
    }

    /** Takes its frames from a socket from now on. */
    void serve(Path path) {
        thread.setName("instance-" + path.getFileName());
        socket.complete(path);
    }

    /** The watchdog's look at this instance. */
    void tick() {
        Isolate current = isolate;
        if (current != null) {
            current.limits().check();
        }
        for (Run run : runs.values()) {
            try {
                reports.logs(run.number, run.log.takeOld());
                if (concurrency == 1 && System.nanoTime() - run.startNanos > HOLDS_UP_NANOS) {
                    inbox.handBack(() -> runs.containsKey(run.number));
                }
            } catch (UncheckedIOException closed) {
                // The instance's own thread sees it too, and ends.
                return;
            }
        }
    }

    @Override
    public void send(FrameWriter frame) {
        host.send(frame);
    }

    @Override
    public void print(int number, int level, String text) {
        Run run = runs.get(number);
        if (run == null) {
            // A timer or promise of the module's own: whoever runs now is the one that it runs for.
            run = runs.values().stream().findFirst().orElse(null);
        }
        if (run != null) {
            run.log.add(level, text);
        }
    }

    private void run() {
        try (host) {
            prepare();
            host.connect(socket.join());
            boolean alive = true;
            while (alive) {
                alive = runs.isEmpty() ? handle(inbox.take()) : goOn();
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

    private void prepare() {
        try {
            Isolate made = new Isolate(this);
            isolate = made;
            made.prepare();
        } catch (JavetException | RuntimeException e) {
            broken = failureOf(e);
        }
    }

    /** Answers whether the instance lives on. */
    private boolean handle(FrameReader frame) {
        return switch (frame.op()) {
            case Op.LOAD -> load(frame);
            case Op.INVOKE -> {
                if (runs.size() < concurrency) {
                    yield step(current -> begin(current, frame));
                }
                inbox.handBack(frame);
                yield true;
            }
            case Op.CHECK -> check(frame);
            // One for an invocation that is over crossed the word that it is.
            case Op.DATA, Op.END, Op.CREDIT, Op.CANCEL, Op.HEAD -> true;
            default -> throw new IllegalStateException("frame " + frame.op());
        };
    }

    private boolean check(FrameReader frame) {
        Isolate current = isolate;
        String entrypoint = frame.string();
        Failure failure =
                current == null || broken != null ? broken : current.check(LoadRequest.readFiles(frame), entrypoint);
        if (failure == null) {
            host.send(new FrameWriter(Op.LOADED, frame.request(), 0).string(""));
        } else {
            fail(new Run(frame.request(), 0, 0), failure, Op.FLAG_DONE);
        }
        return true;
    }

    private boolean load(FrameReader frame) {
        LoadRequest wanted = LoadRequest.read(frame);
        maxLogBytes = wanted.maxLogBytes();
        concurrency = wanted.concurrency();
        Run loading = new Run(frame.request(), wanted.initMillis(), maxLogBytes);
        runs.put(loading.number, loading);
        try {
            Isolate current = isolate;
            if (current == null || broken != null) {
                throw new FailedException(Objects.requireNonNull(broken));
            }
            String handlers;
            current.limits().arm(loading.deadlineNanos);
            watchdog.add(this);
            try {
                handlers = current.load(wanted);
            } finally {
                current.limits().disarm();
                watchdog.remove(this);
            }
            inbox.end(() -> {
                reports.logs(loading.number, loading.log.take());
                host.send(new FrameWriter(Op.LOADED, loading.number, handlers.length()).string(handlers));
                runs.remove(loading.number);
            });
            cpu.start();
            return true;
        } catch (JavetException | FailedException | RuntimeException | StackOverflowError e) {
            fail(loading, failureOf(e), Op.FLAG_DONE | Op.FLAG_GONE);
            return false;
        } finally {
            runs.remove(loading.number);
        }
    }

    /** Something to do with the isolate. */
    @FunctionalInterface
    private interface Step {
        void take(Isolate current) throws JavetException, FailedException;
    }

    /** Takes a step, and all that follow from it without a wait; answers whether the instance lives on. */
    private boolean step(Step step) {
        Isolate current = isolate;
        if (current == null) {
            throw new IllegalStateException("the instance has no isolate");
        }
        try {
            step.take(current);
            if (cpu.shared()) {
                cpu.charge();
            }
            return speak(current);
        } catch (JavetException | FailedException | RuntimeException | StackOverflowError e) {
            if (e instanceof UncheckedIOException closed) {
                throw closed;
            }
            // Whatever was not the handler's own exception leaves the isolate in a state nobody knows: away with it.
            end(failureOf(e));
            return false;
        } finally {
            if (runs.isEmpty()) {
                current.limits().disarm();
                watchdog.remove(this);
            } else {
                // The one whose time ends first may be over.
                current.limits().arm(earliestDeadline());
            }
        }
    }

    private void begin(Isolate current, FrameReader frame) throws JavetException {
        Run run = new Run(frame.request(), frame.int32(), maxLogBytes);
        boolean first = runs.isEmpty();
        cpu.begins(run);
        runs.put(run.number, run);
        current.limits().arm(earliestDeadline());
        if (first) {
            watchdog.add(this);
        }
        int kind = frame.int8();
        String meta = frame.string();
        byte[] body = frame.rest();
        current.begin(run.number, kind, meta, body, !Utf8.isText(body));
    }

    /** Waits for what comes first, a frame, a timer or a deadline, and goes on with it. */
    private boolean goOn() {
        Isolate current = isolate;
        long now = System.nanoTime();
        int wait = current == null ? 0 : current.waitMillis();
        long deadline = earliestDeadline();
        long until = wait >= 0 ? Math.min(now + wait * 1_000_000L, deadline + 1_000_000L) : deadline + 1_000_000L;
        FrameReader frame = inbox.take(Math.max(0, until - now));
        if (frame == null) {
            return step(this::expire);
        }
        return switch (frame.op()) {
            case Op.DATA, Op.END, Op.CREDIT, Op.CANCEL, Op.HEAD ->
                step(running -> {
                    cpu.turns(frame.request());
                    running.frame(frame);
                });
            default -> handle(frame);
        };
    }

    /** Ends the invocations that are past their time; alone on its instance, one takes that with it. */
    private void expire(Isolate current) throws JavetException, FailedException {
        long now = System.nanoTime();
        List<Run> late = runs.values().stream().filter(run -> run.late(now)).toList();
        if (!late.isEmpty() && late.size() == runs.size()) {
            throw new FailedException(Limits.timeout());
        }
        for (Run run : late) {
            current.drop(run.number);
            over(run, Limits.timeout(), Op.FLAG_DONE);
        }
    }

    /** Runs what is due and sends what is said, until it has to wait. */
    private boolean speak(Isolate current) throws JavetException, FailedException {
        while (!runs.isEmpty()) {
            Isolate.Word word = current.poll();
            if (cpu.shared()) {
                cpu.turns(current.turn());
                cpu.charge();
            }
            if (word != null) {
                tell(word);
            } else if (current.limits().crossed() != null) {
                throw new FailedException(Limits.timeout());
            } else if (current.waitMillis() == Isolate.STALLED) {
                return stalled(current);
            } else {
                // Also where there is more to do at once: frames get their turn in between.
                return true;
            }
        }
        return true;
    }

    /** Nothing can ever go on: work behind an answer has just ended then, an answer that is missing is a failure. */
    private boolean stalled(Isolate current) throws JavetException, FailedException {
        if (runs.values().stream().anyMatch(run -> !run.answered)) {
            throw new FailedException(Isolate.stalled("the handler's promise"));
        }
        for (Run run : List.copyOf(runs.values())) {
            current.drop(run.number);
            over(run, Isolate.stalled("work behind the answer"), Op.FLAG_DONE);
        }
        return true;
    }

    private void tell(Isolate.Word word) {
        Run run = runs.get(word.run());
        if (run != null) {
            cpu.charge(run);
            inbox.end(() -> tell(run, word));
        }
    }

    private void tell(Run run, Isolate.Word word) {
        reports.logs(run.number, run.log.take());
        int flags = (word.goesOn() ? 0 : Op.FLAG_DONE) | (word.kind() == 'S' ? Op.FLAG_STREAM : 0);
        switch (word.kind()) {
            case 'D' -> reports.done(run, Op.FLAG_DONE, "");
            case 'E' -> reports.failed(run, flags, word.text());
            default -> reports.result(run, flags, word);
        }
        run.answered = true;
        if (!word.goesOn()) {
            runs.remove(run.number);
        }
    }

    /** Ends all invocations with the isolate; only those past their own time are told that it was theirs. */
    private void end(Failure failure) {
        long now = System.nanoTime();
        runs.values().stream().filter(run -> run.late(now)).findFirst().ifPresentOrElse(cpu::charge, cpu::charge);
        boolean alone = runs.size() == 1 || !failure.kind().equals("timeout");
        for (Run run : List.copyOf(runs.values())) {
            boolean own = alone || run.late(now);
            over(
                    run,
                    own ? failure : Failure.of("gone", "another call on this instance ended it: " + failure.message()),
                    Op.FLAG_DONE | Op.FLAG_GONE);
        }
    }

    /** Says that an invocation has ended otherwise than by itself. */
    private void over(Run run, Failure failure, int flags) {
        inbox.end(() -> {
            if (run.answered) {
                run.log.add(ERROR, "background work ended: " + failure.message());
                reports.logs(run.number, run.log.take());
                reports.done(run, flags, failure.toJson());
            } else {
                fail(run, failure, flags);
            }
            runs.remove(run.number);
        });
    }

    private void fail(Run run, Failure failure, int flags) {
        reports.logs(run.number, run.log.take());
        reports.failed(run, flags, failure.toJson());
    }

    private int peakKib() {
        Isolate current = isolate;
        return current == null ? 0 : current.limits().peakKib();
    }

    private long earliestDeadline() {
        long now = System.nanoTime();
        long left = Long.MAX_VALUE;
        for (Run run : runs.values()) {
            left = Math.min(left, run.deadlineNanos - now);
        }
        return now + left;
    }

    private Failure failureOf(Throwable thrown) {
        Isolate current = isolate;
        Failure crossed = current == null ? null : current.limits().crossed();
        return crossed == null ? Failure.of(thrown) : crossed;
    }
}
