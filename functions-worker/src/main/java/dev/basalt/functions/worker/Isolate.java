package dev.basalt.functions.worker;

import com.caoccao.javet.enums.V8ValueReferenceType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable.NoThisAndNoResult;
import com.caoccao.javet.interop.callback.IJavetDirectCallable.NoThisAndResult;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueInteger;
import com.caoccao.javet.values.primitive.V8ValueString;
import com.caoccao.javet.values.reference.IV8Module;
import com.caoccao.javet.values.reference.V8Script;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import com.caoccao.javet.values.reference.V8ValuePromise;
import com.caoccao.javet.values.reference.V8ValueTypedArray;
import java.net.IDN;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One V8 isolate with one function in it. Every call comes from the isolate's own thread; only {@link #limits()} is touched
 * from outside. After a crossed limit the isolate must be closed, not used again.
 */
final class Isolate implements AutoCloseable {
    /** The result of one invocation as the handler gave it. */
    record Answer(
            char kind,
            boolean workGoesOn,
            String text,
            @Nullable ByteBuffer bytes) {}

    private static final SecureRandom RANDOM = new SecureRandom();

    private final V8Runtime runtime;
    private final Limits limits;
    private final LoadRequest request;
    private InvocationLog log;
    private final Map<Prelude, V8Script> scripts = new LinkedHashMap<>();
    private @Nullable V8ValueFunction begin;
    private @Nullable V8ValueFunction poll;
    private @Nullable V8ValueFunction bytes;

    Isolate(LoadRequest request, InvocationLog log) throws JavetException {
        this.request = request;
        this.log = log;
        this.runtime = V8Host.getV8Instance().createV8Runtime();
        this.limits = new Limits(runtime, request.memoryMb());
        // Rejections that are nobody's are not an end: what the handler itself answers decides.
        runtime.setPromiseRejectCallback((event, promise, value) -> {});
    }

