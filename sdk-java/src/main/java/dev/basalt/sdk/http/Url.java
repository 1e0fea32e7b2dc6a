package dev.basalt.sdk.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Percent-encoding by RFC 3986, section 2: everything but the unreserved characters is encoded, as UTF-8. */
public final class Url {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final String HEX = "0123456789ABCDEF";

    private Url() {}

    /**
     * Encodes one name or value, a slash included.
     *
     * @throws IllegalArgumentException if half of a surrogate pair is in it, which UTF-8 has no form for
     */
    public static String encode(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (byte octet : utf8(text)) {
            if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) out.append((char) octet);
            else out.append('%').append(HEX.charAt((octet >> 4) & 15)).append(HEX.charAt(octet & 15));
        }
        return out.toString();
    }

    // String.getBytes would put a question mark, and so send another value than the caller's.
    private static byte[] utf8(String text) {
        try {
            ByteBuffer octets = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            var copy = new byte[octets.remaining()];
            octets.get(copy);
            return copy;
        } catch (CharacterCodingException half) {
            throw new IllegalArgumentException("the text has half of a surrogate pair", half);
        }
    }

    /**
     * Encodes an object's or a function's path, keeping its slashes.
     *
     * @throws IllegalArgumentException if a segment is empty, {@code .} or {@code ..}: proxies on the way would change it
     */
    public static String encodePath(String path) {
        return List.of(path.split("/", -1)).stream()
                .map(segment -> {
                    if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                        throw new IllegalArgumentException(
                                "a path needs segments other than '', '.' and '..': " + path);
                    }
                    return encode(segment);
                })
                .collect(Collectors.joining("/"));
    }

    /** A query string with its question mark, or nothing when there are no parameters. */
    public static String query(List<Map.Entry<String, String>> parameters) {
        if (parameters.isEmpty()) return "";
        return parameters.stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }
}
