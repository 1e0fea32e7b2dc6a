package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** PostgreSQL goes away and comes back while clients read and write. */
@QuarkusTest
@WithTestResource(RestartablePostgres.class)
class PostgresRestartTest {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    RestTestProject app;

    @Nullable
    Map<String, Runnable> postgres;

    @Test
    void requestsAreAnswered503WithRetryAfterThenHealAndNoAcknowledgedWriteIsLost() throws Exception {
        app.sql("create table log (id bigint generated always as identity primary key, n int)");
        var running = new AtomicBoolean(true);
        var answers = new ConcurrentLinkedQueue<Answer>();
        var acknowledged = new AtomicInteger();
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            var done = new ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                boolean writes = i % 2 == 0;
                done.add(clients.submit(() -> {
                    while (running.get()) {
                        var answer = writes ? write() : read();
                        answers.add(Answer.of(answer));
                        if (answer.statusCode() == 201) {
                            acknowledged.incrementAndGet();
                        }
                    }
                }));
            }
            try {
                await().atMost(PATIENCE).until(() -> acknowledged.get() > 100);
                control("stop").run();
                await().atMost(PATIENCE).until(() -> answers.stream().anyMatch(answer -> answer.status == 503));
                control("start").run();
                int before = acknowledged.get();
                await().atMost(PATIENCE).until(() -> acknowledged.get() > before + 100);
            } finally {
                // Closing the clients waits for them, also when something above failed.
                running.set(false);
            }
            for (var client : done) {
                client.get();
            }
        }
        assertThat(answers).extracting(Answer::status).containsOnly(200, 201, 503);
        assertThat(answers.stream().filter(answer -> answer.status == 503))
                .isNotEmpty()
                .allSatisfy(answer -> {
                    assertThat(answer.retryAfter).isEqualTo("1");
                    assertThat(answer.body).contains("\"code\":\"PGRST00");
                });
        for (int i = 0; i < 50; i++) {
            assertThat(read().statusCode()).isEqualTo(200);
        }
        assertThat(app.count("log")).isGreaterThanOrEqualTo(acknowledged.get());
    }

    private Response read() {
        return app.service().get("/rest/v1/log?select=n&limit=1");
    }

    private Response write() {
        return app.service().contentType("application/json").body("{\"n\":1}").post("/rest/v1/log");
    }

    private Runnable control(String name) {
        return Objects.requireNonNull(Objects.requireNonNull(postgres).get(name));
    }

    private record Answer(int status, String retryAfter, String body) {
        static Answer of(Response response) {
            var retryAfter = response.header("Retry-After");
            return new Answer(
                    response.statusCode(),
                    retryAfter == null ? "" : retryAfter,
                    response.statusCode() < 300 ? "" : response.asString());
        }
    }
}