    /** Compiles and links the files without running any of them. */
    static @Nullable Failure check(Map<String, String> files, String entrypoint) {
        Modules modules = new Modules(files);
        try (V8Runtime runtime = V8Host.getV8Instance().createV8Runtime()) {
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

    Limits limits() {
        return limits;
    }

    void log(InvocationLog next) {
        log = next;
    }

    /** Runs the prelude and the function's modules; answers the handlers found, comma separated. */
    String load() throws JavetException, FailedException {
        limits.inScript(true);
        try (V8ValueObject host = hostCalls();
                V8ValueFunction prelude = prelude(Prelude.GLOBALS);
                V8ValueObject kit = prelude.call(null, host);
                V8ValueFunction url = prelude(Prelude.URL);
                V8ValueFunction http = prelude(Prelude.HTTP);
                V8ValueObject settings = runtime.createV8ValueObject();
                V8ValueFunction parse = script("(text) => JSON.parse(text)", "basalt:parse");
                V8ValueObject environment = parse.call(null, request.environment())) {
            url.callVoid(null, host, kit);
            settings.set("env", environment);
            settings.set("maxResponseBytes", request.maxResponseBytes());
            try (V8ValueObject driver = http.call(null, host, kit, settings)) {
                begin = driver.get("begin");
                poll = driver.get("poll");
                bytes = driver.get("bytes");
                return evaluate(driver);
            }
        } finally {
            limits.inScript(false);
        }
    }

    private String evaluate(V8ValueObject driver) throws JavetException, FailedException {
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
                        await(tick.callInteger(null), "the module");
                    }
                }
                if (promise.isRejected()) {
                    try (V8Value reason = promise.getResult();
                            V8ValueFunction describe = script(
                                    "(e) => e instanceof Error ? [e.name, e.message, e.stack].map(String) : ['Thrown', String(e), '']",
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

    /** Starts an invocation and drives it to its answer. */
    Answer invoke(int kind, String meta, byte[] body, boolean binary) throws JavetException, FailedException {
        V8ValueFunction start = begin;
        if (start == null) {
            throw new IllegalStateException("not loaded");
        }
        limits.inScript(true);
        try {
            if (body.length == 0) {
                start.callVoid(null, kind, meta);
            } else if (binary) {
                try (V8ValueTypedArray array = uint8Array(body)) {
                    start.callVoid(null, kind, meta, array);
                }
            } else {
                start.callVoid(null, kind, meta, new String(body, StandardCharsets.UTF_8));
            }
            String text = drive();
            if (text == null) {
                throw new FailedException(Failure.of("internal", "the invocation ended without an answer"));
            }
            char answer = text.charAt(0);
            return new Answer(
                    answer,
                    text.charAt(1) == '1',
                    text.substring(2),
                    answer == 'B' ? ByteBuffer.wrap(takeBytes()) : null);
        } finally {
            limits.inScript(false);
        }
    }

    /** Drives what goes on behind an answer to its end. */
    void finish() throws JavetException, FailedException {
        limits.inScript(true);
        try {
            drive();
        } finally {
            limits.inScript(false);
        }
    }

    /** Runs microtasks and timers until the answer is there; answers null once nothing is left to do. */
    private @Nullable String drive() throws JavetException, FailedException {
        V8ValueFunction next = poll;
        if (next == null) {
            throw new IllegalStateException("not loaded");
        }
        while (true) {
            try (V8Value value = next.call(null)) {
                if (value instanceof V8ValueString text) {
                    return text.getValue();
                }
                int wait = value instanceof V8ValueInteger number ? number.getValue() : -1;
                if (wait == -2) {
                    return null;
                }
                await(wait, "the handler's promise");
            }
        }
    }

    private void await(int waitMillis, String what) throws FailedException {
        Failure crossed = limits.crossed();
        if (crossed != null) {
            throw new FailedException(crossed);
        }
        if (waitMillis == -1) {
            throw new FailedException(
                    Failure.of("stalled", what + " can never settle: no timer and no call is pending"));
        }
        if (waitMillis == 0) {
            return;
        }
        limits.inScript(false);
        long until = System.nanoTime() + Math.min(waitMillis, Math.max(0, limits.remainingMillis()) + 1) * 1_000_000L;
        long left;
        while ((left = until - System.nanoTime()) > 0) {
            LockSupport.parkNanos(this, left);
        }
        if (limits.remainingMillis() < 0) {
            throw new FailedException(limits.timeout());
        }
        limits.inScript(true);
    }

    private byte[] takeBytes() throws JavetException {
        V8ValueFunction take = bytes;
        if (take == null) {
            throw new IllegalStateException("not loaded");
        }
        try (V8Value value = take.call(null)) {
            if (value instanceof V8ValueTypedArray array) {
                byte[] taken = array.toBytes();
                if (taken.length <= request.maxResponseBytes()) {
                    return taken;
                }
            }
            return new byte[0];
        }
    }

    private V8ValueTypedArray uint8Array(byte[] content) throws JavetException {
        V8ValueTypedArray array = runtime.createV8ValueTypedArray(V8ValueReferenceType.Uint8Array, content.length);
        array.fromBytes(content);
        return array;
    }

    private V8ValueFunction prelude(Prelude part) throws JavetException {
        V8Script script = part.compile(runtime);
        scripts.put(part, script);
        return Prelude.evaluate(script);
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

    private V8ValueObject hostCalls() throws JavetException {
        V8ValueObject host = runtime.createV8ValueObject();
        NoThisAndNoResult<Exception> print = arguments ->
                log.add(((V8ValueInteger) arguments[0]).getValue(), ((V8ValueString) arguments[1]).getValue());
        host.bindFunction(new JavetCallbackContext("log", JavetCallbackType.DirectCallNoThisAndNoResult, print));
        NoThisAndResult<Exception> random = arguments -> {
            byte[] content = new byte[Math.min(65536, ((V8ValueInteger) arguments[0]).getValue())];
            RANDOM.nextBytes(content);
            return uint8Array(content);
        };
        host.bindFunction(new JavetCallbackContext("random", JavetCallbackType.DirectCallNoThisAndResult, random));
        NoThisAndResult<Exception> now = arguments -> runtime.createV8ValueDouble(System.nanoTime() / 1_000_000.0);
        host.bindFunction(new JavetCallbackContext("now", JavetCallbackType.DirectCallNoThisAndResult, now));
        NoThisAndResult<Exception> idna = arguments -> {
            try {
                return runtime.createV8ValueString(
                        IDN.toASCII(((V8ValueString) arguments[0]).getValue(), IDN.ALLOW_UNASSIGNED));
            } catch (IllegalArgumentException e) {
                return runtime.createV8ValueNull();
            }
        };
        host.bindFunction(new JavetCallbackContext("idna", JavetCallbackType.DirectCallNoThisAndResult, idna));
        return host;
    }

    @Override
    public void close() {
        try {
            for (V8ValueFunction held : new V8ValueFunction[] {begin, poll, bytes}) {
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
