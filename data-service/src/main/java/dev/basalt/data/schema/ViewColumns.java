package dev.basalt.data.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of tables a view shows unchanged, through other views too.
 *
 * @param shown the view's columns by the table's column; a view may show one several times
 */
record ViewColumns(Map<Source, List<String>> shown) {
    /** A column of a table or view, by {@code oid} and number. */
    record Source(long relation, int number) {}

    ViewColumns {
        shown = Map.copyOf(shown);
    }

    /** The tables of which it shows a column. */
    Set<Long> tables() {
        var tables = new HashSet<Long>();
        shown.keySet().forEach(source -> tables.add(source.relation()));
        return tables;
    }

    /**
     * The columns of a view.
     *
     * @param origins for this and every other view, where each of its columns comes from, by column number
     */
    static ViewColumns of(Table view, Map<Long, Map<Integer, Source>> origins) {
        var shown = new HashMap<Source, List<String>>();
        origins.getOrDefault(view.oid(), Map.of()).forEach((number, source) -> {
            var base = base(source, origins);
            if (number <= view.columns().size()) {
                shown.computeIfAbsent(base, _ -> new ArrayList<>())
                        .add(view.columns().get(number - 1).name());
            }
        });
        shown.replaceAll((_, names) -> names.stream().sorted().toList());
        return new ViewColumns(shown);
    }

    /** Down through views; they can't be circular. A column that a view computes ends there. */
    private static Source base(Source source, Map<Long, Map<Integer, Source>> origins) {
        var view = origins.get(source.relation());
        if (view == null) {
            return source;
        }
        var next = view.get(source.number());
        return next == null ? source : base(next, origins);
    }
}
