package dev.basalt.data.rest;

import dev.basalt.embedded.postgres.EmbeddedPostgres;
import dev.basalt.embedded.postgres.EmbeddedPostgresOptions;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that a test can stop and start again at the same place; the field {@code postgres} of a test gets it. */
public final class RestartablePostgres implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedPostgresOptions options;
    private @Nullable EmbeddedPostgres server;

    @Override
    public Map<String, String> start() {
        try {
            var directory = Files.createTempDirectory(Path.of("target"), "restartable");
            options = EmbeddedPostgresOptions.in(directory.resolve("postgres"))
                    .withBinariesDirectory(Path.of(System.getProperty("java.io.tmpdir"), "basalt-test-binaries"));
            startServer();
            var running = Objects.requireNonNull(server);
            options = Objects.requireNonNull(options).withPort(running.port());
            return Map.of(
                    "basalt.database.url",
                    "postgresql://%s:%s@127.0.0.1:%d/basalt"
                            .formatted(running.superuser(), running.password(), running.port()),
                    "basalt.data",
                    directory.toString(),
                    "basalt.lifecycle.migrate",
                    "true",
                    "basalt.secret.master-key",
                    Base64.getEncoder().encodeToString(new byte[32]),
                    "basalt.secret.platform-key",
                    BasaltTestResource.PLATFORM_KEY,
                    "quarkus.http.test-port",
                    "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(
                Map.<String, Runnable>of("stop", this::stop, "start", this::startServer),
                new TestInjector.MatchesType(Map.class));
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void startServer() {
        try {
            server = EmbeddedPostgres.start(Objects.requireNonNull(options));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
