package dev.basalt.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final PasswordHasher hasher = hasher(19456, 100);

    private PasswordHasher hasher(int memory, int queue) {
        return new PasswordHasher(
                vertx,
                new PasswordConfig() {
                    @Override
                    public int memory() {
                        return memory;
                    }

                    @Override
                    public int iterations() {
                        return 2;
                    }

                    @Override
                    public OptionalInt threads() {
                        return OptionalInt.of(1);
                    }

                    @Override
                    public int queue() {
                        return queue;
                    }
                },
                metrics);
    }

    @AfterEach
    void close() {
        hasher.close();
        TestProjects.await(vertx.close().map(true));
    }

    @Test
    void aHashVerifiesItsPasswordAlone() {
        var hash = TestProjects.await(hasher.hash("correct horse"));
        assertThat(hash).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[^$]{22}\\$[^$]{43}");
        assertThat(TestProjects.await(hasher.verify("correct horse", hash)))
                .isEqualTo(new PasswordHasher.Verdict(true, null));
        assertThat(TestProjects.await(hasher.verify("correct horsE", hash)).matches())
                .isFalse();
        assertThat(TestProjects.await(hasher.hash("correct horse"))).isNotEqualTo(hash);
    }

    @Test
    void theReferenceImplementationsHashVerifies() {
        // phc-winner-argon2, test.c: version 0x13, t=2, m=2^8, p=1, "password", "somesalt".
        var hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        var verdict = TestProjects.await(hasher.verify("password", hash));
        assertThat(verdict.matches()).isTrue();
        assertThat(verdict.replacement()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(TestProjects.await(hasher.verify("passwore", hash)).matches())
                .isFalse();
    }

    @Test
    void aBcryptHashVerifiesAndIsToBeReplaced() {
        for (var version : List.of("2a", "2b", "2y")) {
            var hash = OpenBSDBCrypt.generate(version, "p\u00e4ssword".toCharArray(), new byte[16], 4);
            var verdict = TestProjects.await(hasher.verify("p\u00e4ssword", hash));
            assertThat(verdict.matches()).isTrue();
            assertThat(verdict.replacement()).startsWith("$argon2id$");
            assertThat(TestProjects.await(hasher.verify("password", hash)).matches())
                    .isFalse();
        }
    }

    @Test
    void whereThereIsNoUsableHashOneIsComputedAllTheSame() {
        var before = metrics.timer("basalt.auth.password.hash").count();
        assertThat(TestProjects.await(hasher.verify("x", null)).matches()).isFalse();
        assertThat(TestProjects.await(hasher.verify("x", "")).matches()).isFalse();
        assertThat(TestProjects.await(hasher.verify("x", "plain")).matches()).isFalse();
        assertThat(metrics.timer("basalt.auth.password.hash").count()).isEqualTo(before + 3);
    }

    @Test
    void hashesThatCostTooMuchAreNotKnown() {
        var rest = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assertThat(PasswordHasher.isKnown("$argon2id$v=19$m=131072,t=10,p=8" + rest))
                .isTrue();
        assertThat(PasswordHasher.isKnown("$argon2id$v=19$m=131073,t=2,p=1" + rest))
                .isFalse();
        assertThat(PasswordHasher.isKnown("$argon2id$v=19$m=65536,t=11,p=1" + rest))
                .isFalse();
        assertThat(PasswordHasher.isKnown("$argon2id$v=19$m=65536,t=2,p=9" + rest))
                .isFalse();
        assertThat(PasswordHasher.isKnown("$argon2id$v=19$m=7,t=2,p=1" + rest)).isFalse();
        assertThat(PasswordHasher.isKnown("$argon2id$v=19$m=65536,t=0,p=1" + rest))
                .isFalse();
        assertThat(PasswordHasher.isKnown("$2a$14$" + "A".repeat(53))).isTrue();
        assertThat(PasswordHasher.isKnown("$2a$15$" + "A".repeat(53))).isFalse();
        assertThat(PasswordHasher.isKnown("$2a$03$" + "A".repeat(53))).isFalse();
        assertThat(PasswordHasher.isKnown("")).isFalse();
    }

    @Test
    void pastTheQueueHashesAreRefusedAtOnce() {
        var narrow = hasher(65536, 2);
        var results = new ArrayList<Future<String>>();
        for (var i = 0; i < 10; i++) {
            results.add(narrow.hash("correct horse"));
        }
        var refused = results.stream().filter(Future::failed).toList();
        assertThat(refused).hasSizeBetween(5, 7);
        assertThat(refused)
                .allSatisfy(failed -> assertThat(failed.cause()).isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.error()).isEqualTo(AuthError.OVER_REQUEST_RATE_LIMIT);
                    assertThat(e.headers()).isNotEmpty();
                }));
        results.stream().filter(result -> !result.failed()).forEach(TestProjects::await);
        narrow.close();
        assertThatThrownBy(() -> TestProjects.await(narrow.hash("x"))).isInstanceOf(ApiException.class);
    }
}
