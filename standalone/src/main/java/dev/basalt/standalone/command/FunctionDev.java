package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/** Deploys a function on every save and prints what it logs, until it is interrupted. Not thread-safe. */
final class FunctionDev {
    /** Looking at some dozen files costs less than a millisecond; a watch of the system's misses network file systems. */
    private static final long PAUSE_MILLIS = 100;

    private static final int LOOKS_A_POLL = 5;

    private final PlatformClient platform;
    private final FunctionSource source;
    private final Deploy deploy;

    /** Uploads a source; the platform's answer. */
    @FunctionalInterface
    interface Deploy {
        JsonObject put(FunctionSource source) throws IOException, InterruptedException, Refused;
    }

    FunctionDev(PlatformClient platform, FunctionSource source, Deploy deploy) {
        this.platform = platform;
        this.source = source;
        this.deploy = deploy;
    }

    void run() throws IOException, InterruptedException, Refused {
        Map<Path, FileTime> deployed = Map.of();
        var log = new FunctionLog(platform, source.name());
        log.skip();
        System.out.println(
                source.name() + ": deployed on every save; at " + platform.url("/functions/v1/" + source.name()));
        for (var looks = 0; ; looks++) {
            var state = source.state();
            if (!state.equals(deployed)) {
                deployed = state;
                deploy();
            }
            if (looks % LOOKS_A_POLL == 0) {
                log.printNew();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void deploy() throws IOException, InterruptedException {
        var start = System.nanoTime();
        try {
            var answer = deploy.put(source);
            System.out.println(source.name() + ": version " + answer.getInteger("version") + " answers ("
                    + (System.nanoTime() - start) / 1_000_000 + " ms)");
        } catch (Refused refused) {
            // The author is in the middle of an edit; the version before goes on answering.
            System.out.println(source.name() + ": " + refused.getMessage());
        }
    }
}
