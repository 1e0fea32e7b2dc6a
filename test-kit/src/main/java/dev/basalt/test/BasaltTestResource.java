package dev.basalt.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL and a data directory of their own for the {@code @QuarkusTest}s of one module:
 * {@code @WithTestResource(BasaltTestResource.class)}. Started before the application, removed after it.
 */
public final class BasaltTestResource implements QuarkusTestResourceLifecycleManager {
    /** The operator's key in tests. */
    public static final String PLATFORM_KEY = "basalt_platform_for-tests-only";

    private @Nullable TestPostgres postgres;
    private @Nullable Path data;

    @Override
    public Map<String, String> start() {
        try {
            var directory = Files.createTempDirectory("basalt-test");
            var server = TestPostgres.start(directory.resolve("postgres"));
            this.postgres = server;
            this.data = directory;
            var config = new HashMap<String, String>();
            config.put("basalt.database.url", server.url());
            config.put("basalt.data", directory.toString());
            config.put("basalt.lifecycle.migrate", "true");
            config.put("basalt.secret.master-key", Base64.getEncoder().encodeToString(new byte[32]));
            config.put("basalt.secret.platform-key", PLATFORM_KEY);
            config.put("quarkus.http.test-port", "0");
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
    }

    @Override
    public void stop() {
        if (postgres != null) {
            postgres.close();
        }
        if (data != null) {
            try (var files = Files.walk(data)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException left) {
                throw new UncheckedIOException(left);
            }
        }
    }
}
