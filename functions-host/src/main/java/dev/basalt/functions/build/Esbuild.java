package dev.basalt.functions.build;

import dev.basalt.functions.FunctionsConfig;
import dev.basalt.functions.js.JsConfig;
import dev.basalt.functions.sandbox.Cage;
import dev.basalt.functions.sandbox.Cage.Mount;
import dev.basalt.functions.sandbox.Sandbox;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionBuilder.Build;
import dev.basalt.kit.function.FunctionError;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs esbuild, a process for each bundle, in the sandbox that this machine offers: it sees the source, read-only, and nothing
 * else of this machine, because the source may be a stranger's. Safe for use by any thread; blocking.
 */
@ApplicationScoped
public class Esbuild {
    private static final Path SOURCE = Path.of("/src");
    private static final Path PROGRAM = Path.of("/esbuild");
    private static final int TMP_BYTES = 1 << 20;
    private static final int PIDS = 64;
    private static final int MAX_SAID = 4 << 20;
    /** Bounds what it may write, in blocks of 512 bytes, then becomes the rest. */
    private static final String BOUNDED = "ulimit -f \"$1\"; shift; exec \"$@\"";

    private final FunctionsConfig functions;
    private final BuildConfig config;
    private final JsConfig isolation;
    private final AtomicLong count = new AtomicLong();
    private @Nullable Sandbox sandbox;
    private @Nullable Path program;

    @Inject
    Esbuild(FunctionsConfig functions, BuildConfig config, JsConfig isolation) {
        this.functions = functions;
        this.config = config;
        this.isolation = isolation;
    }

    /**
     * Bundles a source.
     *
     * @throws ApiException {@link FunctionError#FUNCTIONS_UNAVAILABLE} where esbuild can't run now, {@link
     *     FunctionError#ARTIFACT_TOO_LARGE} for a bundle that is
     */
    Build bundle(Bundle bundle, ArtifactFiles source) {
        try {
            var esbuild = program();
            if (esbuild == null) {
                return new Build.Failed(
                        "this installation has no bundler: it was built without npm. Deploy a bundle with \"build\": false",
                        null,
                        0,
                        0);
            }
            var parent = Files.createDirectories(functions.home().toAbsolutePath());
            var directory = Files.createTempDirectory(
                    parent,
                    "build-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return run(bundle, source, esbuild, directory);
            } finally {
                delete(directory);
            }
        } catch (IOException | UncheckedIOException e) {
            throw ApiException.caused(FunctionError.FUNCTIONS_UNAVAILABLE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.caused(FunctionError.FUNCTIONS_UNAVAILABLE, e);
        }
    }

    private Build run(Bundle bundle, ArtifactFiles source, Path esbuild, Path directory)
            throws IOException, InterruptedException {
        var root = Files.createDirectory(directory.resolve("src"));
        for (var file : source.files().entrySet()) {
            var path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().getBytes());
        }
        var out = directory.resolve("out");
        var said = directory.resolve("said");
        var name = "build-" + count.incrementAndGet();
        var walls = sandbox();
        var cgroups = walls.cgroups();
        var joins = cgroups == null
                ? List.<Path>of()
                : cgroups.create(name, config.memoryMb(), PIDS, OptionalDouble.empty());
        try {
            var process = walls.command(joins, cage(bundle, esbuild, root))
                    .start(builder -> builder.redirectErrorStream(false)
                            .redirectOutput(out.toFile())
                            .redirectError(said.toFile()));
            if (!process.waitFor(config.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                return new Build.Failed("bundling took longer than " + config.timeout(), null, 0, 0);
            }
            return result(bundle, source, process.exitValue(), out, said, walls.cutsNetwork() ? SOURCE : root);
        } finally {
            if (cgroups != null) {
                removeGroup(cgroups, name);
            }
        }
    }

    private Build result(Bundle bundle, ArtifactFiles source, int exit, Path out, Path said, Path root)
            throws IOException {
        String text;
        try (var in = Files.newInputStream(said)) {
            text = new String(in.readNBytes(MAX_SAID), StandardCharsets.UTF_8);
        }
        if (exit != 0) {
            return text.contains("✘") ? EsbuildOutput.failure(text) : killed(exit);
        }
        var metafile = EsbuildOutput.metafile(text);
        if (metafile.isEmpty()) {
            return new Build.Failed("the source has too many files to be bundled", null, 0, 0);
        }
        var refusal = EsbuildOutput.refusal(metafile.get(), bundle, source);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (Files.size(out) > 2L * config.maxBytes()) {
            throw tooLarge();
        }
        return new Build.Done(
                bundle.output(), EsbuildOutput.split(Buffer.buffer(Files.readAllBytes(out)), bundle.output(), root));
    }

    private Build.Failed killed(int exit) {
        return new Build.Failed(
                "the bundler ended without a result (" + exit + "): the source needs more than " + config.memoryMb()
                        + " MB of memory, or makes too large a bundle",
                null,
                0,
                0);
    }

    ApiException tooLarge() {
        return ApiException.of(
                FunctionError.ARTIFACT_TOO_LARGE,
                "a built function may hold at most " + config.maxFiles() + " files of " + config.maxBytes()
                        + " bytes together");
    }

    private Cage cage(Bundle bundle, Path esbuild, Path root) {
        return new Cage(
                List.of(new Mount(root, SOURCE), new Mount(esbuild, PROGRAM)),
                SOURCE,
                TMP_BYTES,
                Map.of("GOMEMLIMIT", config.memoryMb() * 3 / 4 + "MiB", "GOMAXPROCS", "2"),
                seen -> {
                    var arguments = new ArrayList<>(List.of(
                            "/bin/sh",
                            "-c",
                            BOUNDED,
                            "sh",
                            Long.toString(2L * config.maxBytes() / 512),
                            seen.apply(PROGRAM).toString()));
                    arguments.addAll(bundle.arguments());
                    return arguments;
                });
    }

    private static void removeGroup(dev.basalt.functions.sandbox.Cgroups cgroups, String name)
            throws InterruptedException {
        // The kernel takes a moment to see that a group's last process is gone.
        for (var tries = 0; tries < 20 && !cgroups.remove(name); tries++) {
            Thread.sleep(5);
        }
    }

    private synchronized Sandbox sandbox() {
        var known = sandbox;
        if (known == null) {
            known = Sandbox.detect(
                    isolation.sandbox(), isolation.cgroup(), functions.home().toAbsolutePath());
            sandbox = known;
        }
        return known;
    }

    /** The program, laid out now if it is not there; null where this installation has none. */
    private synchronized @Nullable Path program() throws IOException {
        if (config.esbuild().isPresent()) {
            return config.esbuild().get().toAbsolutePath();
        }
        var known = program;
        if (known != null && Files.isExecutable(known)) {
            return known;
        }
        try (var in = Esbuild.class.getResourceAsStream("esbuild")) {
            if (in == null) {
                return null;
            }
            var bytes = in.readAllBytes();
            var parent = Files.createDirectories(functions.home().toAbsolutePath());
            var place = parent.resolve(
                    "esbuild-" + ArtifactFiles.digest(Buffer.buffer(bytes)).substring(0, 16));
            if (!Files.isExecutable(place)) {
                var made = Files.createTempFile(
                        parent,
                        ".esbuild-",
                        "",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Files.write(made, bytes);
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r-xr-xr-x"));
                try {
                    Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
                } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
                    Files.move(made, place, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            program = place;
            return place;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> left = Files.walk(directory)) {
            for (var path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
