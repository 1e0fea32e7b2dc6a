package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.ClientOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectTest {
    private static final ClientOptions QUICK = ClientOptions.defaults()
            .withRequestTimeout(Duration.ofMillis(300))
            .withRetries(2, Duration.ofMillis(10), Duration.ofMillis(20));

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8000", "ftp://localhost", "http://u:p@localhost", "http://localhost?x=1", "/x"})
    void aUrlThatIsNoOriginIsRefused(String url) {
        assertThatThrownBy(() -> Basalt.connect(url, "key")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEmptyKeyIsRefused() {
        assertThatThrownBy(() -> Basalt.connect("http://localhost", " ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (BasaltClient basalt = Basalt.connect("http://127.0.0.1:" + free, "key", QUICK)) {
            assertThatThrownBy(() -> basalt.from("t").select().execute())
                    .isInstanceOfSatisfying(TransportException.class, failure -> {
                        assertThat(failure.reason()).isEqualTo(TransportException.Reason.UNREACHABLE);
                        assertThat(failure.status()).isZero();
                        assertThat(failure.requestId()).isPresent();
                    });
        }
    }

    @Test
    void aServerThatNeverAnswersTimesOut() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BasaltClient basalt = Basalt.connect("http://127.0.0.1:" + silent.getLocalPort(), "key", QUICK)) {
            assertThatThrownBy(() -> basalt.from("t").select().execute())
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(TransportException.Reason.TIMEOUT));
        }
    }

    @Test
    void aBodyThatStopsHalfWayTimesOut() throws IOException {
        // The JDK's own request timeout ends with the headers.
        try (var half = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BasaltClient basalt = Basalt.connect("http://127.0.0.1:" + half.getLocalPort(), "key", QUICK)) {
            var server = Thread.startVirtualThread(() -> {
                try (var connection = half.accept()) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,"
                                    .getBytes(StandardCharsets.US_ASCII));
                    // Returns when the client gives up and closes.
                    connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException closed) {
                    return;
                }
            });
            assertThatThrownBy(() -> basalt.from("t").select().execute())
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(TransportException.Reason.TIMEOUT));
            assertThat(join(server)).isTrue();
        }
    }

    @Test
    void anInterruptEndsTheWaitAndKeepsTheFlag() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BasaltClient basalt = Basalt.connect("http://127.0.0.1:" + silent.getLocalPort(), "key")) {
            var outcome = new CompletableFuture<Boolean>();
            Thread waiting = Thread.startVirtualThread(() -> {
                try {
                    basalt.from("t").select().execute();
                } catch (TransportException failure) {
                    outcome.complete(failure.reason() == TransportException.Reason.INTERRUPTED
                            && Thread.currentThread().isInterrupted());
                }
            });
            try (var connection = silent.accept()) {
                assertThat(connection.getInputStream().read()).isPositive();
                waiting.interrupt();
                assertThat(outcome.get(5, TimeUnit.SECONDS)).isTrue();
                // The rest of the request, then the end: the cancelled exchange closed its connection.
                connection.setSoTimeout(5000);
                assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
