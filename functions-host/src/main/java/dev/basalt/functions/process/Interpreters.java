package dev.basalt.functions.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The programs of this machine that run functions. Found once, by trying them; immutable. Finding them blocks. */
final class Interpreters {
    /**
     * A program that runs here.
     *
     * @param prefix the directory that holds all that it needs, where that is not in the system's own
     * @param version as it says itself, digits and dots
     */
    record Interpreter(Path executable, Optional<Path> prefix, String version) {
        /** Whether its version is at least this one. */
        boolean atLeast(int major, int minor) {
            String[] parts = version.split("\\.", -1);
            int itsMajor = number(parts, 0);
            return itsMajor > major || (itsMajor == major && number(parts, 1) >= minor);
        }

        private static int number(String[] parts, int at) {
            return at < parts.length && parts[at].matches("\\d{1,6}") ? Integer.parseInt(parts[at]) : 0;
        }
    }

    private static final List<String> VERSION = List.of("--version");
    private static final List<String> PERL_WITH_ALL_IT_NEEDS =
            List.of("-MErrno", "-MFcntl", "-MSocket", "-e", "print $^V");
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private final Optional<Interpreter> node;
    private final Optional<Interpreter> python;
    private final Optional<Path> perl;
    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    private Interpreters(Optional<Interpreter> node, Optional<Interpreter> python, Optional<Interpreter> perl) {
        this.node = node;
        this.python = python;
        this.perl = perl.filter(found -> found.prefix().isEmpty()).map(Interpreter::executable);
    }

    static Interpreters detect(ProcessConfig config) {
        return new Interpreters(
                find(config.node(), "node", VERSION),
                find(config.python(), "python3", VERSION),
                find(config.perl(), "perl", PERL_WITH_ALL_IT_NEEDS));
    }

    Optional<Interpreter> node() {
        return node;
    }

    Optional<Interpreter> python() {
        return python;
    }

    /** The system's own, with the modules that the bridge needs: some systems have them in packages of their own. */
    Optional<Path> perl() {
        return perl;
    }

    /** The JVM that the host itself runs on. */
    Path java() {
        return java;
    }

    private static Optional<Interpreter> find(Optional<Path> configured, String name, List<String> trial) {
        List<Path> candidates = new ArrayList<>();
        if (configured.isPresent()) {
            candidates.add(configured.get());
        } else {
            for (String directory : String.valueOf(System.getenv("PATH")).split(":", -1)) {
                candidates.add(Path.of(directory, name));
            }
        }
        for (Path candidate : candidates) {
            Interpreter found = tryOut(candidate, trial);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** Scripts that stand for the program choose it by files that a sandbox does not have: only the program itself will do. */
    private static @Nullable Interpreter tryOut(Path candidate, List<String> trial) {
        try {
            Path real = candidate.toRealPath();
            if (!Files.isExecutable(real) || !isProgram(real)) {
                return null;
            }
            List<String> command = new ArrayList<>(List.of(real.toString()));
            command.addAll(trial);
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            String said = new String(process.getInputStream().readNBytes(200), StandardCharsets.UTF_8);
            Path parent = real.getParent();
            Path prefix = parent == null ? null : parent.getParent();
            return process.exitValue() != 0
                    ? null
                    : new Interpreter(
                            real,
                            real.startsWith("/usr") ? Optional.empty() : Optional.ofNullable(prefix),
                            said.replaceAll("[^0-9.]", ""));
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static boolean isProgram(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        }
    }
}
