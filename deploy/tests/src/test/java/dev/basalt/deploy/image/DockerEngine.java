package dev.basalt.deploy.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, if there is one. */
final class DockerEngine {
    private DockerEngine() {}

    /** Skips the calling test, loudly, where no engine answers. */
    static void require(String whatIsSkipped) {
        var named = System.getenv("DOCKER_HOST") != null;
        var available = (named || Files.exists(Path.of("/var/run/docker.sock"))) && usable();
        if (!available) {
            System.err.println("SKIPPED: no Docker engine answers here, so " + whatIsSkipped + " was not tested");
        }
        assumeTrue(available, "no Docker engine answers");
    }

    private static boolean usable() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException unusable) {
            // An engine is there, but not one that Testcontainers can work with: no registry, for example.
            System.err.println("Docker engine: " + unusable.getMessage());
            return false;
        }
    }

    /** Skips the calling test, loudly, where an image can't be had: it is built by hand or by the release. */
    static void requireImage(String image) {
        boolean there;
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            there = true;
        } catch (com.github.dockerjava.api.exception.NotFoundException absent) {
            there = false;
        }
        if (!there) {
            System.err.println("SKIPPED: there is no image " + image + " here: build it as its Dockerfile says");
        }
        assumeTrue(there, "no image " + image);
    }
}
