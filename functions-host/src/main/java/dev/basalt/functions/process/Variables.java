package dev.basalt.functions.process;

import dev.basalt.functions.process.inside.Bridge;
import dev.basalt.functions.runtime.FunctionVersion;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variables of a process: Lambda's, those of its convention, and the function's own. */
record Variables(FunctionVersion function, Prepared prepared, String process, boolean cut) {
    Map<String, String> of(int port, Path socket) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "PATH", "/usr/local/bin:/usr/bin:/bin",
                "LANG", "C.UTF-8",
                "TZ", ":UTC",
                "HOME", "/tmp"));
        function.environment().forEach(entry -> variables.put(entry.getKey(), String.valueOf(entry.getValue())));
        variables.putAll(prepared.launch().environment());
        Path task = cut ? Launch.TASK : prepared.task().files();
        variables.putAll(Map.of(
                "_HANDLER",
                function.manifest().handler().orElse(""),
                "LAMBDA_TASK_ROOT",
                task.toString(),
                "LAMBDA_RUNTIME_DIR",
                Launch.RUNTIME.toString(),
                "AWS_REGION",
                "local",
                "AWS_DEFAULT_REGION",
                "local",
                "AWS_EXECUTION_ENV",
                "Basalt_" + function.manifest().runtime()));
        variables.putAll(Map.of(
                "AWS_LAMBDA_FUNCTION_NAME",
                function.name(),
                "AWS_LAMBDA_FUNCTION_VERSION",
                function.version(),
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                Integer.toString(function.manifest().memoryMb()),
                "AWS_LAMBDA_LOG_GROUP_NAME",
                "/functions/" + function.name(),
                "AWS_LAMBDA_LOG_STREAM_NAME",
                process,
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                "on-demand"));
        switch (prepared.launch().wire()) {
            case SOCKET ->
                variables.putAll(Map.of(
                        "BASALT_RUNTIME_SOCKET", socket.toString(),
                        "AWS_LAMBDA_RUNTIME_API", "127.0.0.1",
                        "BASALT_SIGNATURE", function.manifest().signature().label(),
                        "BASALT_ENTRYPOINT", function.manifest().entrypoint(),
                        "BASALT_CONCURRENCY",
                                Integer.toString(function.manifest()
                                        .scaling()
                                        .concurrency()
                                        .orElse(1))));
            case API -> variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + port);
            case SERVER -> {
                variables.put("PORT", Integer.toString(port));
                variables.put(AzureDialect.PORT, Integer.toString(port));
            }
        }
        if (cut && prepared.launch().wire() != Launch.Wire.SOCKET) {
            // The bridge does without the function's locale, and says nothing of it in the function's log.
            variables.putIfAbsent("PERL_BADLANG", "0");
        }
        if (cut && !function.manifest().egress().isEmpty()) {
            addWayOut(variables);
        }
        return variables;
    }

    /** Where programs look for a proxy; Node's own clients look nowhere, so a file of ours goes before every program of it. */
    private static void addWayOut(Map<String, String> variables) {
        String proxy = "http://127.0.0.1:" + Bridge.WAY_OUT_PORT;
        List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy").forEach(name -> variables.put(name, proxy));
        List.of("NO_PROXY", "no_proxy").forEach(name -> variables.put(name, "localhost,127.0.0.1,::1"));
        variables.put(Bridge.WAY_OUT, Launch.WAY_OUT.toString());
        variables.merge(
                "NODE_OPTIONS",
                "--require=" + Launch.RUNTIME.resolve(RuntimeHome.NODE_WAY_OUT),
                (given, ours) -> given + " " + ours);
    }
}
