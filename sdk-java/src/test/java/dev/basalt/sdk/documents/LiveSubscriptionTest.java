package dev.basalt.sdk.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.basalt.sdk.Basalt;
import dev.basalt.sdk.BasaltClient;
import dev.basalt.sdk.Subscriber;
import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.ClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an HTTP server of the JDK that breaks off, refuses and falls silent when a test wants it to. */
class LiveSubscriptionTest {
    private static final String OPENING = "retry: 1\n\n";

    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Subscriber<Snapshot<Data>> subscriber = new Subscriber<>();
    private volatile boolean beats = true;
    private HttpServer server;
    private BasaltClient client;

    record Data(int n) {}

    /** What comes of a connection: a status, a text, and whether the connection stays open then. */
    record Answer(int status, String text, boolean stays) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        client = client(Duration.ofSeconds(60), 3);
    }

    @AfterEach
    void stop() {
        over.countDown();
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aConnectionThatBreaksOffIsMadeAnewFromWhatWasSeen() throws Exception {
        answers.add(new Answer(200, OPENING + event("snapshot", "s1", documents("a", 1, "b", "2")), false));
        answers.add(new Answer(
                200,
                OPENING
                        + event(
                                "change",
                                "s2",
                                "{\"changes\":[{\"type\":\"removed\",\"path\":\"c/a\"},{\"type\":\"added\",\"index\":0,\"document\":"
                                        + document("x", 9) + "},{\"type\":\"modified\",\"index\":1,\"document\":"
                                        + document("b", 3)
                                        + "}]}")
                        + event("else", "s3", "{}") + ":\n\n",
                false));
        answers.add(new Answer(200, OPENING + event("snapshot", "s4", documents("x", 9, "y", "1")), true));
        subscribe(client);

        assertThat(ids(subscriber.next())).containsExactly("a", "b");
        Snapshot<Data> changed = subscriber.next();
        assertThat(ids(changed)).containsExactly("x", "b");
        assertThat(changed.changes())
                .extracting(change -> change.getClass().getSimpleName() + " "
                        + change.document().id())
                .containsExactly("Removed a", "Added x", "Modified b");
        Snapshot<Data> anew = subscriber.next();
        assertThat(anew.changes())
                .extracting(change -> change.getClass().getSimpleName() + " "
                        + change.document().id())
                .containsExactly("Removed b", "Added y");
        assertThat(seen).containsExactly("null", "s1", "s2");
        assertThat(subscriber.hasFailed()).isFalse();
    }

    @Test
    void nothingIsConnectedBeforeSomethingIsAskedForAndCancellingCloses() throws Exception {
        answers.add(new Answer(200, OPENING + event("snapshot", "s1", documents("a", 1)), true));
        client.documents().collection("c", Data.class).query().live().subscribe(subscriber);
        assertThat(seen).isEmpty();

        subscriber.request(5);
        subscriber.next();
        subscriber.cancel();
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        subscriber.request(1);
        assertThat(seen).hasSize(1);
        assertThat(subscriber.hasFailed()).isFalse();
    }

    @Test
    void askingForNothingIsAnError() throws Exception {
        client.documents().collection("c", Data.class).query().live().subscribe(subscriber);
        subscriber.request(0);

        assertThat(subscriber.failure()).isInstanceOf(IllegalArgumentException.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void aRefusalEndsItAtOnceAndABusyServerIsAskedAgain() throws Exception {
        answers.add(new Answer(503, "{\"code\":\"database_busy\",\"detail\":\"busy\"}", false));
        answers.add(new Answer(429, "{\"code\":\"too_many_live_queries\",\"detail\":\"full\"}", false));
        answers.add(new Answer(403, "{\"code\":\"document_forbidden\",\"detail\":\"no\"}", false));
        subscribe(client);

        assertThat(subscriber.failure()).isInstanceOf(DocumentException.Forbidden.class);
        assertThat(seen).hasSize(3);
    }

    @Test
    void tryingAgainHasAnEnd() throws Exception {
        for (int i = 0; i < 10; i++) answers.add(new Answer(200, "", false));
        subscribe(client);

        assertThat(subscriber.failure())
                .isInstanceOfSatisfying(
                        TransportException.class,
                        broken -> assertThat(broken.reason()).isEqualTo(TransportException.Reason.BROKEN));
        assertThat(seen).hasSize(4);
    }

    @Test
    void aServerThatFallsSilentIsLeft() throws Exception {
        beats = false;
        answers.add(new Answer(200, OPENING + event("snapshot", "s1", documents("a", 1)), true));
        answers.add(new Answer(200, OPENING + event("snapshot", "s2", documents("a", 2)), true));
        try (BasaltClient hasty = client(Duration.ofMillis(100), 3)) {
            subscribe(hasty);
            subscriber.next();

            assertThat(ids(subscriber.next())).containsExactly("a");
            assertThat(seen).startsWith("null", "s1");
            subscriber.cancel();
        }
    }

    @Test
    void documentsOfAnotherTypeAndOddChangesEndIt() throws Exception {
        answers.add(new Answer(200, event("snapshot", "s1", documents("a", 1).replace("\"n\":1", "\"n\":null")), true));
        subscribe(client);
        assertThat(subscriber.failure()).isInstanceOf(TransportException.class);

        var other = new Subscriber<Snapshot<Data>>();
        answers.add(new Answer(
                200,
                event(
                        "change",
                        "s1",
                        "{\"changes\":[{\"type\":\"added\",\"index\":1,\"document\":" + document("a", 1) + "}]}"),
                true));
        client.documents().collection("c", Data.class).query().live().subscribe(other);
        other.request(1);
        assertThat(other.failure()).isInstanceOf(TransportException.class);
        assertThat(seen).hasSize(2);
    }

    private BasaltClient client(Duration silence, int retries) {
        return Basalt.connect(
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "sb_publishable_x",
                ClientOptions.defaults()
                        .withRetries(0, Duration.ofMillis(1), Duration.ofSeconds(1))
                        .withLive(silence, retries));
    }

    private void subscribe(BasaltClient by) {
        by.documents().collection("c", Data.class).query().live().subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
            assertThat(exchange.getRequestHeaders().getFirst("Accept")).isEqualTo("text/event-stream");
            @Nullable Answer answer = answers.poll();
            if (answer == null) answer = new Answer(500, "", false);
            exchange.sendResponseHeaders(answer.status(), 0);
            exchange.getResponseBody().write(answer.text().getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            // Only what is written tells that the other side is gone.
            while (answer.stays() && !over.await(10, TimeUnit.MILLISECONDS)) if (beats) beat(exchange);
        } catch (IOException gone) {
            closed.countDown();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void beat(HttpExchange exchange) throws IOException {
        exchange.getResponseBody().write(":\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static String event(String name, String id, String data) {
        return "event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n";
    }

    private static String documents(String one, int version, String... others) {
        var documents = new ArrayList<>(List.of(document(one, version)));
        for (int i = 0; i < others.length; i += 2) documents.add(document(others[i], Integer.parseInt(others[i + 1])));
        return "{\"documents\":[" + String.join(",", documents) + "]}";
    }

    private static String document(String id, int version) {
        return """
                {"path":"c/%1$s","id":"%1$s","version":%2$d,"owner":null,"createdAt":"2024-01-01T00:00:00.5+00:00",\
                "updatedAt":"2024-01-01T00:00:00+00:00","data":{"n":%2$d}}""".formatted(id, version);
    }

    private static List<String> ids(Snapshot<Data> snapshot) {
        return snapshot.documents().stream().map(Document::id).toList();
    }
}
