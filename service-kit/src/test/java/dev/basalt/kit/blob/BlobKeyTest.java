package dev.basalt.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobKeyTest {
    @Test
    void freshKeysAreVersion7UniqueAndComeBackFromTheirText() {
        var seen = new HashSet<BlobKey>();
        for (int i = 0; i < 10_000; i++) {
            BlobKey key = BlobKey.fresh("default");
            assertThat(key.id().version()).isEqualTo(7);
            assertThat(key.id().variant()).isEqualTo(2);
            assertThat(seen.add(key)).isTrue();
        }
        BlobKey key = BlobKey.fresh("a-b_9");
        assertThat(BlobKey.parse(key.value())).contains(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "../0198c0de-0000-7000-8000-000000000000",
                "a/../x",
                "a/0198C0DE-0000-7000-8000-000000000000",
                "a/0198c0de-0000-7000-8000-000000000000/b",
                "A/0198c0de-0000-7000-8000-000000000000",
                "a\0/0198c0de-0000-7000-8000-000000000000"
            })
    void otherTextsAreNoKeys(String text) {
        assertThat(BlobKey.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "A", "-a", "a.b"})
    void aNamespaceThatCouldBeAPathIsRefused(String namespace) {
        assertThatThrownBy(() -> BlobKey.fresh(namespace)).isInstanceOf(IllegalArgumentException.class);
    }
}
