package dev.basalt.control.dump;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** COPY's text format (PostgreSQL, COPY, "Text Format"). Stateless. */
final class CopyText {
    private CopyText() {}

    /** The fields of a row, null for {@code \N}. */
    static List<@Nullable String> fields(String row) {
        var fields = new ArrayList<@Nullable String>();
        for (var field : row.split("\t", -1)) {
            fields.add(field.equals("\\N") ? null : unescaped(field));
        }
        return fields;
    }

    /** COPY TO writes these escapes and no others. */
    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        var text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                char escaped = field.charAt(++i);
                text.append(
                        switch (escaped) {
                            case 'b' -> '\b';
                            case 'f' -> '\f';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            case 'v' -> (char) 11;
                            default -> escaped;
                        });
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
