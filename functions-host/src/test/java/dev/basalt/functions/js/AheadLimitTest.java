package dev.basalt.functions.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AheadLimitTest {
    private final AheadLimit limit = new AheadLimit();

    private void ended(int calls, int runMicros) {
        for (int i = 0; i < calls; i++) {
            limit.ended(runMicros);
        }
    }

    @Test
    void untilCallsWereQuickNoneIsSentAlong() {
        assertThat(limit.most()).isZero();
        ended(100, 5_000);
        assertThat(limit.most()).isZero();
        ended(100, 400);
        assertThat(limit.most()).isEqualTo(2);
        assertThat(limit.gathers()).isFalse();
        ended(100, 20);
        assertThat(limit.most()).isEqualTo(16);
        assertThat(limit.gathers()).isTrue();
    }

    @Test
    void oneSlowCallLessensThatAndManyEndIt() {
        ended(100, 20);
        limit.ended(Integer.MAX_VALUE);
        assertThat(limit.most()).isBetween(1, 15);
        ended(20, 20);
        assertThat(limit.most()).isEqualTo(16);
        ended(20, 3_000);
        assertThat(limit.most()).isZero();
    }

    @Test
    void afterOneThatCameBackOthersHaveToEnd() {
        ended(100, 20);
        limit.cameBack();
        ended(63, 20);
        assertThat(limit.most()).isZero();
        limit.ended(20);
        assertThat(limit.most()).isEqualTo(16);
    }

    @Test
    void whatAStrangerSaysDoesNoHarm() {
        ended(100, -5);
        assertThat(limit.most()).isEqualTo(16);
        ended(10, Integer.MIN_VALUE);
        assertThat(limit.most()).isEqualTo(16);
        ended(50, 5_000);
        assertThat(limit.most()).isZero();
    }

    @Test
    void behindALostInstanceItStartsAnew() {
        ended(100, 20);
        limit.lost();
        assertThat(limit.most()).isZero();
    }
}
