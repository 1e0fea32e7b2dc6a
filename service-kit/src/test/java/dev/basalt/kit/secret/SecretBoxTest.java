package dev.basalt.kit.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class SecretBoxTest {
    private static final byte[] PLAIN = "a secret".getBytes(UTF_8);
    private final SecretBox box = new SecretBox(key(1));

    private static byte[] key(int seed) {
        var key = new byte[32];
        key[0] = (byte) seed;
        return key;
    }

    @Test
    void whatIsSealedOpensAndNeverLooksTheSame() {
        var sealed = box.seal("purpose", PLAIN);
        assertThat(box.open("purpose", sealed)).isEqualTo(PLAIN);
        assertThat(box.seal("purpose", PLAIN)).isNotEqualTo(sealed);
        assertThat(new String(sealed, UTF_8)).doesNotContain("secret");
    }

    @Test
    void anotherKeyPurposeOrAChangedByteOpensNothing() {
        var sealed = box.seal("purpose", PLAIN);
        assertThatIllegalStateException().isThrownBy(() -> box.open("other", sealed));
        assertThatIllegalStateException().isThrownBy(() -> new SecretBox(key(2)).open("purpose", sealed));
        assertThatIllegalStateException().isThrownBy(() -> box.open("purpose", new byte[5]));
        for (var i = 0; i < sealed.length; i++) {
            var changed = sealed.clone();
            changed[i] ^= 1;
            assertThatIllegalStateException().isThrownBy(() -> box.open("purpose", changed));
        }
    }

    @Test
    void aMasterKeyHas32Bytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SecretBox(new byte[16]));
    }

    @Test
    void aSecretNeverPrintsItself() {
        assertThat(new Secret("hush").toString()).doesNotContain("hush");
    }
}
