package dev.basalt.sdk.data;

import dev.basalt.sdk.http.DocumentJson;
import dev.basalt.sdk.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
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
        if (!(condition.operand() instanceof Filter.Operand.Text(String value, Object given))) {
            return condition.operand().inTree();
        }
        return switch (given) {
            case Number _, Boolean _ -> value;
            case Filter.JsonText json -> json.text().startsWith("\"") ? Quoting.quoted(text(json)) : value;
            case Collection<?> elements
            when isAny(condition) ->
                new Filter.Operand.Choice(elements.stream().map(Quoting::text).toList()).inTree();
            // Patterns, and what overlaps, are lists in PostgreSQL's form; all else is compared with an array of JSON.
            case Collection<?> _
            when condition.operator().endsWith(")") || condition.operator().equals("ov") -> value;
            case Collection<?> elements -> new String(DocumentJson.write(elements), StandardCharsets.UTF_8);
            case Ref _ -> throw new IllegalArgumentException("documents know nothing of a batch's answers");
            default -> Quoting.quoted(value);
        };
    }

    private static String text(Filter.JsonText json) {
        return Json.parsed(json.text().getBytes(StandardCharsets.UTF_8)).textValue();
    }
}
