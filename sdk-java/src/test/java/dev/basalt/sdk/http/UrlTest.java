package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain-text_1.2~",
                "a,b;c",
                "a\"b'c",
                "(a)[b]{c}",
                "a&b=c?d#e/f\\g",
                "100% + 1",
                "日本語 ünïcode",
                "🦊",
                "line\nbreak\ttab",
                "nul\0nul",
                ""
            })
    void whatIsEncodedDecodesToItselfAndIsAValidUri(String text) {
        String encoded = Url.encode(text);

        assertThat(encoded).matches("([A-Za-z0-9._~-]|%[0-9A-F]{2})*");
        assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(URI.create("http://localhost/" + encoded).getRawPath()).isEqualTo("/" + encoded);
    }

    @Test
    void halfOfASurrogatePairIsRefusedInsteadOfChanged() {
        assertThatThrownBy(() -> Url.encode("a" + "🦊".charAt(0))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPathKeepsItsSlashesAndEncodesTheRest() {
        assertThat(Url.encodePath("ann's files/été 1.png")).isEqualTo("ann%27s%20files/%C3%A9t%C3%A9%201.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", ".", "..", "a/../b", "../../etc/passwd", "a/."})
    void aPathThatOthersWouldRewriteIsRefused(String path) {
        assertThatThrownBy(() -> Url.encodePath(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aQueryEncodesNamesAndValues() {
        assertThat(Url.query(List.of())).isEmpty();
        assertThat(Url.query(List.of(Map.entry("a b", "c&d"), Map.entry("data->>x", "eq.1"))))
                .isEqualTo("?a%20b=c%26d&data-%3E%3Ex=eq.1");
    }
}
