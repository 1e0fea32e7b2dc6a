package dev.basalt.sdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.Failure;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SessionKeeperTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private final List<CompletableFuture<Session>> asked = new ArrayList<>();
    private final SessionKeeper keeper =
            new SessionKeeper("key", Duration.ofSeconds(60), InstantSource.fixed(NOW), old -> {
                var answer = new CompletableFuture<Session>();
                synchronized (asked) {
                    asked.add(answer);
                }
                return answer;
            });

    @Test
    void withoutASessionTheKeyIsTheBearer() {
        assertThat(keeper.bearer()).isCompletedWithValue("key");
    }

    @Test
    void aFreshSessionIsNotRefreshed() {
        keeper.hold(session("ann", "a1", 61));

        assertThat(keeper.bearer()).isCompletedWithValue("a1");
        assertThat(asked).isEmpty();
    }

    @Test
    void callsThatComeAtOnceShareOneRefresh() {
        keeper.hold(session("ann", "a1", 60));
        List<CompletableFuture<String>> calls = Collections.synchronizedList(new ArrayList<>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) threads.execute(() -> calls.add(keeper.bearer()));
        }

        assertThat(asked).hasSize(1);
        assertThat(calls).hasSize(200).noneMatch(CompletableFuture::isDone);
        asked.getFirst().complete(session("ann", "a2", 3600));
        assertThat(calls).allSatisfy(call -> assertThat(call).isCompletedWithValue("a2"));
        assertThat(keeper.bearer()).isCompletedWithValue("a2");
    }

    @Test
    void aRefusedRefreshDropsTheSessionAndFailsTheCallsThatWaited() {
        keeper.hold(session("ann", "a1", 30));
        CompletableFuture<String> call = keeper.bearer();

        asked.getFirst().completeExceptionally(refused());

        assertThatThrownBy(() -> Waiting.on(call))
                .isInstanceOfSatisfying(
                        AuthException.class,
                        failure -> assertThat(failure.code()).isEqualTo("refresh_token_not_found"));
        assertThat(keeper.session()).isEmpty();
        assertThat(keeper.bearer()).isCompletedWithValue("key");
    }

    @Test
    void whileTheServiceIsAwayTheOldTokenServesUntilItExpires() {
        keeper.hold(session("ann", "a1", 30));
        CompletableFuture<String> first = keeper.bearer();
        asked.getFirst().completeExceptionally(unreachable());
        assertThat(first).isCompletedWithValue("a1");

        keeper.hold(session("ann", "a1", -1));
        CompletableFuture<String> second = keeper.bearer();
        asked.getLast().completeExceptionally(unreachable());
        assertThatThrownBy(() -> Waiting.on(second)).isInstanceOf(TransportException.class);
        assertThat(keeper.session()).isPresent();
    }

    @Test
    void aSessionSignedOutDuringItsRefreshDoesNotComeBack() {
        Session old = keeper.hold(session("ann", "a1", 30));
        CompletableFuture<String> call = keeper.bearer();

        keeper.forget(old);
        asked.getFirst().complete(session("ann", "a2", 3600));

        assertThat(keeper.session()).isEmpty();
        assertThatThrownBy(() -> Waiting.on(call)).isInstanceOf(BasaltException.class);
    }

    @Test
    void anotherUsersSignInDuringARefreshStays() {
        keeper.hold(session("ann", "a1", 30));
        var first = keeper.bearer();
        keeper.hold(session("bob", "b1", 3600));

        asked.getFirst().complete(session("ann", "a2", 3600));

        assertThat(keeper.session().orElseThrow().user().id()).isEqualTo("bob");
        assertThat(keeper.bearer()).isCompletedWithValue("b1");
        assertThat(first).isCompletedExceptionally();
    }

    private static Session session(String user, String token, long secondsLeft) {
        return new Session(
                token,
                "r-" + token,
                NOW.plusSeconds(secondsLeft),
                new User(user, null, null, null, null, null, null, null, false, null, null));
    }

    private static AuthException refused() {
        return new AuthException(
                new Failure(400, "refresh_token_not_found", "Refresh token not found", null, null, null, null), null);
    }

    private static TransportException unreachable() {
        return new TransportException(TransportException.Reason.UNREACHABLE, "away", null, null);
    }
}
