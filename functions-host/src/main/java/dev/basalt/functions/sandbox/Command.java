package dev.basalt.functions.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A command line as {@link Sandbox} made it, ready to be started. Immutable; may hold secrets. */
public final class Command {
    private final List<String> arguments;
    private final Path directory;
    private final Map<String, String> environment;
    private final byte[] input;

    Command(List<String> arguments, Path directory, Map<String, String> environment, byte[] input) {
        this.arguments = List.copyOf(arguments);
        this.directory = directory;
        this.environment = environment;
        this.input = input;
    }

    /**
     * Starts the process; blocks for as long as that takes. The process dies with the thread that calls this.
     *
     * @param output where its output goes
     */
    public Process start(UnaryOperator<ProcessBuilder> output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(arguments).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = output.apply(builder).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // It ended before it read; its exit is seen by whoever waits for that.
            process.destroyForcibly();
        }
        return process;
    }
}
