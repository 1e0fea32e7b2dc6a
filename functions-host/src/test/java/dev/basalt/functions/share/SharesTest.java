package dev.basalt.functions.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whose call is next. */
class SharesTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final Context context = VERTX.getOrCreateContext();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Shares shares(int own, int common) {
        return SharesFixture.of(
                VERTX, Map.of("share.own", "" + own, "share.common", "" + common, "share.max-queue", "10"));
    }

    private final class Call {
        final String name;
        volatile Shares.@Nullable Place place;

        Call(String name) {
            this.name = name;
        }

        void start(Shares.Place given) {
            place = given;
            started.add(name);
        }

        void refused() {
            refused.add(name);
        }

        void end() {
            var held = place;
            if (held == null) {
                throw new AssertionError(name + " does not run");
            }
            held.leave();
        }
    }

    private Call call(Shares shares, String project, String name) {
        return call(shares, project, name, false);
    }

    private Call call(Shares shares, String project, String name, boolean awaited) {
        var call = new Call(name);
        shares.enter(project, awaited, context, call::start, call::refused);
        return call;
    }

    private void startedAre(String... names) {
        await().untilAsserted(() -> assertThat(started).containsExactly(names));
    }

    @Test
    void aFloodLeavesAnotherProjectItsPlaces() {
        var shares = shares(2, 1);
        var flood =
                IntStream.range(0, 8).mapToObj(i -> call(shares, "a", "a" + i)).toList();
        assertThat(started).containsExactly("a0", "a1", "a2");
        call(shares, "b", "b0");
        call(shares, "b", "b1");
        assertThat(started).containsExactly("a0", "a1", "a2", "b0", "b1");
        assertThat(shares.waiting()).isEqualTo(5);
        flood.get(1).end();
        startedAre("a0", "a1", "a2", "b0", "b1", "a3");
    }

    @Test
    void aCommonPlaceGoesToAnothersCallBeforeThoseOfAFloodThatWaitedLonger() {
        var shares = shares(1, 2);
        var flood =
                IntStream.range(0, 6).mapToObj(i -> call(shares, "a", "a" + i)).toList();
        call(shares, "b", "b0");
        call(shares, "b", "b1");
        call(shares, "b", "b2");
        assertThat(started).containsExactly("a0", "a1", "a2", "b0");
        flood.get(0).end();
        startedAre("a0", "a1", "a2", "b0", "b1");
        // Both run two now: by turns.
        flood.get(1).end();
        startedAre("a0", "a1", "a2", "b0", "b1", "a3");
        flood.get(2).end();
        startedAre("a0", "a1", "a2", "b0", "b1", "a3", "a4");
    }

    @Test
    void ofProjectsThatRunAsManyTheOneThatJustHadATurnIsLast() {
        var shares = shares(1, 1);
        call(shares, "a", "a0");
        var common = call(shares, "a", "a1");
        call(shares, "a", "a2");
        call(shares, "b", "b0");
        call(shares, "b", "b1");
        common.end();
        startedAre("a0", "a1", "b0", "b1");
    }

    @Test
    void whatIsAwaitedNeverWaitsAndMakesItsProjectsOthersWait() {
        var shares = shares(1, 0);
        var caller = call(shares, "a", "caller");
        var nested = call(shares, "a", "nested", true);
        call(shares, "a", "other");
        assertThat(started).containsExactly("caller", "nested");
        caller.end();
        assertThat(shares.waiting()).isEqualTo(1);
        nested.end();
        startedAre("caller", "nested", "other");
    }

    @Test
    void pastItsQueueAProjectsCallsAreRefusedAndNoOthers() {
        var shares = shares(1, 0);
        IntStream.range(0, 11).forEach(i -> call(shares, "a", "a" + i));
        assertThat(refused).isEmpty();
        call(shares, "a", "a11");
        assertThat(refused).containsExactly("a11");
        call(shares, "b", "b0");
        assertThat(started).containsExactly("a0", "b0");
    }

    @Test
    void whatWaitsTooLongIsRefusedAndTakesNoPlaceLater() {
        var shares = SharesFixture.of(
                VERTX, Map.of("share.own", "1", "share.common", "0", "share.queue-timeout", "PT0.05S"));
        var first = call(shares, "a", "a0");
        call(shares, "a", "a1");
        await().untilAsserted(() -> assertThat(refused).containsExactly("a1"));
        first.end();
        assertThat(shares.running()).isZero();
        assertThat(shares.waiting()).isZero();
        assertThat(started).containsExactly("a0");
    }

    @Test
    void aPlaceLeftTwiceIsOnePlace() {
        var shares = shares(1, 0);
        var first = call(shares, "a", "a0");
        call(shares, "a", "a1");
        call(shares, "a", "a2");
        first.end();
        first.end();
        startedAre("a0", "a1");
        assertThat(shares.running()).isEqualTo(1);
        assertThat(shares.waiting()).isEqualTo(1);
    }
}
