package dev.basalt.sdk.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a place inside its JSON, perhaps of an embedded relation. Conditions, sorting and selections are made from
 * it. Immutable.
 *
 * <pre>{@code
 * column("price").gte(10)
 * column("data").key("address").text("city").eq("Lisbon")
 * column("name").of("author").ilike("a%")
 * }</pre>
 *
 * @param relations the embedded relations that lead to it, outermost first; none for the table's own
 * @param name any name, however odd
 * @param path the way into its JSON; empty for the column itself
 */
public record Column(List<String> relations, String name, List<Step> path) implements Selection {
    private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_$]*";
    private static final Pattern NOTATION =
            Pattern.compile("((?:" + NAME + "\\.)*)(" + NAME + ")((?:->>?[\\p{L}\\p{N}_$-]*[\\p{L}\\p{N}_$])*)");
    private static final Pattern STEP = Pattern.compile("->(>?)([\\p{L}\\p{N}_$-]*[\\p{L}\\p{N}_$])");

    public Column {
        relations = List.copyOf(relations);
        path = List.copyOf(path);
        if (name.isEmpty()) throw new IllegalArgumentException("a column needs a name");
    }

    /** A step into JSON; as text it is the last one. */
    public sealed interface Step {
        /** The member of an object. */
        record Key(String name, boolean asText) implements Step {}

        /** The element of an array, from 0; counted from the end when negative. */
        record Index(int position, boolean asText) implements Step {}
    }

    /** How a text search reads its query. */
    public enum Search {
        /** Words joined by {@code &}, {@code |} and {@code !}. */
        OPERATORS("fts"),
        /** All of the words. */
        PLAIN("plfts"),
        /** The words one after the other. */
        PHRASE("phfts"),
        /** As search engines do: quotes, {@code or}, {@code -}. */
        WEB("wfts");

        private final String operator;

        Search(String operator) {
            this.operator = operator;
        }
    }

    /** The column of exactly this name. */
    public static Column column(String name) {
        return new Column(List.of(), name, List.of());
    }

    /**
     * The column that a text names: {@code title}, {@code data->address->>city} or, of an embedded relation, {@code
     * author.name}. A text of another form is the column of that name.
     */
    public static Column parse(String notation) {
        Matcher parts = NOTATION.matcher(notation);
        if (!parts.matches()) return column(notation);
        List<String> relations = parts.group(1).isEmpty()
                ? List.of()
                : List.of(
                        parts.group(1).substring(0, parts.group(1).length() - 1).split("\\.", -1));
        var path = new ArrayList<Step>();
        Matcher step = STEP.matcher(parts.group(3));
        while (step.find()) {
            boolean asText = !step.group(1).isEmpty();
            String key = step.group(2);
            path.add(
                    key.matches("-?[0-9]{1,9}")
                            ? new Step.Index(Integer.parseInt(key), asText)
                            : new Step.Key(key, asText));
        }
        return new Column(relations, parts.group(2), path);
    }

    /** The same column of an embedded relation, by its name or, if it has one, its alias. */
    public Column of(String relation) {
        var all = new ArrayList<String>();
        all.add(relation);
        all.addAll(relations);
        return new Column(all, name, path);
    }

    /** The JSON of an object's member ({@code ->}). */
    public Column key(String member) {
        return step(new Step.Key(member, false));
    }

    /** The text of an object's member ({@code ->>}). */
    public Column text(String member) {
        return step(new Step.Key(member, true));
    }

    /** The JSON of an array's element. */
    public Column at(int position) {
        return step(new Step.Index(position, false));
    }

    /** The text of an array's element. */
    public Column textAt(int position) {
        return step(new Step.Index(position, true));
    }

    /** Reads it under another name. */
    public Value as(String alias) {
        return value().as(alias);
    }

    /** Reads it as another type, for example {@code text}. */
    public Value cast(String type) {
        return value().cast(type);
    }

    /** Adds up its values in each group of equal other columns. */
    public Value sum() {
        return value().sum();
    }

    public Value avg() {
        return value().avg();
    }

    public Value min() {
        return value().min();
    }

    public Value max() {
        return value().max();
    }

    /** Counts its values that are not NULL; {@link Selection#count()} counts rows. */
    public Value count() {
        return value().count();
    }

    /** Equals a value, or {@link Filter#any any} or {@link Filter#all all} of several. */
    public Filter eq(Object value) {
        return quantified("eq", value);
    }

    public Filter neq(Object value) {
        return condition("neq", value);
    }

    public Filter gt(Object value) {
        return quantified("gt", value);
    }

    public Filter gte(Object value) {
        return quantified("gte", value);
    }

    public Filter lt(Object value) {
        return quantified("lt", value);
    }

    public Filter lte(Object value) {
        return quantified("lte", value);
    }

    /** Matches a pattern in which {@code %} (or {@code *}) stands for any text and {@code _} for one character. */
    public Filter like(Object pattern) {
        return quantified("like", pattern);
    }

    /** As {@link #like}, whatever the case. */
    public Filter ilike(Object pattern) {
        return quantified("ilike", pattern);
    }

    /** Matches a POSIX regular expression. */
    public Filter match(Object expression) {
        return quantified("match", expression);
    }

    /** As {@link #match}, whatever the case. */
    public Filter imatch(Object expression) {
        return quantified("imatch", expression);
    }

    /** {@code null}, {@code true} or {@code false}. Of an embedded relation, {@code null} means that there is none. */
    public Filter is(@Nullable Boolean value) {
        return new Filter.Condition(this, false, "is", new Filter.Operand.Word(String.valueOf(value)));
    }

    /** A boolean that is NULL. */
    public Filter isUnknown() {
        return new Filter.Condition(this, false, "is", new Filter.Operand.Word("unknown"));
    }

    public Filter isNotNull() {
        return Filter.not(is(null));
    }

    /** Differs from a value; NULL does, too. */
    public Filter isDistinctFrom(Object value) {
        return condition("isdistinct", value);
    }

    /** One of these; of none, never. */
    public Filter in(Collection<?> values) {
        return new Filter.Condition(this, false, "in", new Filter.Operand.Choice(List.copyOf(values)));
    }

    /** Holds all elements of an array or range, or the JSON of {@link Filter#json}. */
    public Filter contains(Object value) {
        return condition("cs", value);
    }

    /** Has no element that is not in an array or range, or in the JSON of {@link Filter#json}. */
    public Filter containedBy(Object value) {
        return condition("cd", value);
    }

    /** Has an element, or a point, in common. */
    public Filter overlaps(Object value) {
        return condition("ov", value);
    }

    /** A range that ends before another begins. */
    public Filter strictlyLeftOf(Object range) {
        return condition("sl", range);
    }

    /** A range that begins after another ends. */
    public Filter strictlyRightOf(Object range) {
        return condition("sr", range);
    }

    /** A range that does not reach beyond the end of another. */
    public Filter notExtendsRightOf(Object range) {
        return condition("nxr", range);
    }

    /** A range that does not reach before the beginning of another. */
    public Filter notExtendsLeftOf(Object range) {
        return condition("nxl", range);
    }

    /** A range that touches another without a point in common. */
    public Filter adjacentTo(Object range) {
        return condition("adj", range);
    }

    /** A text or {@code tsvector} that a text search finds. */
    public Filter matches(Search kind, String query) {
        return condition(kind.operator, query);
    }

    /** As {@link #matches(Search, String)}, by a configuration, for example {@code english}. */
    public Filter matches(Search kind, String query, String configuration) {
        return condition(kind.operator + "(" + Quoting.identifier(configuration) + ")", query);
    }

    /** As it stands in {@code select=} and, by its own relation, in trees and {@code order=}. */
    String unqualified() {
        var text = new StringBuilder(Quoting.name(name));
        for (Step step : path) {
            switch (step) {
                case Step.Key(String key, boolean asText) ->
                    text.append(asText ? "->>" : "->").append(Quoting.name(key));
                case Step.Index(int position, boolean asText) ->
                    text.append(asText ? "->>" : "->").append(position);
            }
        }
        return text.toString();
    }

    @Override
    public String written() {
        if (!relations.isEmpty()) {
            throw new IllegalArgumentException(
                    "the columns of " + relations.getLast() + " are selected by embedding it");
        }
        return unqualified();
    }

    private Value value() {
        return new Value(null, this, null, null, null);
    }

    private Column step(Step step) {
        var longer = new ArrayList<>(path);
        longer.add(step);
        return new Column(relations, name, longer);
    }

    private Filter quantified(String operator, Object value) {
        if (value instanceof Filter.Quantified(String word, List<?> values)) {
            return condition(operator + "(" + word + ")", values);
        }
        return condition(operator, value);
    }

    private Filter condition(String operator, Object value) {
        // Callers without a null checker reach this.
        if (value == null) throw new IllegalArgumentException("compare " + name + " with NULL by is(..)");
        return new Filter.Condition(this, false, operator, Filter.Operand.Text.of(value));
    }
}
