package dev.basalt.data.rules;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Random rules and documents that fit each other well enough for every outcome to happen.
 *
 * <p>Left out is where the design says that a rule is stricter than CEL (doubles that overflow, division of doubles by zero), and
 * where CEL's Java interpreter is not what the language's definition says: a value that is no bool beside {@code &&}, the order
 * of characters beyond U+FFFF, doubles beside ints beyond 2^53.
 */
final class RuleGrammar {
    private static final int DEPTH = 3;
    private static final List<String> KEYS = List.of("a", "b", "n", "d", "s", "t", "l", "m", "z");
    private static final List<String> STRINGS = List.of("", "a", "b", "ab", "red", "x'y", "é", "2026-01-31T12:00:00Z");

    private final List<String> variables;

    RuleGrammar(List<String> variables) {
        this.variables = variables;
    }

    /** Rules that the checker takes. */
    Arbitrary<String> rules() {
        var operation = variables.contains("request") ? RuleOperation.UPDATE : RuleOperation.READ;
        var language = new RuleLanguage(operation);
        return condition(DEPTH, 0).filter(rule -> {
            try {
                language.check(rule);
                return true;
            } catch (InexpressibleException refused) {
                return false;
            }
        });
    }

    /** A condition; {@code elements} many lists are gone through around it. */
    private Arbitrary<String> condition(int depth, int elements) {
        var simple = Arbitraries.oneOf(
                Arbitraries.of(
                        "true",
                        "false",
                        "auth == null",
                        "auth != null",
                        "has(auth.email)",
                        "auth.role == \"authenticated\""),
                comparison(value(0, elements), value(0, elements)),
                comparison(value(0, elements), literal()),
                value(0, elements).map(value -> "!(!(" + value + "))"),
                Combinators.combine(path(elements), Arbitraries.of(KEYS))
                        .as((path, key) -> "has(" + path + "." + key + ")"),
                owner());
        if (depth == 0) {
            return simple;
        }
        var inner = Arbitraries.lazy(() -> condition(depth - 1, elements));
        var compound = Arbitraries.oneOf(
                inner.map(condition -> "!(" + condition + ")"),
                Combinators.combine(inner, Arbitraries.of("&&", "||"), inner)
                        .as((left, operator, right) -> "(" + left + " " + operator + " " + right + ")"),
                Combinators.combine(inner, inner, inner)
                        .as((condition, then, otherwise) -> "(" + condition + " ? " + then + " : " + otherwise + ")"),
                comparison(value(depth - 1, elements), value(depth - 1, elements)),
                comparison(number(depth - 1, elements), number(depth - 1, elements), "<", "<=", ">", ">="),
                comparison(time(depth - 1, elements), time(depth - 1, elements), "<", "<=", ">", ">=", "==", "!="),
                strings(depth - 1, elements),
                membership(depth - 1, elements));
        return elements == 2
                ? Arbitraries.oneOf(simple, compound)
                : Arbitraries.oneOf(simple, compound, quantified(depth - 1, elements));
    }

    private static Arbitrary<String> comparison(Arbitrary<String> left, Arbitrary<String> right) {
        return comparison(left, right, "==", "!=", "<", "<=", ">", ">=");
    }

    private static Arbitrary<String> comparison(Arbitrary<String> left, Arbitrary<String> right, String... operators) {
        return Combinators.combine(left, Arbitraries.of(operators), right)
                .as((l, operator, r) -> "(" + l + " " + operator + " " + r + ")");
    }

    private Arbitrary<String> owner() {
        return Combinators.combine(
                        Arbitraries.of(variables),
                        Arbitraries.of("==", "!="),
                        Arbitraries.of("auth.uid", "null", "\"x\""))
                .as((variable, operator, other) -> "(" + variable + ".owner " + operator + " " + other + ")");
    }

    /** A value of whatever type the document has there. */
    private Arbitrary<String> value(int depth, int elements) {
        if (depth == 0) {
            return path(elements);
        }
        var inner = Arbitraries.lazy(() -> value(depth - 1, elements));
        var index = Arbitraries.oneOf(Arbitraries.of("0", "1", "5", "\"a\"", "\"s\""), inner);
        return Arbitraries.oneOf(
                path(elements),
                Combinators.combine(inner, index).as((list, i) -> list + "[" + i + "]"),
                Combinators.combine(inner, inner).as((left, right) -> "(" + left + " + " + right + ")"),
                Combinators.combine(Arbitraries.lazy(() -> condition(depth - 1, elements)), inner, inner)
                        .as((condition, then, otherwise) -> "(" + condition + " ? " + then + " : " + otherwise + ")"));
    }

