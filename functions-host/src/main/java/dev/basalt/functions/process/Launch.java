package dev.basalt.functions.process;

import dev.basalt.functions.sandbox.Cage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How the processes of one function are started. Immutable.
 *
 * @param wire how the host and the process talk
 * @param mounts what the process sees beside its own files and ours
 * @param environment variables beside Lambda's and the function's
 * @param program the command line
 */
record Launch(Wire wire, List<Cage.Mount> mounts, Map<String, String> environment, Program program) {
    /** Where the process finds the function's files. */
    static final Path TASK = Path.of("/var/task");
    /** Where it finds ours. */
    static final Path RUNTIME = Path.of("/var/runtime");
    /** Where the host's socket is. */
    static final Path SOCKETS = Path.of("/var/basalt");
    /** Where the socket of the way out is, where there is one. */
    static final Path WAY_OUT = SOCKETS.resolve("out");
    /** Where the jar of loose classes is. */
    static final Path CLASSES = Path.of("/var/classes.jar");
    /** Where the archive of classes is. */
    static final Path ARCHIVE = Path.of("/var/classes.aot");
    /** Where an archive of classes is written, when one is. */
    static final Path TRAINING = Path.of("/var/training");

    /** The ways of talking. */
    enum Wire {
        /** A client of ours asks for calls over a socket in a directory. */
        SOCKET,
        /** Anybody's client asks for calls over a port. */
        API,
        /** The process serves HTTP on a port. */
        SERVER
    }

    /** Makes the command line. */
    @FunctionalInterface
    interface Program {
        List<String> arguments(Way way);
    }

    /**
     * What a command line is made for.
     *
     * @param seen turns a path inside into the one that holds
     * @param port of {@link Wire#API} and {@link Wire#SERVER}
     * @param bridge what the host is reached by: a socket's path behind the bridge, {@code -} to train, empty where the port is the
     *     host's own
     * @param archived whether there is an archive of the function's classes
     */
    record Way(UnaryOperator<Path> seen, int port, String bridge, boolean archived) {
        String path(Path inside) {
            return seen.apply(inside).toString();
        }
    }
}
