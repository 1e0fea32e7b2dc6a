package dev.basalt.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The standalone image, started as its Dockerfile says; the image is {@code basalt/standalone} unless named. */
class StandaloneImageIT {
    private static final String IMAGE = System.getProperty("basalt.image.standalone", "basalt/standalone");

    @BeforeAll
    static void anEngineIsNeeded() {
        DockerEngine.require("the standalone image");
        DockerEngine.requireImage(IMAGE);
    }

    @Test
    void theImageAnswersAsAnOrdinaryUserAndStopsInTime() throws Exception {
        try (var container = new GenericContainer<>(DockerImageName.parse(IMAGE))) {
            container
                    .withExposedPorts(8000)
                    .waitingFor(Wait.forHttp("/q/health/ready").withStartupTimeout(Duration.ofMinutes(3)))
                    .start();
            assertThat(container.execInContainer("id", "-u").getStdout().strip())
                    .isEqualTo("10001");
            assertThat(container
                            .execInContainer("stat", "-c", "%a %U", "/var/lib/basalt")
                            .getStdout()
                            .strip())
                    .isEqualTo("700 basalt");
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://" + container.getHost() + ":"
                                            + container.getMappedPort(8000) + "/platform/v1/projects"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("no key, no projects").isEqualTo(401);
            container
                    .getDockerClient()
                    .stopContainerCmd(container.getContainerId())
                    .withTimeout(10)
                    .exec();
            var state = container
                    .getDockerClient()
                    .inspectContainerCmd(container.getContainerId())
                    .exec()
                    .getState();
            assertThat(state.getExitCodeLong()).as("killed would be 137").isIn(0L, 143L);
        }
    }
}
