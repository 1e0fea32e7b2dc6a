package dev.basalt.functions.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where functions may connect to, address by address. */
class AddressRulesTest {
    private final AddressRules rules = new AddressRules(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.254",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.1",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "3fff::1",
            })
    void whatIsNotPublicIsRefused(String address) {
        assertThat(rules.allows(address(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "::ffff:1.1.1.1",
            })
    void whatIsPublicIsNot(String address) {
        assertThat(rules.allows(address(address))).isTrue();
    }

    @Test
    void anOperatorAllowsRangesAndNoMore() {
        AddressRules some = new AddressRules(List.of("10.1.0.0/16", "fd00::/8", "127.0.0.1"));
        assertThat(some.allows(address("10.1.255.1"))).isTrue();
        assertThat(some.allows(address("10.2.0.1"))).isFalse();
        assertThat(some.allows(address("fd12::1"))).isTrue();
        assertThat(some.allows(address("fc00::1"))).isFalse();
        assertThat(some.allows(address("127.0.0.1"))).isTrue();
        assertThat(some.allows(address("127.0.0.2"))).isFalse();
        for (String bad : List.of("", "10.0.0.0/33", "10.0.0.0/x", "example.com", "10.0.0.0/-1")) {
            assertThatThrownBy(() -> new AddressRules(List.of(bad))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
