package dev.basalt.kit.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EgressRuleTest {
    private static boolean allows(String rule, String host, int port) {
        return EgressRule.parse(rule).orElseThrow().allows(host, port);
    }

    @Test
    void aHostIsMeantAloneAndOnTheWebsPorts() {
        assertThat(allows("api.example.com", "API.example.com", 443)).isTrue();
        assertThat(allows("api.example.com", "api.example.com", 80)).isTrue();
        assertThat(allows("api.example.com", "api.example.com", 5432)).isFalse();
        assertThat(allows("api.example.com", "a.api.example.com", 443)).isFalse();
        assertThat(allows("api.example.com", "api.example.com.evil.org", 443)).isFalse();
    }

    @Test
    void aPortIsMeantAlone() {
        assertThat(allows("example.com:8443", "example.com", 8443)).isTrue();
        assertThat(allows("example.com:8443", "example.com", 443)).isFalse();
    }

    @Test
    void aStarIsAllBelowAndNotTheNameItself() {
        assertThat(allows("*.example.com", "a.b.example.com", 443)).isTrue();
        assertThat(allows("*.example.com", "example.com", 443)).isFalse();
        assertThat(allows("*.example.com", "evilexample.com", 443)).isFalse();
    }
}
