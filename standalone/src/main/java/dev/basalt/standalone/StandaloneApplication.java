package dev.basalt.standalone;

import dev.basalt.kit.lifecycle.BasaltConfig;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;

/** Runs once every service answers: says so, and waits for the end. */
public final class StandaloneApplication implements QuarkusApplication {
    private final StatusFile status;
    private final boolean exitWhenReady;

    @Inject
    StandaloneApplication(StatusFile status, BasaltConfig config) {
        this.status = status;
        this.exitWhenReady = config.exitWhenReady();
    }

    @Override
    public int run(String... args) {
        status.write();
        if (exitWhenReady) {
            return 0;
        }
        System.out.println(status.welcome());
        Quarkus.waitForExit();
        return 0;
    }
}
