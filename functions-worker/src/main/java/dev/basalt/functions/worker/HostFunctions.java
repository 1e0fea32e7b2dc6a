package dev.basalt.functions.worker;

import com.caoccao.javet.enums.V8ValueReferenceType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable.NoThisAndNoResult;
import com.caoccao.javet.interop.callback.IJavetDirectCallable.NoThisAndResult;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueInteger;
import com.caoccao.javet.values.primitive.V8ValueString;
import com.caoccao.javet.values.reference.V8ValueObject;
import com.caoccao.javet.values.reference.V8ValueTypedArray;
import java.net.IDN;
import java.security.SecureRandom;

/**
 * The functions that the prelude gets from Java and keeps to itself. Whoever got hold of them in spite of that could do no more
 * than a function may do anyway: what is allowed is the host's to decide, behind the socket. Lives on the isolate's thread.
 */
final class HostFunctions {
    /** Makes a part of the prelude that is loaded on demand. */
    @FunctionalInterface
    interface Loader {
        V8Value load(Prelude part) throws JavetException;
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_RANDOM = 65_536;

    private final V8Runtime runtime;
    private final Outside outside;
    private final Loader loader;
    private final Limits limits;
    private final Compression compression;

    HostFunctions(V8Runtime runtime, Outside outside, Limits limits, Compression compression, Loader loader) {
        this.runtime = runtime;
        this.outside = outside;
        this.limits = limits;
        this.compression = compression;
        this.loader = loader;
    }

    /** The object that holds them. */
    V8ValueObject bind() throws JavetException {
        V8ValueObject host = runtime.createV8ValueObject();
        result(host, "now", arguments -> runtime.createV8ValueDouble(System.nanoTime() / 1_000_000.0));
        action(host, "log", arguments -> outside.print(number(arguments[0]), number(arguments[1]), text(arguments[2])));
        action(host, "send", this::send);
        result(host, "random", this::random);
        result(host, "idna", this::idna);
        result(host, "load", this::load);
        result(host, "crypto", arguments -> new Cryptography(runtime, limits).call(arguments));
        result(host, "codec", compression::call);
        return host;
    }

    private static void result(V8ValueObject host, String name, NoThisAndResult<Exception> function)
            throws JavetException {
        host.bindFunction(new JavetCallbackContext(name, JavetCallbackType.DirectCallNoThisAndResult, function));
    }

    private static void action(V8ValueObject host, String name, NoThisAndNoResult<Exception> function)
            throws JavetException {
        host.bindFunction(new JavetCallbackContext(name, JavetCallbackType.DirectCallNoThisAndNoResult, function));
    }

    /** {@code send(op, run, stream, …)}: a frame, whose rest depends on what it says. */
    private void send(V8Value... arguments) throws JavetException {
        int op = number(arguments[0]);
        FrameWriter frame = new FrameWriter((byte) op, number(arguments[1]), 256).int32(number(arguments[2]));
        switch (op) {
            case Op.DATA -> frame.raw(bytes(arguments[3]));
            case Op.END -> frame.string(arguments.length > 3 ? text(arguments[3]) : "");
            case Op.CREDIT -> frame.int32(number(arguments[3]));
            case Op.CANCEL -> {}
            case Op.CALL -> frame.string(text(arguments[3])).raw(bytes(arguments[4]));
            default -> throw new IllegalArgumentException("frame " + op);
        }
        outside.send(frame);
    }

    private V8Value random(V8Value... arguments) throws JavetException {
        byte[] content = new byte[Math.min(MAX_RANDOM, number(arguments[0]))];
        RANDOM.nextBytes(content);
        return uint8Array(runtime, content);
    }

    private V8Value idna(V8Value... arguments) throws JavetException {
        try {
            return runtime.createV8ValueString(IDN.toASCII(text(arguments[0]), IDN.ALLOW_UNASSIGNED));
        } catch (IllegalArgumentException e) {
            return runtime.createV8ValueNull();
        }
    }

    private V8Value load(V8Value... arguments) throws JavetException {
        Prelude part = Prelude.later(text(arguments[0]));
        if (part == null) {
            throw new IllegalArgumentException("there is no such part");
        }
        return loader.load(part);
    }

    static int number(V8Value value) {
        return ((V8ValueInteger) value).getValue();
    }

    static String text(V8Value value) {
        return ((V8ValueString) value).getValue();
    }

    static byte[] bytes(V8Value value) throws JavetException {
        return ((V8ValueTypedArray) value).toBytes();
    }

    static V8ValueTypedArray uint8Array(V8Runtime runtime, byte[] content) throws JavetException {
        V8ValueTypedArray array = runtime.createV8ValueTypedArray(V8ValueReferenceType.Uint8Array, content.length);
        array.fromBytes(content);
        return array;
    }
}
