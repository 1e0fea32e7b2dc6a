package dev.basalt.auth.password;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and verifies passwords on a few threads of its own, never on an event loop. Safe for use by any thread; futures
 * complete on the caller's context and fail with {@link AuthError#OVER_REQUEST_RATE_LIMIT} when too many hashes wait.
 *
 * <p>New hashes are Argon2id (RFC 9106) version 1.3 with 19 MiB, two passes and one lane, the second of the settings that
 * OWASP's Password Storage Cheat Sheet names as equally strong, a salt of 16 bytes and a hash of 32, in the PHC string
 * format. One takes 15 ms of a core, its memory only while it is computed. Hashes of other Argon2 settings and bcrypt
 * hashes ({@code $2a$}, {@code $2b$}, {@code $2y$}) of users that came from elsewhere verify too, and are replaced at the
 * next login.
 */
@ApplicationScoped
public class PasswordHasher {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    /** One of this cost takes 0.7 s: whoever could store one beyond could stall the service. */
    private static final int MAX_BCRYPT_COST = 14;

    private static final int MIN_BCRYPT_COST = 4;
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d{2})\\$[./A-Za-z0-9]{53}");

    private final SecureRandom random = new SecureRandom();
    private final byte[] nobodysSalt = salt();
    private final Vertx vertx;
    private final Argon2Hash.Cost current;
    private final ThreadPoolExecutor threads;
    private final Timer timer;
    private final Counter refused;

    @Inject
    public PasswordHasher(Vertx vertx, PasswordConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.current = new Argon2Hash.Cost(Argon2Parameters.ARGON2_id, config.memory(), config.iterations(), LANES);
        var count = config.threads().orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                60,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.queue()),
                Thread.ofPlatform().daemon().name("basalt-password-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        this.timer = metrics.timer("basalt.auth.password.hash");
        this.refused = metrics.counter("basalt.auth.password.refused");
        metrics.gauge(
                "basalt.auth.password.waiting", threads, pool -> pool.getQueue().size());
    }

    /**
     * What came of comparing a password with a stored hash.
     *
     * @param replacement where it matches and the stored hash is not of today's making: a new hash to store
     */
    public record Verdict(boolean matches, @Nullable String replacement) {
        private static final Verdict WRONG = new Verdict(false, null);
    }

    /** A new hash of the password. */
    public Future<String> hash(String password) {
        return run(() -> newHash(password));
    }

    /**
     * Compares a password with a stored hash. Where there is none, or one that is of no known form, a hash is computed all
     * the same, so that an unknown user takes as long as a wrong password.
     */
    public Future<Verdict> verify(String password, @Nullable String stored) {
        return run(() -> compare(password, stored == null ? "" : stored));
    }

    /** Whether a hash made elsewhere is of a form and a cost that this class verifies. */
    public static boolean isKnown(String hash) {
        return isBcrypt(hash) || Argon2Hash.parse(hash).isPresent();
    }

    private static boolean isBcrypt(String hash) {
        var parts = BCRYPT.matcher(hash);
        if (!parts.matches()) {
            return false;
        }
        var cost = Integer.parseInt(parts.group(1));
        return cost >= MIN_BCRYPT_COST && cost <= MAX_BCRYPT_COST;
    }

    private Verdict compare(String password, String stored) {
        if (isBcrypt(stored)) {
            var matches = OpenBSDBCrypt.checkPassword(stored, password.getBytes(StandardCharsets.UTF_8));
            return matches ? new Verdict(true, newHash(password)) : Verdict.WRONG;
        }
        var hash = Argon2Hash.parse(stored);
        if (hash.isEmpty()) {
            Argon2Hash.of(password, current, nobodysSalt, HASH_BYTES);
            return Verdict.WRONG;
        }
        if (!hash.get().matches(password)) {
            return Verdict.WRONG;
        }
        return new Verdict(true, hash.get().cost().equals(current) ? null : newHash(password));
    }

    private String newHash(String password) {
        return Argon2Hash.of(password, current, salt(), HASH_BYTES).toString();
    }

    private byte[] salt() {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    private <T> Future<T> run(Supplier<T> work) {
        var promise = Promise.<T>promise();
        var context = vertx.getOrCreateContext();
        try {
            threads.execute(() -> {
                try {
                    var result = timer.record(work);
                    context.runOnContext(done -> promise.complete(result));
                } catch (RuntimeException | Error failed) {
                    context.runOnContext(done -> promise.fail(failed));
                }
            });
        } catch (RejectedExecutionException full) {
            refused.increment();
            return Future.failedFuture(
                    ApiException.of(AuthError.OVER_REQUEST_RATE_LIMIT).withHeader("Retry-After", "1"));
        }
        return promise.future();
    }

    @PreDestroy
    void close() {
        threads.shutdown();
    }
}
