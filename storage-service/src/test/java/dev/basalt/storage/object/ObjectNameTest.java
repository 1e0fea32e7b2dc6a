package dev.basalt.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.error.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a/b/c.png", "with space (1).jpg", "...", "a..b", ".hidden", "a/.hidden", "a//b", "x/"})
    void namesOfSafeCharactersAreNames(String name) {
        assertThat(ObjectName.check(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/a", ".", "..", "../a", "a/..", "a/../b", "a/./b", "a\0b", "a\nb", "a\\b", "a%2e", "ä", "a#b",
                "<a>"
            })
    void othersAreRefused(String name) {
        assertThatThrownBy(() -> ObjectName.check(name)).isInstanceOf(ApiException.class);
    }

    @Test
    void theLongestNameIsTakenAndOneLongerIsNot() {
        assertThat(ObjectName.check("a".repeat(1024))).hasSize(1024);
        assertThatThrownBy(() -> ObjectName.check("a".repeat(1025))).isInstanceOf(ApiException.class);
    }
}
