package dev.basalt.standalone;

import dev.basalt.kit.lifecycle.BasaltConfig;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Runs once every service answers: says so, and waits for the end. */
public final class StandaloneApplication implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(StandaloneApplication.class);

    private final StatusFile status;
    private final boolean exitWhenReady;
    private final boolean rehearse;

    @Inject
    StandaloneApplication(StatusFile status, BasaltConfig config) {
        this.status = status;
        this.exitWhenReady = config.exitWhenReady();
        this.rehearse = config.rehearse();
    }

    @Override
    public int run(String... args) {
        status.write();
        if (exitWhenReady) {
            if (rehearse) {
                rehearse();
            }
            return 0;
        }
        System.out.println(status.welcome());
        Quarkus.waitForExit();
        return 0;
    }

    /** A record of the start alone is worth having too. */
    private static void rehearse() {
        var keys = Main.running().credentials().project(DefaultProject.REF).orElseThrow();
        try {
            new Rehearsal(StatusFile.url(), keys.getString("publishableKey"), keys.getString("secretKey")).run();
        } catch (IOException e) {
            LOG.warn("the rehearsal ended early", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
