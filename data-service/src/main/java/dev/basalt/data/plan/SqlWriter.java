package dev.basalt.data.plan;

import dev.basalt.data.quoting.Quoted;
import java.util.ArrayList;
import java.util.List;

/**
 * SQL text in the making, with its parameters.
 *
 * <p>It is the only place where names and literals become SQL, always quoted, and where values become parameters, always
 * text. Not safe for use by several threads.
 */
final class SqlWriter {
    /** The row of the resource that the request names. */
    static final String TARGET = "\"_t\"";

    private final StringBuilder sql = new StringBuilder(512);
    private final List<Integer> bindings = new ArrayList<>();

    SqlWriter raw(String text) {
        sql.append(text);
        return this;
    }

    /** A quoted identifier. */
    SqlWriter name(String identifier) {
        sql.append(Quoted.name(identifier));
        return this;
    }

    SqlWriter name(String qualifier, String identifier) {
        return name(qualifier).raw(".").name(identifier);
    }

    /** {@code "_t"."column"}. */
    SqlWriter target(String column) {
        return raw(TARGET).raw(".").name(column);
    }

    /** A string constant. */
    SqlWriter literal(String text) {
        sql.append(Quoted.literal(text));
        return this;
    }

    /** {@code $n::text} for a value; the same value is the same parameter wherever it stands. */
    SqlWriter parameter(int binding) {
        int at = bindings.indexOf(binding);
        if (at < 0) {
            bindings.add(binding);
            at = bindings.size() - 1;
        }
        sql.append('$').append(at + 1).append("::text");
        return this;
    }

    /** A value cast to a type, whose name is SQL. */
    SqlWriter parameter(int binding, String type) {
        parameter(binding);
        if (!type.equals("pg_catalog.text")) {
            sql.append("::").append(type);
        }
        return this;
    }

    /** Items with a separator between them. */
    <T> SqlWriter list(String separator, Iterable<T> items, Item<? super T> writer) {
        boolean first = true;
        for (T item : items) {
            if (!first) {
                sql.append(separator);
            }
            first = false;
            writer.write(item);
        }
        return this;
    }

    /** {@code WHERE …} with a blank before it, or nothing. */
    SqlWriter where(List<SqlPart> conditions) {
        return conditions.isEmpty()
                ? this
                : raw(" WHERE ").list(" AND ", conditions, condition -> condition.write(this));
    }

    /** Writes one item of a list. */
    interface Item<T> {
        void write(T item);
    }

    Statement finish(Resource resource, List<String> names) {
        return new Statement(sql.toString(), bindings, names, List.of(), resource.callsFunctions());
    }

    Statement finishLines(Resource resource, List<LineValue> values) {
        return new Statement(sql.toString(), bindings, List.of(), values, resource.callsFunctions());
    }
}
