package dev.basalt.sdk.documents;

import dev.basalt.sdk.data.Column;
import java.util.ArrayList;
import java.util.List;

/**
 * Places in documents, as {@link Column}s, which have all the operators. A path is names joined by dots, {@code author.name};
 * a name with a dot in it stands in double quotes, {@code "a.b".c}. The position of an array's element is a name, too.
 */
public final class Field {
    /** The document's id. */
    public static final Column ID = Column.column("$id");

    /** The path of the document that the collection belongs to; empty at the top. */
    public static final Column PARENT = Column.column("$parent");

    /** The user who made the document. */
    public static final Column OWNER = Column.column("$owner");

    public static final Column VERSION = Column.column("$version");
    public static final Column CREATED_AT = Column.column("$createdAt");
    public static final Column UPDATED_AT = Column.column("$updatedAt");

    private Field() {}

    /**
     * The place that a path names.
     *
     * @throws IllegalArgumentException if a name is empty, or a quote does not end
     */
    public static Column field(String path) {
        List<String> names = names(path);
        Column field = Column.column(names.getFirst());
        for (String name : names.subList(1, names.size())) field = field.key(name);
        return field;
    }

    private static List<String> names(String path) {
        var names = new ArrayList<String>();
        int start = 0;
        while (true) {
            boolean quoted = path.startsWith("\"", start);
            int end = quoted ? closing(path, start) : dotOrEnd(path, start);
            String name = quoted
                    ? path.substring(start + 1, end - 1).replaceAll("\\\\(.)", "$1")
                    : path.substring(start, end);
            if (name.isEmpty()) throw new IllegalArgumentException("a path has an empty name: " + path);
            names.add(name);
            if (end == path.length()) return names;
            if (path.charAt(end) != '.') throw new IllegalArgumentException("a dot has to follow the quote: " + path);
            start = end + 1;
        }
    }

    private static int dotOrEnd(String path, int start) {
        int dot = path.indexOf('.', start);
        return dot < 0 ? path.length() : dot;
    }

    /** The place behind the quote that ends a name. */
    private static int closing(String path, int start) {
        for (int i = start + 1; i < path.length(); i++) {
            if (path.charAt(i) == '\\') i++;
            else if (path.charAt(i) == '"') return i + 1;
        }
        throw new IllegalArgumentException("a quote does not end: " + path);
    }
}
