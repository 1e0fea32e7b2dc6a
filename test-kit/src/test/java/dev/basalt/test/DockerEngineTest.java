package dev.basalt.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What asking for an engine may cost is a promise to every module's tests. */
class DockerEngineTest {
    @Test
    void noSocketMeansNoEngineWithoutAsking(@TempDir Path directory) {
        assertThat(DockerEngine.address("unix://" + directory.resolve("docker.sock")))
                .isEmpty();
        assertThat(DockerEngine.address("nonsense")).isEmpty();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void anEngineThatAcceptsAndSaysNothingIsNoneAfterASecond() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var start = System.nanoTime();
            assertThat(DockerEngine.answers(silent.getLocalSocketAddress())).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void anEngineThatAnswersIsOne() throws Exception {
        try (var engine = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var connection = engine.accept()) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK"
                                    .getBytes(StandardCharsets.US_ASCII));
                } catch (java.io.IOException closed) {
                    // The assertion below fails then.
                }
            });
            assertThat(DockerEngine.answers(engine.getLocalSocketAddress())).isTrue();
        }
    }
}
