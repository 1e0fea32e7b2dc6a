package dev.basalt.data.query;

import java.util.List;

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
}
