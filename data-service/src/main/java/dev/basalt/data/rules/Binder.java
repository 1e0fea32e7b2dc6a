package dev.basalt.data.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Gives names to operands that an expression needs several times, so that its text stays linear in the rule's. One for each
 * rule; not safe for use by several threads.
 */
final class Binder {
    /** Shorter texts, and constants, are written out again instead. */
    private static final int SHORT = 48;

    private int names;

    /** A name that no other part of the rule has. */
    String fresh(String prefix) {
        return prefix + ++names;
    }

    /** A value made of one operand that is used several times. */
    SqlValue bind(SqlValue.Kind kind, SqlValue operand, Function<String, String> body) {
        return bind(kind, List.of(operand), texts -> body.apply(texts.getFirst()));
    }

    /** A value made of operands that are used several times. */
    SqlValue bind(SqlValue.Kind kind, List<SqlValue> operands, Function<List<String>, String> body) {
        int reads = SqlValue.readBy(operands.toArray(SqlValue[]::new));
        var texts = new ArrayList<String>(operands.size());
        var columns = new ArrayList<String>();
        var source = fresh("b");
        for (var operand : operands) {
            var sql = operand.within(reads);
            if (operand.constant() != null || sql.length() <= SHORT) {
                texts.add(sql);
            } else {
                var column = "v" + columns.size();
                columns.add(sql + " AS " + column);
                texts.add(source + "." + column);
            }
        }
        var sql = body.apply(texts);
        // OFFSET 0: a plain subquery would be merged into the outer one, and its operands repeated after all.
        return SqlValue.read(
                kind,
                columns.isEmpty()
                        ? sql
                        : "(SELECT " + sql + " FROM (SELECT " + String.join(", ", columns) + " OFFSET 0) AS " + source
                                + ")",
                reads);
    }
}
