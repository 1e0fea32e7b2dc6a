package dev.basalt.sdk.data;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on rows. A column may be a JSON path ({@code data->>title}) or belong to an embedded relation
 * ({@code author.name}). Values are data, whatever characters they hold. Immutable.
 */
public sealed interface Filter {
    /** How the condition stands inside {@code and=(..)} and {@code or=(..)}. */
    String inTree();

    static Filter eq(String column, Object value) {
        return new Comparison(column, "eq", value);
    }

    static Filter neq(String column, Object value) {
        return new Comparison(column, "neq", value);
    }

    static Filter gt(String column, Object value) {
        return new Comparison(column, "gt", value);
    }

    static Filter gte(String column, Object value) {
        return new Comparison(column, "gte", value);
    }

    static Filter lt(String column, Object value) {
        return new Comparison(column, "lt", value);
    }

    static Filter lte(String column, Object value) {
        return new Comparison(column, "lte", value);
    }

    /** Matches a pattern in which {@code %} (or {@code *}) stands for any text and {@code _} for one character. */
    static Filter like(String column, String pattern) {
        return new Comparison(column, "like", pattern);
    }

    /** As {@link #like}, whatever the case. */
    static Filter ilike(String column, String pattern) {
        return new Comparison(column, "ilike", pattern);
    }

    /** {@code null}, {@code true} or {@code false}. */
    static Filter is(String column, @Nullable Boolean value) {
        return new Is(column, value);
    }

    /** One of these; of none, never. */
    static Filter in(String column, Collection<?> values) {
        return new In(column, List.copyOf(values));
    }

    static Filter not(Filter filter) {
        return new Not(filter);
    }

    static Filter allOf(Filter... filters) {
        return new Tree("and", List.of(filters));
    }

    static Filter anyOf(Filter... filters) {
        return new Tree("or", List.of(filters));
    }

    /**
     * A column, an operator with one operand and its value. A {@code null} value, which SQL never finds equal, is an
     * {@link IllegalArgumentException}: use {@link Filter#is}.
     */
    record Comparison(String column, String operator, Object value) implements Filter {
        public Comparison {
            if (value == null) throw new IllegalArgumentException("compare " + column + " with NULL by is(..)");
        }

        @Override
        public String inTree() {
            return Quoting.name(column) + "." + operator + "." + Quoting.value(Quoting.text(value));
        }
    }

    /** A column that is null, true or false. */
    record Is(String column, @Nullable Boolean value) implements Filter {
        @Override
        public String inTree() {
            return Quoting.name(column) + ".is." + value;
        }
    }

    /** A column that equals one of several values. */
    record In(String column, List<?> values) implements Filter {
        /** The list in its parentheses. */
        String operand() {
            return values.stream()
                    .map(value -> Quoting.value(Quoting.text(value)))
                    .collect(Collectors.joining(",", "(", ")"));
        }

        @Override
        public String inTree() {
            return Quoting.name(column) + ".in." + operand();
        }
    }

    /** The opposite of a condition. */
    record Not(Filter filter) implements Filter {
        @Override
        public String inTree() {
            return switch (filter) {
                case Not(Filter inner) -> inner.inTree();
                case Tree tree -> "not." + tree.inTree();
                case Comparison(String column, String operator, Object value) ->
                    Quoting.name(column) + ".not." + operator + "." + Quoting.value(Quoting.text(value));
                case Is(String column, Boolean value) -> Quoting.name(column) + ".not.is." + value;
                case In in -> Quoting.name(in.column()) + ".not.in." + in.operand();
            };
        }
    }

    /** Several conditions joined by {@code and} or {@code or}. */
    record Tree(String operator, List<Filter> filters) implements Filter {
        public Tree {
            if (filters.isEmpty()) throw new IllegalArgumentException(operator + " needs a condition");
        }

        /** The conditions in their parentheses. */
        String operand() {
            return filters.stream().map(Filter::inTree).collect(Collectors.joining(",", "(", ")"));
        }

        @Override
        public String inTree() {
            return operator + operand();
        }
    }
}
