package dev.basalt.data.rest;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How PostgreSQL's plan of a statement is shown.
 *
 * @param json as JSON, or as text
 * @param options of {@code EXPLAIN}, in lower case
 */
record Explain(boolean json, List<String> options) {
    private static final List<String> OPTIONS = List.of("analyze", "verbose", "settings", "buffers", "wal");

    Explain {
        options = List.copyOf(options);
    }

    /** Reads the parameter {@code options=analyze|buffers}; what it does not know is left out. */
    static Explain of(boolean json, @Nullable String options) {
        var asked = options == null
                ? List.<String>of()
                : List.of(options.toLowerCase(Locale.ROOT).split("\\|", -1));
        return new Explain(json, OPTIONS.stream().filter(asked::contains).toList());
    }

    /** The statement that shows the plan of another. */
    String sql(String statement) {
        var clauses = new TreeSet<>(options);
        clauses.add(json ? "format json" : "format text");
        return "EXPLAIN (" + String.join(", ", clauses) + ") " + statement;
    }
}
