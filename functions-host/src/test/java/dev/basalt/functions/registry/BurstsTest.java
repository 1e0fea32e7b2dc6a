package dev.basalt.functions.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BurstsTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<String> looked = new CopyOnWriteArrayList<>();
    private final Bursts bursts = new Bursts(vertx, looked::add);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void oneLookServesABurstOfAProjectAndLaterChangesGetAnother() {
        for (int i = 0; i < 10; i++) {
            bursts.changed("a");
            bursts.changed("b");
        }
        await().until(() -> looked.size() >= 2);
        assertThat(looked).containsExactlyInAnyOrder("a", "b");
        bursts.changed("a");
        await().until(() -> looked.size() >= 3);
        assertThat(looked).containsExactlyInAnyOrder("a", "b", "a");
    }

    @Test
    void aChangeIsLookedAtThoughALaterLookIsDue() {
        bursts.lookIn(600_000, "a");
        bursts.changed("a");
        await().untilAsserted(() -> assertThat(looked).containsExactly("a"));
    }
}
