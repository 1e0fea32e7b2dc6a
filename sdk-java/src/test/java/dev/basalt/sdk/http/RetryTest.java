package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private final Retry retry =
            new Retry(ClientOptions.defaults().withRetries(3, Duration.ofMillis(100), Duration.ofSeconds(2)));

    @RepeatedTest(20)
    void pausesDoubleWithJitterUpToTheLongest() {
        assertThat(retry.pause(1, null).orElseThrow()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(retry.pause(2, null).orElseThrow()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(retry.pause(3, null).orElseThrow()).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
    }

    @Test
    void afterTheLastTryThereIsNoPause() {
        assertThat(retry.pause(4, null)).isEmpty();
        assertThat(new Retry(ClientOptions.defaults().withRetries(0, Duration.ofMillis(1), Duration.ofMillis(1)))
                        .pause(1, null))
                .isEmpty();
    }

    @Test
    void aPauseTheServerAskedForIsKeptAndOneTooLongGetsNoRetry() {
        assertThat(retry.pause(1, Duration.ofSeconds(1)).orElseThrow())
                .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1100));
        assertThat(retry.pause(1, Duration.ofMillis(2001))).isEmpty();
    }

    @Test
    void retryAfterIsSecondsOrADateAndNonsenseIsNothing() {
        assertThat(Retry.after(Optional.of("7"), NOON)).isEqualTo(Duration.ofSeconds(7));
        assertThat(Retry.after(Optional.of("Sun, 01 Mar 2026 12:00:05 GMT"), NOON))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(Retry.after(Optional.of("Sun, 01 Mar 2026 11:00:00 GMT"), NOON))
                .isEqualTo(Duration.ZERO);
        assertThat(Retry.after(Optional.of("soon"), NOON)).isNull();
        assertThat(Retry.after(Optional.of("-1"), NOON)).isNull();
        assertThat(Retry.after(Optional.of("99999999999999999999"), NOON)).isNull();
        assertThat(Retry.after(Optional.empty(), NOON)).isNull();
    }
}
