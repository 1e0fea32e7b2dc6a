package dev.basalt.functions.invoke;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.basalt.functions.FunctionsConfig;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.request.Chain;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the functions that one invocation leads to use together. What a call may use at most is set aside before it runs and
 * the rest given back at its end, so calls side by side can't spend the same twice. A call that no function makes is not looked at.
 * Each host counts what it runs. Safe for use by any thread.
 */
@Singleton
class ChainCosts {
    private static final long GB_SECOND = 1024L * 1000;
    private static final int MAX_CHAINS = 100_000;
    /** How long behind its first invocation's end a chain is kept; its clock may be another host's. */
    private static final Duration KEPT = Duration.ofSeconds(30);

    /** What a chain has used or set aside, in MB·ms. */
    private record Account(AtomicLong used, long deadline) {}

    private final long most;
    private final Counter refused;
    private final Cache<UUID, Account> accounts = Caches.builder()
            .maximumSize(MAX_CHAINS)
            .expireAfter(Expiry.<UUID, Account>creating(
                    (first, account) -> KEPT.plusMillis(Math.max(0, account.deadline - System.currentTimeMillis()))))
            .recordStats()
            .build();

    @Inject
    ChainCosts(FunctionsConfig config, MeterRegistry metrics) {
        this.most = config.maxNestedGbSeconds();
        this.refused = metrics.counter("basalt.functions.chains.refused");
        CaffeineCacheMetrics.monitor(metrics, accounts, "basalt.functions.chains");
    }

    /** What requests of an invocation that runs belong to. */
    Chain chain(AcceptedInvocation accepted) {
        var led = accepted.context.chain();
        if (led != null) {
            return led.by(accepted.id);
        }
        var budget =
                Math.min(most, accepted.function.manifest().nestedGbSeconds().orElse(Integer.MAX_VALUE));
        return new Chain(accepted.id, accepted.id, budget * GB_SECOND, accepted.deadline());
    }

    /** Sets aside what a call may use; {@link Grant#settle} follows at its end. */
    Grant grant(AcceptedInvocation accepted, Duration timeout) {
        var chain = accepted.context.chain();
        if (chain == null) {
            return new Grant(null, 0, timeout, null, false);
        }
        var left = Math.min(timeout.toMillis(), chain.deadline() - System.currentTimeMillis());
        if (left <= 0) {
            return refused(
                    Failure.of(Failure.Kind.TIMEOUT, "the invocation that led to this one is past its time limit"));
        }
        var used = accounts.get(chain.first(), first -> new Account(new AtomicLong(), chain.deadline())).used;
        var memory = accepted.function.manifest().memoryMb();
        while (true) {
            var before = used.get();
            var millis = Math.min(left, (chain.budget() - before) / memory);
            if (millis <= 0) {
                refused.increment();
                return refused(overBudget());
            }
            if (used.compareAndSet(before, before + millis * memory)) {
                return new Grant(used, millis * memory, Duration.ofMillis(millis), null, millis < left);
            }
        }
    }

    private static Grant refused(Failure why) {
        return new Grant(null, 0, Duration.ZERO, why, false);
    }

    private static Failure overBudget() {
        return Failure.of(
                Failure.Kind.OVER_BUDGET, "the functions that one call led to have used what they may use together");
    }

    /**
     * What one call may use.
     *
     * @param used its chain's account; null where it is in none
     * @param reserved what is set aside there
     * @param timeout how long it may run
     * @param refusal why it may not run, where that is so
     * @param cut whether it may run shorter for its chain's budget
     */
    record Grant(
            @Nullable AtomicLong used,
            long reserved,
            Duration timeout,
            @Nullable Failure refusal,
            boolean cut) {
        /** What it used in the end, in MB·ms. */
        void settle(long megabyteMillis) {
            if (used != null) {
                used.addAndGet(megabyteMillis - reserved);
            }
        }

        /** Says of a call that ran out of its chain's budget that it did. */
        Outcome named(Outcome outcome) {
            return cut
                            && outcome.result() instanceof Outcome.Result.Failed(Failure failure)
                            && failure.kind() == Failure.Kind.TIMEOUT
                    ? new Outcome(new Outcome.Result.Failed(overBudget()), outcome.report(), outcome.later())
                    : outcome;
        }
    }
}
