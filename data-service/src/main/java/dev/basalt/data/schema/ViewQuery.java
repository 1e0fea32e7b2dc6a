package dev.basalt.data.schema;

import dev.basalt.data.schema.ViewColumns.Source;
import java.util.HashMap;
import java.util.Map;

/**
 * A view's query as PostgreSQL keeps it in {@code pg_rewrite.ev_action}: the text of a tree of nodes, of which only the
 * outermost target list is read.
 *
 * <p>PostgreSQL itself notes there, for each column that is nothing but a column of something in {@code FROM} (through
 * subqueries, joins and common table expressions, not through views), which one it is. Other columns, and those of set
 * operations, carry no such note.
 */
final class ViewQuery {
    private static final String TARGET_LIST = ":targetList";

    /** Stands for every word that is too deep to matter. */
    private static final String DEEP = "…";

    private final String text;
    private int position;
    private int depth;

    private ViewQuery(String text) {
        this.text = text;
    }

    /** Where the view's columns come from, by column number. */
    static Map<Integer, Source> origins(String text) {
        return new ViewQuery(text).read();
    }

    private Map<Integer, Source> read() {
        var origins = new HashMap<Integer, Source>();
        boolean inTargets = false;
        int number = 0;
        long table = 0;
        int column = 0;
        for (var token = next(); !token.isEmpty(); token = next()) {
            if (depth == 1 && token.startsWith(":")) {
                inTargets = token.equals(TARGET_LIST);
            } else if (depth == 2 && inTargets) {
                switch (token) {
                    case ":resname" -> next(); // May look like a field's name.
                    case ":resno" -> number = Integer.parseInt(next());
                    case ":resorigtbl" -> table = Long.parseLong(next());
                    case ":resorigcol" -> column = Integer.parseInt(next());
                    case ":resjunk" -> {
                        if (next().equals("false") && table != 0 && column > 0) {
                            origins.put(number, new Source(table, column));
                        }
                    }
                    default -> {}
                }
            }
        }
        return origins;
    }

    /** The next word or brace, empty at the end; {@code depth} counts the nodes around it. */
    private String next() {
        while (position < text.length() && isSeparator(text.charAt(position))) {
            position++;
        }
        if (position == text.length()) {
            return "";
        }
        int start = position;
        char first = text.charAt(position++);
        if (first == '{') {
            depth++;
            return "{";
        }
        if (first == '}') {
            depth--;
            return "}";
        }
        if (first == '"') {
            while (position < text.length() && text.charAt(position) != '"') {
                position += text.charAt(position) == '\\' ? 2 : 1;
            }
            position = Math.min(position + 1, text.length());
            return "\"";
        }
        position = start;
        while (position < text.length() && !isEnd(text.charAt(position))) {
            position += text.charAt(position) == '\\' ? 2 : 1;
        }
        position = Math.min(position, text.length());
        return depth > 2 ? DEEP : text.substring(start, position);
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '(' || c == ')';
    }

    private static boolean isEnd(char c) {
        return isSeparator(c) || c == '{' || c == '}';
    }
}
