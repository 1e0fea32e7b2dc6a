package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.V8Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that every isolate starts with, and what V8 made of them once, so that the next isolate need not compile them.
 * Thread-safe.
 */
final class Prelude {
    static final Prelude GLOBALS = new Prelude("prelude.js");
    static final Prelude URL = new Prelude("url.js");
    static final Prelude HTTP = new Prelude("http.js");
    static final Prelude DRIVER = new Prelude("driver.js");

    /** By name, those that an isolate loads when somebody asks for what is in them. */
    private static final Map<String, Prelude> LATER = Stream.of(
                    new Prelude("streams.js"),
                    new Prelude("web-streams-polyfill.js"),
                    new Prelude("compression.js"),
                    new Prelude("forms.js"),
                    new Prelude("crypto.js"),
                    new Prelude("platform.js"))
            .collect(Collectors.toUnmodifiableMap(part -> part.file, part -> part));

    private final String file;
    private final String name;
    private final String source;
    private volatile byte @Nullable [] compiled;

    private Prelude(String file) {
        this.file = file;
        name = "basalt:" + file;
        try (InputStream in = Prelude.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            // What others wrote is a CommonJS module, ours are expressions.
            source = file.startsWith("web-streams")
                    ? "(function (exports, module) {" + text + "\nreturn exports; })({}, {});"
                    : text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The part of this name that is loaded on demand, if it is one. */
    static @Nullable Prelude later(String file) {
        return LATER.get(file);
    }

    V8Script compile(V8Runtime runtime) throws JavetException {
        return runtime.getExecutor(source, compiled).setResourceName(name).compileV8Script();
    }

    /** What the script evaluates to: a function, or the exports of a module. */
    static V8Value evaluate(V8Script script) throws JavetException {
        return script.execute(true);
    }

    boolean compiled() {
        return compiled != null;
    }

    /** Keeps what V8 has compiled of a script by now: what ran is in it, what did not is compiled when it is called. */
    void keep(V8Script script) throws JavetException {
        compiled = script.getCachedData();
    }
}
