package dev.basalt.functions.container;

import dev.basalt.kit.function.EgressRule;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Which addresses a function's URL may lead to: public ones, and hosts that the operator allows. Immutable. */
final class Addresses {
    private final List<EgressRule> allowed;

    /** @throws IllegalArgumentException if one of them names no host */
    Addresses(List<String> allowed) {
        this.allowed = allowed.stream()
                .map(text -> EgressRule.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "basalt.functions.http.allow: " + text + " is not a host, host:port or *.host")))
                .toList();
    }

    /** Whether a host may be called at this address, which its name led to. */
    boolean allows(String host, int port, InetAddress address) {
        return isPublic(address) || allowed.stream().anyMatch(rule -> rule.allows(host, port));
    }

    private static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet4Address) {
            // This network, shared address space, protocol assignments, benchmarks, reserved (RFC 6890).
            return first != 0
                    && first < 240
                    && !(first == 100 && (second & 0xc0) == 64)
                    && !(first == 192 && second == 0)
                    && !(first == 198 && (second & 0xfe) == 18);
        }
        // Global unicast without what translates to IPv4 (6to4, Teredo).
        return (first & 0xe0) == 0x20
                && !(first == 0x20 && second == 0x02)
                && !(first == 0x20 && second == 0x01 && bytes[2] < 2 && bytes[2] >= 0);
    }
}
