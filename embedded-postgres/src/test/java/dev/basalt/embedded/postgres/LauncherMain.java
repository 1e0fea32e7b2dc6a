package dev.basalt.embedded.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process of its own that starts PostgreSQL, says where, and waits to be killed. */
public final class LauncherMain {
    private LauncherMain() {}

    public static void main(String[] args) throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(
                new EmbeddedPostgresOptions(Path.of(args[0]), Path.of(args[1]), 0, Map.of(), Duration.ofMinutes(1)));
        System.out.println("STARTED " + postgres.port() + " " + postgres.pid());
        while (System.in.read() >= 0) {
            // Waits until the parent closes the pipe or kills this process.
        }
    }
}
