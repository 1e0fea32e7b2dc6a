package dev.basalt.sdk.data;

import dev.basalt.sdk.http.DocumentJson;
import dev.basalt.sdk.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How conditions stand in queries of documents: the grammar of tables, with dotted paths for columns, and with quotes around
 * what is text and nothing else. Not meant for applications. Stateless.
 */
public final class PathGrammar {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

    /** Steps that the grammar takes for something else in one of the places where a path may stand. */
    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "not",
            "asc",
            "desc",
            "nullsfirst",
            "nullslast",
            "select",
            "order",
            "limit",
            "group",
            "cursor",
            "count",
            "eq",
            "neq",
            "gt",
            "gte",
            "lt",
            "lte",
            "like",
            "ilike",
            "match",
            "imatch",
            "in",
            "is",
            "isdistinct",
            "cs",
            "cd",
            "ov",
            "sl",
            "sr",
            "nxr",
            "nxl",
            "adj",
            "fts",
            "plfts",
            "phfts",
            "wfts");

    private PathGrammar() {}

    /** A dotted path, whose steps are quoted where they must be. */
    public static String path(Column column) {
        var steps = new ArrayList<>(column.relations());
        steps.add(column.name());
        for (Column.Step step : column.path()) {
            steps.add(
                    switch (step) {
                        case Column.Step.Key(String name, boolean _) -> name;
                        case Column.Step.Index(int position, boolean _) -> Integer.toString(position);
                    });
        }
        return steps.stream().map(PathGrammar::step).collect(Collectors.joining("."));
    }

    private static String step(String name) {
        return PLAIN.matcher(name).matches() && !WORDS.contains(name) ? name : Quoting.quoted(name);
    }

    /** A term of {@code order=}. */
    public static String order(Column column, Order direction) {
        return path(column) + "." + direction.wireName();
    }

    /** How a condition stands in the query: a parameter's name and value. */
    public static Map.Entry<String, String> parameter(Filter filter) {
        return switch (filter) {
            case Filter.Condition condition -> Map.entry(path(condition.column()), right(condition));
            case Filter.Tree tree -> Map.entry((tree.isNegated() ? "not." : "") + tree.operator(), members(tree));
        };
    }

    private static String inTree(Filter filter) {
        return switch (filter) {
            case Filter.Tree tree -> (tree.isNegated() ? "not." : "") + tree.operator() + members(tree);
            case Filter.Condition condition -> path(condition.column()) + "." + right(condition);
        };
    }

    private static String members(Filter.Tree tree) {
        if (!tree.relations().isEmpty()) {
            throw new IllegalArgumentException("documents have no relations, here " + tree.relations());
        }
        return tree.filters().stream().map(PathGrammar::inTree).collect(Collectors.joining(",", "(", ")"));
    }

    private static String right(Filter.Condition condition) {
        return (condition.isNegated() ? "not." : "") + operator(condition) + "." + operand(condition);
    }

    /** {@code eq(any)} has another name that takes every value. */
    private static String operator(Filter.Condition condition) {
        return isAny(condition) ? "in" : condition.operator();
    }

    private static boolean isAny(Filter.Condition condition) {
        return condition.operator().equals("eq(any)");
    }

    private static String operand(Filter.Condition condition) {
        return switch (condition.operand()) {
            case Filter.Operand.Text(String _, Collection<?> values) when isAny(condition) -> list(values);
            // Patterns, and what overlaps, are lists in PostgreSQL's form; all else is compared with an array of JSON.
            case Filter.Operand.Text(String text, Collection<?> _)
            when condition.operator().endsWith(")") || condition.operator().equals("ov") -> text;
            case Filter.Operand.Text(String _, Object given) -> value(given, Quoting::quoted);
            case Filter.Operand.Choice(List<?> values) -> list(values);
            case Filter.Operand.Word(String word) -> word;
        };
    }

    /** The list takes the quotes and the backslashes of each value off, and what is left spells it. */
    private static String list(Collection<?> values) {
        return values.stream()
                .map(given -> Quoting.value(value(given, text -> '"' + text + '"')))
                .collect(Collectors.joining(",", "(", ")"));
    }

    /** @param quoting of text, so that it spells nothing else */
    private static String value(Object given, UnaryOperator<String> quoting) {
        return switch (given) {
            case Number _, Boolean _ -> Quoting.text(given);
            case Filter.JsonText json -> json.text().startsWith("\"") ? quoting.apply(text(json)) : json.text();
            case Collection<?> elements -> new String(DocumentJson.write(elements), StandardCharsets.UTF_8);
            case Ref _ -> throw new IllegalArgumentException("documents know nothing of a batch's answers");
            default -> quoting.apply(Quoting.text(given));
        };
    }

    private static String text(Filter.JsonText json) {
        return Json.parsed(json.text().getBytes(StandardCharsets.UTF_8)).textValue();
    }
}
