package dev.basalt.auth.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RefreshTokenTest {
    private final UUID session = UUID.randomUUID();
    private final byte[] family = RefreshToken.random();

    @Test
    void theSameTokenAndSeedYieldTheSameChild() {
        var first = RefreshToken.first(session, family);
        var seed = RefreshToken.random();
        var child = first.next(seed, family);
        assertThat(child.encoded())
                .isEqualTo(first.next(seed, family).encoded())
                .hasSize(80);
        assertThat(child.hash()).isEqualTo(first.nextHash(seed)).isNotEqualTo(first.hash());
        assertThat(first.next(RefreshToken.random(), family).encoded()).isNotEqualTo(child.encoded());
        assertThat(RefreshToken.first(session, family).next(seed, family).encoded())
                .isNotEqualTo(child.encoded());
    }

    @Test
    void everyTokenOfAFamilyBearsItsMark() {
        var token = RefreshToken.first(session, family);
        for (var i = 0; i < 3; i++) {
            assertThat(token.isOfFamily(family)).isTrue();
            assertThat(token.isOfFamily(RefreshToken.random())).isFalse();
            token = token.next(RefreshToken.random(), family);
        }
    }

    @Test
    void aTokenIsReadAsItWasWritten() {
        var token = RefreshToken.first(session, family);
        var read = RefreshToken.parse(token.encoded()).orElseThrow();
        assertThat(read.encoded()).isEqualTo(token.encoded());
        assertThat(read.sessionId()).isEqualTo(session);
        assertThat(read.hash()).isEqualTo(token.hash());
        assertThat(read.toString()).doesNotContain(token.encoded());
        assertThat(RefreshToken.parse(token.encoded() + "A")).isEmpty();
        assertThat(RefreshToken.parse("")).isEmpty();
        assertThat(RefreshToken.parse("+".repeat(80))).isEmpty();
    }
}
