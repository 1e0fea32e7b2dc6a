package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueInteger;
import com.caoccao.javet.values.primitive.V8ValueString;
import com.caoccao.javet.values.reference.IV8Module;
import com.caoccao.javet.values.reference.V8Script;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import com.caoccao.javet.values.reference.V8ValuePromise;
import com.caoccao.javet.values.reference.V8ValueTypedArray;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One V8 isolate, {@linkplain #prepare blank} at first and then with one function in it. Every call comes from the isolate's own
 * thread; only {@link #limits()} is touched from outside. After a crossed limit the isolate must be closed, not used again.
 *
 * <p>It is driven in steps: {@link #begin} and {@link #frame} put something in, {@link #poll} runs what is due, until it has
 * nothing more to say and {@link #waitMillis} tells for what it waits.
 */
final class Isolate implements AutoCloseable {
    /** {@link #waitMillis}: nothing is pending that could ever go on. */
    static final int STALLED = -1;
    /** {@link #waitMillis}: no invocation is under way. */
    static final int IDLE = -2;
    /** {@link #waitMillis}: only a frame of the host's can go on with it. */
    static final int FRAME = -3;

    /**
     * What an invocation has to say.
     *
     * @param kind R an answer in text, B one in bytes, S one whose body follows, E a failure, D the end of the work behind it
     * @param goesOn whether there is work behind the answer
     */
    record Word(
            char kind,
            boolean goesOn,
            int run,
            String text,
            @Nullable ByteBuffer bytes) {}

    private final V8Runtime runtime;
    private final Limits limits;
    private final Compression compression;
    private final Outside outside;
    private final Map<Prelude, V8Script> scripts = new LinkedHashMap<>();
    private @Nullable V8ValueFunction drive;
    private @Nullable V8ValueFunction begin;
    private @Nullable V8ValueFunction frame;
    private @Nullable V8ValueFunction drop;
    private @Nullable V8ValueFunction poll;
    private @Nullable V8ValueFunction bytes;
    private @Nullable V8ValueFunction turn;
    private int waitMillis = IDLE;
    private int maxResponseBytes;

    Isolate(Outside outside) throws JavetException {
        this.outside = outside;
        this.runtime = V8Host.getV8Instance().createV8Runtime();
        this.limits = new Limits(runtime);
        this.compression = new Compression(runtime);
        // Rejections that are nobody's are not an end: what the handler itself answers decides.
        runtime.setPromiseRejectCallback((event, promise, value) -> {});
    }

    Limits limits() {
        return limits;
    }

    /** Runs the prelude, which is the same for every function. */
    void prepare() throws JavetException {
        try (V8ValueObject host = new HostFunctions(runtime, outside, limits, compression, this::later).bind();
                V8ValueFunction prelude = prelude(Prelude.GLOBALS);
                V8ValueObject kit = prelude.call(null, host);
                V8ValueFunction url = prelude(Prelude.URL);
                V8ValueFunction http = prelude(Prelude.HTTP);
                V8ValueFunction driving = prelude(Prelude.DRIVER)) {
            url.callVoid(null, host, kit);
            http.callVoid(null, host, kit);
            drive = driving.call(null, host, kit);
        }
    }

    /** Compiles and links the files without running any of them. */
    @Nullable
    Failure check(Map<String, String> files, String entrypoint) {
        Modules modules = new Modules(files);
        try {
            runtime.setV8ModuleResolver(modules);
            for (String path : files.keySet()) {
                if (path.endsWith(".js") || path.endsWith(".mjs")) {
                    modules.compile(runtime, path).close();
                }
            }
            try (IV8Module main = modules.compile(runtime, entrypoint)) {
                if (!main.instantiate()) {
                    Failure below = modules.failure();
                    return below != null
                            ? below
                            : Failure.of("compile", "an import of " + entrypoint + " does not resolve");
                }
            }
            return null;
        } catch (JavetException e) {
            Failure below = modules.failure();
            return below != null ? below : Failure.of("compile", e);
        }
    }

    /** Runs a function's modules in an isolate that was prepared; answers the handlers found, comma separated. */
    String load(LoadRequest request) throws JavetException, FailedException {
        maxResponseBytes = request.maxResponseBytes();
        limits.memory(request.memoryMb());
        limits.inScript(true);
        try (V8ValueObject settings = runtime.createV8ValueObject()) {
            settings.set("env", request.environment());
            settings.set("maxResponseBytes", maxResponseBytes);
            settings.set("maxCalls", request.maxCalls());
            settings.set("maxOpenCalls", request.maxOpenCalls());
            try (V8ValueObject driver = loaded(drive).call(null, settings)) {
                begin = driver.get("begin");
                frame = driver.get("frame");
                drop = driver.get("drop");
                poll = driver.get("poll");
                bytes = driver.get("bytes");
                turn = driver.get("turn");
                return evaluate(request, driver);
            }
        } finally {
            limits.inScript(false);
        }
    }

    private String evaluate(LoadRequest request, V8ValueObject driver) throws JavetException, FailedException {
        Modules modules = new Modules(request.files());
        runtime.setV8ModuleResolver(modules);
        IV8Module main;
        try {
            main = modules.compile(runtime, request.entrypoint());
            if (!main.instantiate()) {
                throw new FailedException(
                        modules.failure() != null
                                ? modules.failure()
                                : Failure.of("compile", "an import of " + request.entrypoint() + " does not resolve"));
            }
        } catch (JavetException e) {
            if (modules.failure() != null) {
                throw new FailedException(modules.failure());
            }
            throw new FailedException(Failure.of("compile", e));
        }
        // Top-level await: the evaluation is a promise.
        try (V8Value evaluated = main.evaluate(true)) {
            if (evaluated instanceof V8ValuePromise promise) {
                try (V8ValueFunction tick = driver.get("tick")) {
                    while (promise.isPending()) {
                        await(tick.callInteger(null));
                    }
                }
                if (promise.isRejected()) {
                    try (V8Value reason = promise.getResult();
                            V8ValueFunction describe = script(
                                    "(e) => e instanceof Error ? [e.name, e.message, e.stack].map((part) => String(part).slice(0, 32768)) : ['Thrown', String(e).slice(0, 32768), '']",
                                    "basalt:describe");
                            V8ValueObject parts = describe.call(null, reason)) {
                        throw new FailedException(new Failure(
                                "exception",
                                parts.getString("0"),
                                parts.getString("1"),
                                null,
                                0,
                                0,
                                parts.getString("2")));
                    }
                }
            }
        }
        try (V8Value namespace = main.getNamespace()) {
            return driver.invokeString("bind", namespace);
        }
    }

    /** Waits for a timer while the module loads: no frame can come then. */
    private void await(int wait) throws FailedException {
        Failure crossed = limits.crossed();
        if (crossed != null) {
            throw new FailedException(crossed);
        }
        if (wait == STALLED) {
            throw new FailedException(stalled("the module"));
        }
        if (wait == 0) {
            return;
        }
        limits.inScript(false);
        long until = Math.min(System.nanoTime() + wait * 1_000_000L, limits.deadlineNanos() + 1_000_000L);
        long left;
        while ((left = until - System.nanoTime()) > 0) {
            LockSupport.parkNanos(this, left);
        }
        if (limits.late()) {
            throw new FailedException(Limits.timeout());
        }
        limits.inScript(true);
    }

    static Failure stalled(String what) {
        return Failure.of("stalled", what + " can never settle: no timer and no call is pending");
    }

    /**
     * Starts an invocation.
     *
     * @param kind as in {@link Op#INVOKE}
     * @param binary whether the body is not UTF-8
     */
    void begin(int run, int kind, String meta, byte[] body, boolean binary) throws JavetException {
        V8ValueFunction start = loaded(begin);
        limits.inScript(true);
        try {
            if (body.length == 0) {
                start.callVoid(null, run, kind, meta);
            } else if (binary) {
                try (V8ValueTypedArray array = HostFunctions.uint8Array(runtime, body)) {
                    start.callVoid(null, run, kind, meta, array);
                }
            } else {
                start.callVoid(null, run, kind, meta, new String(body, StandardCharsets.UTF_8));
            }
        } finally {
            limits.inScript(false);
        }
    }

    /** Takes a frame of an invocation's stream; those of invocations that are over are nothing. */
    void frame(FrameReader read) throws JavetException {
        V8ValueFunction take = loaded(frame);
        int stream = read.int32();
        limits.inScript(true);
        try {
            switch (read.op()) {
                case Op.DATA -> {
                    try (V8ValueTypedArray array = HostFunctions.uint8Array(runtime, read.rest())) {
                        take.callVoid(null, read.request(), (int) read.op(), stream, array);
                    }
                }
                case Op.CREDIT -> take.callVoid(null, read.request(), (int) read.op(), stream, read.int32());
                case Op.HEAD, Op.END -> take.callVoid(null, read.request(), (int) read.op(), stream, read.string());
                case Op.CANCEL -> take.callVoid(null, read.request(), (int) read.op(), stream);
                default -> throw new IllegalStateException("frame " + read.op());
            }
        } finally {
            limits.inScript(false);
        }
    }

    /** Ends an invocation whatever it still waits for. */
    void drop(int run) throws JavetException {
        limits.inScript(true);
        try {
            loaded(drop).callVoid(null, run);
        } finally {
            limits.inScript(false);
        }
    }

    /** Takes one step; answers null when there is nothing to say, and {@link #waitMillis} what it waits for. */
    @Nullable
    Word poll() throws JavetException {
        limits.inScript(true);
        try (V8Value value = loaded(poll).call(null)) {
            if (!(value instanceof V8ValueString said)) {
                waitMillis = value instanceof V8ValueInteger number ? number.getValue() : STALLED;
                return null;
            }
            String text = said.getValue();
            int blank = text.indexOf(' ');
            char kind = text.charAt(0);
            return new Word(
                    kind,
                    text.charAt(1) == '1',
                    Integer.parseInt(text, 2, blank, 10),
                    text.substring(blank + 1),
                    kind == 'B' ? ByteBuffer.wrap(takeBytes()) : null);
        } finally {
            limits.inScript(false);
        }
    }

    /** The number of the invocation whose turn it was last. */
    int turn() throws JavetException {
        return loaded(turn).callInteger(null);
    }

    /** Milliseconds until the next timer, 0 for at once, or {@link #STALLED}, {@link #IDLE}, {@link #FRAME}. */
    int waitMillis() {
        return waitMillis;
    }

    private static V8ValueFunction loaded(@Nullable V8ValueFunction function) {
        return Objects.requireNonNull(function, "not loaded");
    }

    private byte[] takeBytes() throws JavetException {
        try (V8Value value = loaded(bytes).call(null)) {
            if (value instanceof V8ValueTypedArray array) {
                byte[] taken = array.toBytes();
                if (taken.length <= maxResponseBytes) {
                    return taken;
                }
            }
            return new byte[0];
        }
    }

    private V8ValueFunction prelude(Prelude part) throws JavetException {
        return (V8ValueFunction) evaluate(part);
    }

    private V8Value evaluate(Prelude part) throws JavetException {
        V8Script script = part.compile(runtime);
        scripts.put(part, script);
        return Prelude.evaluate(script);
    }

    /** A part that is loaded on demand; the first isolate that does so compiles it for all that come. */
    private V8Value later(Prelude part) throws JavetException {
        V8Value evaluated = evaluate(part);
        if (!part.compiled()) {
            part.keep(Objects.requireNonNull(scripts.get(part)));
        }
        return evaluated;
    }

    /** Keeps what this isolate compiled of the prelude for those that come. */
    void keepPrelude() throws JavetException {
        for (Map.Entry<Prelude, V8Script> script : scripts.entrySet()) {
            script.getKey().keep(script.getValue());
        }
    }

    private V8ValueFunction script(String source, String name) throws JavetException {
        return runtime.getExecutor(source).setResourceName(name).execute();
    }

    @Override
    public void close() {
        limits.close();
        compression.close();
        try {
            for (V8ValueFunction held : new V8ValueFunction[] {drive, begin, frame, drop, poll, bytes, turn}) {
                if (held != null) {
                    held.close();
                }
            }
            for (V8Script script : scripts.values()) {
                script.close();
            }
            runtime.close(true);
        } catch (JavetException e) {
            // A stopped isolate may refuse to close in order; its memory goes with the process then.
            Thread.currentThread().setName("leaked-isolate");
        }
    }
}
