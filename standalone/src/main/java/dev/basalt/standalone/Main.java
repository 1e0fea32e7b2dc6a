package dev.basalt.standalone;

import dev.basalt.embedded.postgres.EmbeddedPostgresException;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The entry point: opens the data directory, starts PostgreSQL unless one is given, then the services. What only the
 * owner of the process decides reaches the services as system properties, beside {@code BASALT_*} variables.
 */
@QuarkusMain
public final class Main {
    private static final int STOP_TIMEOUT_SECONDS = 4;
    private static final CountDownLatch SERVICES_STOPPED = new CountDownLatch(1);
    private static @Nullable Standalone running;

    private Main() {}

    /**
     * What the parts around the services have in common while the process runs.
     *
     * @param postgres the embedded server, or null when another one is used
     */
    record Standalone(
            DataDirectory data,
            Credentials credentials,
            @Nullable SupervisedPostgres postgres) {}

    /** Starts Basalt and returns when it has stopped. */
    public static void main(String[] args) throws InterruptedException {
        try {
            running = open();
        } catch (StartupException | EmbeddedPostgresException reason) {
            System.err.println("basalt: " + reason.getMessage());
            System.exit(1);
        }
        stopPostgresLast();
        Quarkus.run(
                StandaloneApplication.class,
                (code, failure) -> {
                    explain(failure);
                    SERVICES_STOPPED.countDown();
                    if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
                        // Live reload runs the main method again, in the same process.
                        close();
                    } else {
                        System.exit(code);
                    }
                },
                args);
    }

    private static void close() {
        var postgres = running().postgres();
        if (postgres != null) {
            postgres.close();
        }
        running().data().close();
    }

    /** Says why a start failed, in the words of every cause: the stack trace helps nobody who runs it. */
    private static void explain(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            System.err.println("basalt: " + cause.getMessage());
        }
    }

    /** PostgreSQL outlives everything that uses it; should the services hang, it stops all the same. */
    private static void stopPostgresLast() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            var postgres = running().postgres();
                            if (postgres == null) {
                                return;
                            }
                            try {
                                if (!SERVICES_STOPPED.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                                    System.err.println("basalt: the services did not stop in time");
                                }
                            } catch (InterruptedException stopNow) {
                                Thread.currentThread().interrupt();
                            }
                            postgres.close();
                        },
                        "stop-postgres"));
    }

    /** The parts around the services; there from before they start until the process ends. */
    static Standalone running() {
        var standalone = running;
        if (standalone == null) {
            throw new IllegalStateException("the standalone starts by its main method");
        }
        return standalone;
    }

    private static Standalone open() throws InterruptedException {
        var data = DataDirectory.open(Path.of(setting("BASALT_DATA").orElse(".basalt")));
        var credentials = Credentials.load(data);
        System.setProperty("basalt.data", data.path().toString());
        System.setProperty("basalt.lifecycle.migrate", "true");
        setUnlessGiven("BASALT_SECRET_MASTER_KEY", "basalt.secret.master-key", credentials.masterKey());
        setUnlessGiven("BASALT_SECRET_PLATFORM_KEY", "basalt.secret.platform-key", credentials.platformKey());
        if (setting("BASALT_DATABASE_URL").isPresent()) {
            return new Standalone(data, credentials, null);
        }
        var directory = data.path().resolve("postgres");
        var binaries = setting("BASALT_POSTGRES_BINARIES").map(Path::of).orElse(directory);
        var postgres = SupervisedPostgres.start(directory, binaries);
        System.setProperty("basalt.database.url", postgres.url());
        return new Standalone(data, credentials, postgres);
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private static void setUnlessGiven(String variable, String property, String value) {
        if (setting(variable).isEmpty()) {
            System.setProperty(property, value);
        }
    }
}
