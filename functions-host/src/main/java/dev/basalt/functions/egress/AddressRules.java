package dev.basalt.functions.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses functions may connect to: public ones (IANA's registries of special-purpose addresses, RFC 6890), and what
 * the operator allows besides. An IPv4 address that is written as an IPv6 one is judged as what it is. Immutable.
 */
public final class AddressRules {
    private static final List<AddressRange> PRIVATE_V4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");
    /** All that is public in IPv6; what translates to IPv4 lies outside or is taken out below. */
    private static final AddressRange PUBLIC_V6 = AddressRange.parse("2000::/3");

    private static final List<AddressRange> PRIVATE_V6 = ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private final List<AddressRange> allowed;

    /** @throws IllegalArgumentException if one of them is not a range */
    public AddressRules(List<String> allowPrivate) {
        this.allowed = allowPrivate.stream().map(AddressRange::parse).toList();
    }

    public boolean allows(InetAddress address) {
        if (allowed.stream().anyMatch(range -> range.contains(address))) {
            return true;
        }
        List<AddressRange> refused = address instanceof Inet4Address ? PRIVATE_V4 : PRIVATE_V6;
        return (address instanceof Inet4Address || PUBLIC_V6.contains(address))
                && refused.stream().noneMatch(range -> range.contains(address));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }
}