    private Arbitrary<String> path(int elements) {
        var roots = new ArrayList<String>();
        variables.forEach(variable -> roots.add(variable + ".data"));
        roots.add("auth.claims");
        for (int i = 0; i < elements; i++) {
            roots.addAll(List.of("e" + i, "e" + i));
        }
        var key = Arbitraries.of(KEYS);
        var field = Combinators.combine(Arbitraries.of(roots), key).as((root, k) -> root + "." + k);
        var nested = Combinators.combine(field, key).as((f, k) -> f + "." + k);
        var path = Arbitraries.frequencyOf(Tuple.of(6, field), Tuple.of(1, nested), Tuple.of(1, Arbitraries.of(roots)));
        return elements == 0 ? path : Arbitraries.oneOf(path, Arbitraries.just("e" + (elements - 1)));
    }

    private static Arbitrary<String> literal() {
        return Arbitraries.oneOf(
                Arbitraries.of("null", "true", "false", "0", "1", "-2", "7", "0.5", "1.0", "2.5"),
                Arbitraries.of(STRINGS).map(RuleGrammar::quoted));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private Arbitrary<String> number(int depth, int elements) {
        var simple = Arbitraries.oneOf(
                Arbitraries.of("0", "1", "-2", "7", "0.5", "2.5"),
                path(elements),
                Arbitraries.of(variables).map(variable -> variable + ".data.n"),
                Arbitraries.of(variables).map(variable -> variable + ".data.d"),
                value(0, elements).map(value -> "size(" + value + ")"));
        if (depth == 0) {
            return simple;
        }
        var inner = Arbitraries.lazy(() -> number(depth - 1, elements));
        return Arbitraries.oneOf(
                simple,
                inner.map(number -> "-(" + number + ")"),
                Combinators.combine(inner, Arbitraries.of("+", "-", "*"), inner)
                        .as((left, operator, right) -> "(" + left + " " + operator + " " + right + ")"),
                Combinators.combine(inner, Arbitraries.of("/ 2", "/ -3", "/ 0.25", "% 3", "% -2"))
                        .as((left, division) -> "(" + left + " " + division + ")"),
                // To the ends of an int, with ints.
                Combinators.combine(Arbitraries.of(variables), Arbitraries.of("+ 1", "- 1", "* 2", "/ -1", "% 7"))
                        .as((variable, operation) -> "(" + variable + ".data.big " + operation + ")"));
    }

    private Arbitrary<String> time(int depth, int elements) {
        var simple = Arbitraries.oneOf(
                Arbitraries.of("request.time", "timestamp(\"2026-01-31T12:00:00.5+01:00\")", "timestamp(5)"),
                Arbitraries.of("resource.created_at", "resource.updated_at"),
                path(elements).map(path -> "timestamp(" + path + ")"),
                Arbitraries.of(variables).map(variable -> "timestamp(" + variable + ".data.t)"));
        if (depth == 0) {
            return simple;
        }
        var inner = Arbitraries.lazy(() -> time(depth - 1, elements));
        var duration = Arbitraries.oneOf(
                Arbitraries.of("duration(\"1h30m\")", "duration(\"-0.5s\")", "duration(\"87600000h\")"),
                Combinators.combine(inner, inner).as((left, right) -> "(" + left + " - " + right + ")"));
        return Arbitraries.oneOf(
                simple,
                Combinators.combine(inner, Arbitraries.of("+", "-"), duration)
                        .as((left, operator, right) -> "(" + left + " " + operator + " " + right + ")"));
    }

    private Arbitrary<String> strings(int depth, int elements) {
        var text = Arbitraries.oneOf(
                value(depth, elements), Arbitraries.of(variables).map(variable -> variable + ".data.s"));
        var argument = Arbitraries.oneOf(text, Arbitraries.of(STRINGS).map(RuleGrammar::quoted));
        return Arbitraries.oneOf(
                Combinators.combine(text, Arbitraries.of("startsWith", "endsWith", "contains"), argument)
                        .as((target, function, other) -> target + "." + function + "(" + other + ")"),
                Combinators.combine(text, Arbitraries.of("^a", "b$", "^[a-z]+$", ".", "[^a]\\\\d", "r(e|x)?d"))
                        .as((target, pattern) -> target + ".matches(" + quoted(pattern) + ")"),
                comparison(text.map(t -> "(" + t + " + \"b\")"), argument));
    }

    private Arbitrary<String> membership(int depth, int elements) {
        var member = Arbitraries.oneOf(value(depth, elements), literal(), Arbitraries.of("auth.uid", "auth.email"));
        return Arbitraries.oneOf(
                Combinators.combine(member, value(depth, elements))
                        .as((left, right) -> "(" + left + " in " + right + ")"),
                Combinators.combine(member, literal(), value(0, elements))
                        .as((left, first, second) -> "(" + left + " in [" + first + ", " + second + "])"),
                Combinators.combine(value(depth, elements), Arbitraries.of(STRINGS), Arbitraries.of(STRINGS))
                        .as((left, first, second) ->
                                "(" + left + " in [" + quoted(first) + ", " + quoted(second) + "])"));
    }

    private Arbitrary<String> quantified(int depth, int elements) {
        var list = Arbitraries.oneOf(
                value(depth, elements), Arbitraries.of(variables).map(variable -> variable + ".data.l"));
        return Combinators.combine(
                        list, Arbitraries.of("exists", "all"), Arbitraries.lazy(() -> condition(depth, elements + 1)))
                .as((range, macro, condition) -> range + "." + macro + "(e" + elements + ", " + condition + ")");
    }

    static Arbitrary<JsonObject> documents() {
        var owners = Arbitraries.of(RuleDatabase.ANN_ID, RuleDatabase.BOB_ID).injectNull(0.3);
        var times = Arbitraries.of("2026-01-31T12:00:00.5Z", "2026-01-31T11:00:00.123456Z", "2031-05-01T00:00:00Z");
        return Combinators.combine(data(), owners, Arbitraries.longs().between(1, 4), times, times)
                .as((data, owner, version, created, updated) -> new JsonObject()
                        .put("parent", "")
                        .put("data", data)
                        .put("owner", owner)
                        .put("version", version)
                        .put("created_at", created)
                        .put("updated_at", updated));
    }

    /** Mostly what the names promise, sometimes anything. */
    private static Arbitrary<JsonObject> data() {
        var members = new LinkedHashMap<String, Arbitrary<?>>();
        members.put("a", any(2));
        members.put("b", any(1));
        members.put("n", Arbitraries.of(0, 1, 2, -2, 7));
        members.put("d", Arbitraries.of(0.5, 1.0, 2.5, -1.5, 1e10));
        members.put("s", Arbitraries.of(STRINGS));
        members.put(
                "t",
                Arbitraries.of(
                        "2026-01-31T12:00:00.5+01:00", "2026-02-30T12:00:00Z", "9999-12-31T23:00:00Z", "x", 5, 1.5));
        members.put("l", any(1).list().ofMaxSize(3).map(JsonArray::new));
        members.put("m", object(any(1)));
        members.put("big", Arbitraries.of(Long.MAX_VALUE, Long.MIN_VALUE, 1L));
        Arbitrary<JsonObject> data = Arbitraries.create(JsonObject::new);
        for (var member : members.entrySet()) {
            var value =
                    Arbitraries.frequencyOf(Tuple.of(8, member.getValue().map(v -> (Object) v)), Tuple.of(1, any(1)));
            var present = Arbitraries.of(true, true, true, true, false);
            data = Combinators.combine(data, value, present)
                    .as((object, v, isThere) -> isThere
                            ? object.copy()
                                    .put(
                                            member.getKey(),
                                            member.getKey().equals("big") && !(v instanceof Long) ? "big" : v)
                            : object);
        }
        return data;
    }

    private static Arbitrary<@Nullable Object> any(int depth) {
        var scalar = Arbitraries.<@Nullable Object>of(
                null, true, false, 0, 1, 7, -2, 0.5, 1.0, 2.5, "", "a", "b", "ab", "red", RuleDatabase.ANN_ID);
        return depth == 0
                ? scalar
                : Arbitraries.frequencyOf(
                        Tuple.of(4, scalar),
                        Tuple.of(1, any(depth - 1).list().ofMaxSize(3).map(JsonArray::new)),
                        Tuple.of(1, object(any(depth - 1))));
    }

    private static Arbitrary<JsonObject> object(Arbitrary<@Nullable Object> values) {
        return Combinators.combine(Arbitraries.of(KEYS).set().ofMaxSize(3), values, values, values)
                .as((keys, a, b, c) -> {
                    var object = new JsonObject();
                    var each = Arrays.asList(a, b, c).iterator();
                    keys.forEach(key -> object.put(key, each.next()));
                    return object;
                });
    }
}
