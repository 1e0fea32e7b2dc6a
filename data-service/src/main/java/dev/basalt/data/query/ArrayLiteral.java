package dev.basalt.data.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's text form of an array. */
public final class ArrayLiteral {
    private ArrayLiteral() {}

    /** A one-dimensional array of elements that are never null. */
    public static String of(List<String> elements) {
        var literal = new StringBuilder("{");
        for (var element : elements) {
            literal.append(literal.length() == 1 ? "\"" : ",\"");
            for (int i = 0; i < element.length(); i++) {
                char c = element.charAt(i);
                if (c == '"' || c == '\\') {
                    literal.append('\\');
                }
                literal.append(c);
            }
            literal.append('"');
        }
        return literal.append('}').toString();
    }

    /** The elements of a one-dimensional array, null for what is none. */
    public static @Nullable List<String> parse(String literal) {
        if (literal.length() < 2 || literal.charAt(0) != '{' || literal.charAt(literal.length() - 1) != '}') {
            return null;
        }
        var elements = new ArrayList<String>();
        var element = new StringBuilder();
        boolean quoted = false;
        int end = literal.length() - 1;
        for (int i = 1; i < end; i++) {
            char c = literal.charAt(i);
            if (c == '\\' && i + 1 < end) {
                element.append(literal.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                elements.add(element.toString());
                element.setLength(0);
            } else {
                element.append(c);
            }
        }
        if (quoted) {
            return null;
        }
        if (end > 1) {
            elements.add(element.toString());
        }
        return elements;
    }
}
