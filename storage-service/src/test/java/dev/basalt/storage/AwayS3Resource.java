package dev.basalt.storage;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;

/** An S3 endpoint where nobody listens. */
public final class AwayS3Resource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        try (var free = new ServerSocket(0)) {
            return Map.of(
                    "basalt.s3.endpoint", "http://127.0.0.1:" + free.getLocalPort(),
                    "basalt.s3.access-key", "access",
                    "basalt.s3.secret-key", "secret");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
