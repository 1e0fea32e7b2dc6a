package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.auth.SignUpResult;
import dev.basalt.sdk.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The running Basalt that the ITs are pointed at by {@code BASALT_TEST_URL}, {@code BASALT_TEST_PUBLISHABLE_KEY} and
 * {@code BASALT_TEST_SECRET_KEY}. An IT makes what it needs under names with {@link #RUN} in them and removes it.
 */
final class RunningBasalt {
    static final String URL_VARIABLE = "BASALT_TEST_URL";
    static final String SKIPPED = "SKIPPED: the Java client was NOT tested, BASALT_TEST_URL names no running Basalt";
    static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    static final String PASSWORD = "correct horse battery staple";

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private RunningBasalt() {}

    static String url() {
        return environment(URL_VARIABLE);
    }

    /** A client that nobody is signed in to. */
    static BasaltClient stranger() {
        return Basalt.connect(url(), environment("BASALT_TEST_PUBLISHABLE_KEY"));
    }

    /** A client with a new user. */
    static BasaltClient signedUp() {
        BasaltClient client = stranger();
        assertThat(client.auth().signUp(address(), PASSWORD)).isInstanceOf(SignUpResult.SignedIn.class);
        return client;
    }

    /** A client that passes by row-level security. */
    static BasaltClient service() {
        return Basalt.connect(url(), environment("BASALT_TEST_SECRET_KEY"));
    }

    /** An address that nobody has. */
    static String address() {
        return UUID.randomUUID() + "@example.com";
    }

    /** Runs SQL as the project's owner. */
    static void sql(String query) throws IOException, InterruptedException {
        send("POST", "/sql/v1", Map.of("query", query));
    }

    /** Removes a collection with its documents, if it is there. */
    static void dropCollection(String name) throws IOException, InterruptedException {
        sql("drop table if exists documents.\"" + name + "\"");
    }

    /** Sends JSON with the secret key; anything but success fails. */
    static void send(String method, String path, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("apikey", environment("BASALT_TEST_SECRET_KEY"))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isBetween(200, 299);
        }
    }

    /** Waits for a condition, and fails when it does not come about. */
    static void until(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("what is waited for").isBefore(deadline);
            Thread.sleep(PAUSE);
        }
    }

    private static String environment(String name) {
        return System.getenv().getOrDefault(name, "");
    }
}
