package dev.basalt.data.documents.read;

import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.OrderTerm.Direction;
import dev.basalt.data.query.OrderTerm.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What documents are sorted by, and the condition for those after one of them. Immutable. */
record SortKey(DocumentField field, boolean descending, boolean nullsFirst) {
    /** The terms of a query, and the id behind them, so that no two documents are equal. */
    static List<SortKey> of(List<OrderTerm> terms) {
        var keys = new ArrayList<SortKey>();
        for (var term : terms) {
            boolean descending = term.direction() == Direction.DESC;
            keys.add(new SortKey(
                    DocumentField.of(term.field()),
                    descending,
                    term.nulls() == null ? descending : term.nulls() == Nulls.FIRST));
        }
        keys.add(new SortKey(new DocumentField("d.parent", "text"), false, false));
        keys.add(new SortKey(new DocumentField("d.id", "text"), false, false));
        return List.copyOf(keys);
    }

    static String orderBy(List<SortKey> keys) {
        return keys.stream().map(SortKey::term).collect(Collectors.joining(", "));
    }

    private String term() {
        return field.expression()
                + (descending ? " desc" : "")
                + (descending == nullsFirst ? "" : nullsFirst ? " nulls first" : " nulls last");
    }

    /**
     * The documents after one.
     *
     * @param values that one's keys as text
     */
    static String after(List<SortKey> keys, List<@Nullable String> values, SqlText sql) {
        if (keys.size() == 2) {
            return "(d.parent, d.id) > (" + sql.text(values.get(0)) + ", " + sql.text(values.get(1)) + ")";
        }
        var alternatives = new ArrayList<String>();
        var same = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            var key = keys.get(i);
            var value = values.get(i) == null
                    ? null
                    : sql.text(values.get(i)) + "::" + key.field().type();
            alternatives.add("(" + same + key.behind(value) + ")");
            same.append(key.field().expression())
                    .append(value == null ? " is null" : " = " + value)
                    .append(" and ");
        }
        return alternatives.stream().collect(Collectors.joining(" or ", "(", ")"));
    }

    private String behind(@Nullable String value) {
        var x = field.expression();
        if (value == null) {
            return nullsFirst ? x + " is not null" : "false";
        }
        var beyond = x + (descending ? " < " : " > ") + value;
        return nullsFirst ? beyond : "(" + beyond + " or " + x + " is null)";
    }
}
