package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on rows. {@link Column} makes those of every operator; the methods here make the common ones of a column
 * written as {@link Column#parse} reads it. Values are data, whatever characters they hold. Immutable.
 */
public sealed interface Filter {
    /** How the condition stands inside {@code and=(..)} and {@code or=(..)}. */
    String inTree();

    /** How the condition stands in the query: a parameter's name and value. */
    Map.Entry<String, String> parameter();

    /** The opposite condition. */
    Filter negated();

    /** The same condition on the rows of an embedded relation, by its name or, if it has one, its alias. */
    Filter of(String relation);

    static Filter eq(String column, Object value) {
        return Column.parse(column).eq(value);
    }

    static Filter neq(String column, Object value) {
        return Column.parse(column).neq(value);
    }

    static Filter gt(String column, Object value) {
        return Column.parse(column).gt(value);
    }

    static Filter gte(String column, Object value) {
        return Column.parse(column).gte(value);
    }

    static Filter lt(String column, Object value) {
        return Column.parse(column).lt(value);
    }

    static Filter lte(String column, Object value) {
        return Column.parse(column).lte(value);
    }

    /** Matches a pattern in which {@code %} (or {@code *}) stands for any text and {@code _} for one character. */
    static Filter like(String column, String pattern) {
        return Column.parse(column).like(pattern);
    }

    /** As {@link #like}, whatever the case. */
    static Filter ilike(String column, String pattern) {
        return Column.parse(column).ilike(pattern);
    }

    /** {@code null}, {@code true} or {@code false}. */
    static Filter is(String column, @Nullable Boolean value) {
        return Column.parse(column).is(value);
    }

    /** One of these; of none, never. */
    static Filter in(String column, Collection<?> values) {
        return Column.parse(column).in(values);
    }

    static Filter not(Filter filter) {
        return filter.negated();
    }

    static Filter allOf(Filter... filters) {
        return new Tree(List.of(), false, "and", List.of(filters));
    }

    static Filter anyOf(Filter... filters) {
        return new Tree(List.of(), false, "or", List.of(filters));
    }

    /** An operand for the comparisons and patterns of {@link Column}: one of the values suffices. */
    static Quantified any(Object... values) {
        return new Quantified("any", List.of(values));
    }

    /** An operand for the comparisons and patterns of {@link Column}: every value must do. */
    static Quantified all(Object... values) {
        return new Quantified("all", List.of(values));
    }

    /** A value as JSON, for {@link Column#contains} and its kin on a {@code jsonb} column or a document. */
    static JsonText json(@Nullable Object value) {
        return new JsonText(new String(Json.write(value), StandardCharsets.UTF_8));
    }

    /** A text of JSON to compare with. */
    record JsonText(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Several values with the word that says how many of them must do. */
    record Quantified(String word, List<?> values) {}

    /** The right side of an operator. */
    sealed interface Operand {
        /**
         * One value.
         *
         * @param value as PostgreSQL reads it
         * @param given as the caller has it
         */
        record Text(String value, Object given) implements Operand {
            static Text of(Object given) {
                return new Text(
                        Quoting.text(given),
                        given instanceof Collection<?> elements
                                ? Collections.unmodifiableList(new ArrayList<>(elements))
                                : given);
            }
        }

        /** A list of values, as they were given. */
        record Choice(List<?> values) implements Operand {
            public Choice {
                values = List.copyOf(values);
            }
        }

        /** A word of the dialect. */
        record Word(String word) implements Operand {}

        /** As it stands inside a tree. */
        default String inTree() {
            return switch (this) {
                case Text(String value, Object _) -> Quoting.value(value);
                case Choice(List<?> values) ->
                    values.stream()
                            .map(given -> Quoting.value(Quoting.text(given)))
                            .collect(Collectors.joining(",", "(", ")"));
                case Word(String word) -> word;
            };
        }

        /** As it stands alone, to the end of the parameter. */
        default String alone() {
            return this instanceof Text(String value, Object _) ? value : inTree();
        }
    }

    /** A column, an operator and its operand. */
    record Condition(Column column, boolean isNegated, String operator, Operand operand) implements Filter {
        /** As last names of a parameter these would be read as something else. */
        private static final Set<String> RESERVED =
                Set.of("select", "columns", "on_conflict", "order", "limit", "offset", "and", "or");

        @Override
        public String inTree() {
            if (!column.relations().isEmpty()) {
                throw new IllegalArgumentException("a tree holds conditions of one relation: make the tree of "
                        + column.relations() + " instead of the column " + column.name());
            }
            return column.unqualified() + right(operand.inTree());
        }

        @Override
        public Map.Entry<String, String> parameter() {
            if (RESERVED.contains(column.name())) {
                var own = new Column(List.of(), column.name(), column.path());
                var alone = new Condition(own, isNegated, operator, operand);
                return new Tree(column.relations(), false, "and", List.of(alone)).parameter();
            }
            return Map.entry(
                    Quoting.prefix(column.relations()) + column.unqualified(),
                    right(operand.alone()).substring(1));
        }

        private String right(String written) {
            return (isNegated ? ".not." : ".") + operator + "." + written;
        }

        @Override
        public Filter negated() {
            return new Condition(column, !isNegated, operator, operand);
        }

        @Override
        public Filter of(String relation) {
            return new Condition(column.of(relation), isNegated, operator, operand);
        }
    }

    /** Several conditions joined by {@code and} or {@code or}, on the rows of one relation. */
    record Tree(List<String> relations, boolean isNegated, String operator, List<Filter> filters) implements Filter {
        public Tree {
            if (filters.isEmpty()) throw new IllegalArgumentException(operator + " needs a condition");
            relations = List.copyOf(relations);
            filters = List.copyOf(filters);
        }

        @Override
        public String inTree() {
            if (!relations.isEmpty()) {
                throw new IllegalArgumentException("a tree holds conditions of one relation, not of " + relations);
            }
            return (isNegated ? "not." : "") + operator + operand();
        }

        @Override
        public Map.Entry<String, String> parameter() {
            return Map.entry(Quoting.prefix(relations) + (isNegated ? "not." : "") + operator, operand());
        }

        private String operand() {
            return filters.stream().map(Filter::inTree).collect(Collectors.joining(",", "(", ")"));
        }

        @Override
        public Filter negated() {
            return new Tree(relations, !isNegated, operator, filters);
        }

        @Override
        public Filter of(String relation) {
            var all = new ArrayList<String>();
            all.add(relation);
            all.addAll(relations);
            return new Tree(all, isNegated, operator, filters);
        }
    }
}
