package dev.basalt.data.query;

import dev.basalt.data.error.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The form encoding of query strings and of bodies: names and values, percent-encoded UTF-8 with {@code +} for a blank. */
public final class QueryString {
    private QueryString() {}

    /** A decoded {@code name=value}. */
    public record Parameter(String name, String value) {}

    /** The parameters in the order they stand; a name without {@code =} asks for nothing and is left out. */
    public static List<Parameter> decode(String query) {
        var parameters = new ArrayList<Parameter>();
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) {
                end = query.length();
            }
            int equals = query.indexOf('=', start);
            if (equals > start && equals < end) {
                parameters.add(new Parameter(decode(query, start, equals), decode(query, equals + 1, end)));
            }
            start = end + 1;
        }
        return parameters;
    }

    private static String decode(String query, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = query.charAt(i);
            if (c == '%' || c == '+' || c == '\0' || c > 127) {
                return decodeSlowly(query, start, end);
            }
        }
        return query.substring(start, end);
    }

    private static String decodeSlowly(String query, int start, int end) {
        var bytes = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i++) {
            char c = query.charAt(i);
            if (c == '+') {
                bytes.write(' ');
            } else if (c == '%' && i + 2 < end && hex(query, i + 1) >= 0) {
                bytes.write(hex(query, i + 1));
                i += 2;
            } else if (c < 128) {
                bytes.write(c);
            } else {
                int codePoint = query.codePointAt(i);
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(codePoint) - 1;
            }
        }
        var text = bytes.toString(StandardCharsets.UTF_8);
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw Refusal.syntax(
                    "query string", text.replace('\0', '\uFFFD'), nul + 1, "unexpected NUL, which no text may hold");
        }
        return text;
    }

    private static int hex(String query, int at) {
        int high = Character.digit(query.charAt(at), 16);
        int low = Character.digit(query.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
