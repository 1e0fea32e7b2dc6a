package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.reference.V8Script;
import com.caoccao.javet.values.reference.V8ValueFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that every isolate starts with, and what V8 made of them once, so that the next isolate need not compile them.
 * Thread-safe.
 */
final class Prelude {
    static final Prelude GLOBALS = new Prelude("prelude.js");
    static final Prelude URL = new Prelude("url.js");
    static final Prelude HTTP = new Prelude("http.js");

    private final String name;
    private final String source;
    private volatile byte @Nullable [] compiled;

    private Prelude(String file) {
        name = "basalt:" + file;
        try (InputStream in = Prelude.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    V8Script compile(V8Runtime runtime) throws JavetException {
        return runtime.getExecutor(source, compiled).setResourceName(name).compileV8Script();
    }

    /** The function that the script evaluates to. */
    static V8ValueFunction evaluate(V8Script script) throws JavetException {
        return script.execute(true);
    }

    /** Keeps what V8 has compiled of a script by now: what ran is in it, what did not is compiled when it is called. */
    void keep(V8Script script) throws JavetException {
        compiled = script.getCachedData();
    }
}
