package dev.basalt.functions.egress;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/** A block of addresses in CIDR notation (RFC 4632, RFC 4291). Immutable. */
final class AddressRange {
    private final byte[] prefix;
    private final int bits;

    private AddressRange(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * Reads {@code address/bits}, or an address alone.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(text + " is no range of addresses, as 10.1.0.0/16 is");
        }
        int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text, slash + 1, text.length(), 10);
        if (bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException(text + " is no range of addresses, as 10.1.0.0/16 is");
        }
        return new AddressRange(address, bits);
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != prefix.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if ((bytes[i >> 3] & mask) != (prefix[i >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }
}
