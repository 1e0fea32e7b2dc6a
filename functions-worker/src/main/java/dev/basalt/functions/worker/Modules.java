package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetCompilationException;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IV8ModuleResolver;
import com.caoccao.javet.values.reference.IV8Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of one artifact as ES modules: imports resolve among them and nowhere else. Lives on the isolate's thread. */
final class Modules implements IV8ModuleResolver {
    private final Map<String, String> files;
    private @Nullable Failure failure;

    Modules(Map<String, String> files) {
        this.files = files;
    }

    /** The first thing that went wrong below an import: V8 itself forgets where. */
    @Nullable
    Failure failure() {
        return failure;
    }

    IV8Module compile(V8Runtime runtime, String path) throws JavetException {
        String source = files.get(path);
        if (source == null) {
            throw new IllegalArgumentException("the artifact has no file " + path);
        }
        if (path.endsWith(".json")) {
            StringBuilder module = new StringBuilder("export default JSON.parse(");
            Json.quote(module, source);
            source = module.append(");").toString();
        }
        return runtime.getExecutor(source).setResourceName(path).setModule(true).compileV8Module();
    }

    @Override
    public String getAbsoluteResourceName(V8Runtime runtime, String name, @Nullable IV8Module referrer)
            throws JavetException {
        String from = referrer == null ? "" : referrer.getResourceName();
        String resolved = resolve(from, name);
        return resolved == null ? name : resolved;
    }

    @Override
    public @Nullable IV8Module resolve(V8Runtime runtime, String name, @Nullable IV8Module referrer)
            throws JavetException {
        String from = referrer == null ? "" : referrer.getResourceName();
        String path = resolve(from, name);
        if (path == null || !files.containsKey(path)) {
            if (failure == null) {
                failure = new Failure(
                        "compile",
                        "Error",
                        "cannot find module '" + name + "': imports name files of the artifact, like './lib.js'",
                        from,
                        lineOf(files.getOrDefault(from, ""), name),
                        1,
                        "");
            }
            return null;
        }
        try {
            return compile(runtime, path);
        } catch (JavetCompilationException e) {
            if (failure == null) {
                failure = Failure.of("compile", e);
            }
            throw e;
        }
    }

    /** Answers the artifact's path that an import means, or null when it is none (bare, absolute, outside). */
    static @Nullable String resolve(String from, String name) {
        if (!name.startsWith("./") && !name.startsWith("../")) {
            return null;
        }
        List<String> path = new ArrayList<>(List.of(from.split("/", -1)));
        path.removeLast();
        for (String segment : name.split("/", -1)) {
            if (segment.equals("..")) {
                if (path.isEmpty()) {
                    return null;
                }
                path.removeLast();
            } else if (!segment.equals(".") && !segment.isEmpty()) {
                path.add(segment);
            }
        }
        return String.join("/", path);
    }

    private static int lineOf(String source, String name) {
        int line = 1;
        for (String text : source.lines().toList()) {
            if (text.contains(name)) {
                return line;
            }
            line++;
        }
        return 0;
    }
}
