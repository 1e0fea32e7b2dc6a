package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.basalt.sdk.error.DataException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against an HTTP server of the JDK that is busy as often as a test wants it to be, which a real Basalt is not on demand. */
class TransportTest {
    private static final BearerSource KEY = () -> CompletableFuture.completedFuture("key");
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> requestIds = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private Transport transport;
    private volatile int busyTimes;
    private volatile @Nullable String retryAfter = "0";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        transport = new Transport(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                "key",
                ClientOptions.defaults().withRetries(3, Duration.ofMillis(5), Duration.ofSeconds(1)));
    }

    @AfterEach
    void stop() {
        transport.close();
        server.stop(0);
    }

    @Test
    void aReadIsRepeatedWhileTheServerIsBusyUnderOneRequestId() {
        busyTimes = 3;

        assertThat(Waiting.on(transport.send(get(), KEY)).text()).isEqualTo("[]");
        assertThat(requests).hasSize(4);
        assertThat(requestIds).hasSize(4).containsOnly(requestIds.getFirst());
    }

    @Test
    void repeatsEndAtTheirBound() {
        busyTimes = 100;

        assertThatThrownBy(() -> Waiting.on(transport.send(get(), KEY)))
                .isInstanceOfSatisfying(DataException.class, busy -> {
                    assertThat(busy.status()).isEqualTo(503);
                    assertThat(busy.failure().retryAfter()).isEqualTo(Duration.ZERO);
                });
        assertThat(requests).hasSize(4);
    }

    @Test
    void aWriteIsNeverRepeated() {
        busyTimes = 1;
        Call write = Call.of(Dialect.DATA, "POST", "/rest/v1/t").json(List.of(1));

        assertThatThrownBy(() -> Waiting.on(transport.send(write, KEY))).isInstanceOf(DataException.class);
        assertThat(requests).containsExactly("POST [1]");
    }

    @Test
    void aBodyIsSentWholeAgainWhenItsCallIsRepeated() {
        busyTimes = 1;
        Call write =
                Call.of(Dialect.DATA, "POST", "/rest/v1/t").json(List.of(1, 2)).asRepeatable();

        assertThat(Waiting.on(transport.send(write, KEY)).status()).isEqualTo(200);
        assertThat(requests).containsExactly("POST [1,2]", "POST [1,2]");
    }

    @Test
    void withoutRetryAfterOrWithTooLongAOneTheCallFailsAtOnce() {
        busyTimes = 100;
        retryAfter = null;
        assertThatThrownBy(() -> Waiting.on(transport.send(get(), KEY))).isInstanceOf(DataException.class);
        retryAfter = "30";
        assertThatThrownBy(() -> Waiting.on(transport.send(get(), KEY))).isInstanceOf(DataException.class);

        assertThat(requests).hasSize(2);
    }

    @Test
    void anErrorsBodyNeverReachesTheFileOfADownload(@TempDir Path directory) throws IOException {
        busyTimes = 1;
        retryAfter = null;
        Path file = directory.resolve("picture.png");

        assertThatThrownBy(() -> Waiting.on(transport.download(get(), KEY, file)))
                .isInstanceOf(DataException.class);
        assertThat(file).doesNotExist();
        assertThat(Files.readString(Waiting.on(transport.download(get(), KEY, file))))
                .isEqualTo("[]");
    }

    private static Call get() {
        return Call.of(Dialect.DATA, "GET", "/rest/v1/t");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add((exchange.getRequestMethod() + " " + body).strip());
            requestIds.add(exchange.getRequestHeaders().getFirst("x-request-id"));
            boolean busy = requests.size() <= busyTimes;
            if (busy && retryAfter != null) exchange.getResponseHeaders().set("Retry-After", retryAfter);
            byte[] answer =
                    (busy ? "{\"code\":\"PGRST003\",\"message\":\"busy\"}" : "[]").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(busy ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
