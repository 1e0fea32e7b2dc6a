package dev.basalt.functions.process;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Skips what this machine can't show, loudly. */
final class Missing {
    private static final Interpreters INTERPRETERS = Interpreters.detect(ProcessFixture.config(Map.of()));

    static final Optional<Path> NODE = INTERPRETERS.node().map(Interpreters.Interpreter::executable);
    static final Optional<Path> PYTHON = INTERPRETERS.python().map(Interpreters.Interpreter::executable);

    private Missing() {}

    /** The settings by which programs reach the host {@code by perl} or {@code by a JVM}. */
    static Map<String, String> bridge(String by) {
        if (by.equals("by perl")) {
            skipWithout("perl", INTERPRETERS.perl());
            return Map.of();
        }
        return Map.of("perl", "/no/such/perl");
    }

    static void skipWithout(String what, Optional<Path> found) {
        if (found.isEmpty() || !Files.exists(found.get())) {
            System.err.println("SKIPPED: this machine has no " + what + ", so nothing here was shown");
            abort("there is no " + what);
        }
    }
}
