package dev.basalt.data.rules;

import dev.basalt.data.rules.SqlValue.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lists and maps: {@code [a, b]}, {@code in}, indexes, {@code size()}, {@code exists} and {@code all}. */
final class Lists {
    private final Binder binder;
    private final Conversions conversions;

    Lists(Binder binder, Conversions conversions) {
        this.binder = binder;
        this.conversions = conversions;
    }

    /** A list of values, an error if one of them is. */
    SqlValue list(List<SqlValue> elements) {
        var json = elements.stream().map(conversions::toJson).toList();
        if (json.stream().allMatch(element -> element.constant() != null)) {
            return SqlValue.json(
                    String.join(",", json.stream().map(SqlValue::constant).toList())
                            .transform(items -> "[" + items + "]"));
        }
        return binder.bind(
                Kind.JSON,
                json,
                texts -> "CASE WHEN " + present(json, texts) + " THEN jsonb_build_array(" + String.join(", ", texts)
                        + ") END");
    }

    /** {@code value in [a, b]}. */
    SqlValue in(SqlValue value, List<SqlValue> elements) {
        boolean strings =
                value.kind() == Kind.STRING && elements.stream().allMatch(element -> element.kind() == Kind.STRING);
        var operands = new ArrayList<SqlValue>();
        operands.add(strings ? value : conversions.toJson(value));
        elements.forEach(element -> operands.add(strings ? element : conversions.toJson(element)));
        return binder.bind(Kind.BOOL, operands, texts -> {
            if (elements.isEmpty()) {
                return "CASE WHEN " + texts.getFirst() + " IS NOT NULL THEN false END";
            }
            var listed = texts.subList(1, texts.size());
            var found = "(" + texts.getFirst() + " IN (" + String.join(", ", listed) + "))";
            var checked = present(operands.subList(1, operands.size()), listed);
            return checked.isEmpty() ? found : "CASE WHEN " + checked + " THEN " + found + " END";
        });
    }

    /** That none of the operands is an error; empty if none can be. */
    private static String present(List<SqlValue> operands, List<String> texts) {
        var checks = new ArrayList<String>();
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).constant() == null) {
                checks.add(texts.get(i) + " IS NOT NULL");
            }
        }
        return String.join(" AND ", checks);
    }

    /** {@code value in list}, the list's elements or the map's keys. */
    SqlValue in(SqlValue value, SqlValue list) {
        if (list.kind() != Kind.JSON) {
            throw new InexpressibleException("What is right of \"in\" must be a list or a map.");
        }
        boolean isString = value.kind() == Kind.STRING;
        boolean isScalar = value.kind() != Kind.JSON;
        var json = conversions.toJson(value);
        return binder.bind(Kind.BOOL, List.of(json, list, isString ? value : json), texts -> {
            var v = texts.getFirst();
            var l = texts.get(1);
            // A scalar is contained in an array when it is an element of it; an array or object may be contained in
            // one.
            var contained = l + " @> " + v;
            var member = isScalar
                    ? contained
                    : "CASE WHEN jsonb_typeof(" + v + ") IN ('array', 'object') THEN " + v
                            + " = ANY (SELECT * FROM jsonb_array_elements(" + arrayOnly(l) + ")) ELSE " + contained
                            + " END";
            var key = isString
                    ? texts.getLast()
                    : conversions.toText(SqlValue.read(Kind.JSON, v, 0)).sql();
            return "CASE jsonb_typeof(%2$s) WHEN 'array' THEN %3$s WHEN 'object' THEN CASE WHEN %1$s IS NOT NULL THEN (%2$s -> %4$s) IS NOT NULL END END"
                    .formatted(v, l, member, key);
        });
    }

    private static String arrayOnly(String list) {
        return "CASE WHEN jsonb_typeof(%1$s) = 'array' THEN %1$s END".formatted(list);
    }

    /** {@code has(map.key)}. */
    SqlValue has(SqlValue map, SqlValue key) {
        return binder.bind(
                Kind.BOOL,
                List.of(map, key),
                both -> "CASE WHEN jsonb_typeof(%1$s) = 'object' THEN (%1$s -> %2$s) IS NOT NULL END"
                        .formatted(both.getFirst(), both.getLast()));
    }

    /** {@code list[index]} or {@code map[key]}. */
    SqlValue index(SqlValue container, SqlValue index) {
        if (container.kind() != Kind.JSON) {
            throw new InexpressibleException("Only a list or a map has an index.");
        }
        if (index.kind() == Kind.STRING) {
            return SqlValue.of(Kind.JSON, "(%s -> %s)", container, index);
        }
        if (index.kind() == Kind.JSON) {
            return binder.bind(Kind.JSON, List.of(container, index), both -> {
                var i = SqlValue.read(Kind.JSON, both.getLast(), 0);
                return "coalesce(%s -> %s, %s)"
                        .formatted(
                                both.getFirst(),
                                conversions.toText(i).sql(),
                                element(both.getFirst(), conversions.toNumber(i).sql()));
            });
        }
        return binder.bind(
                Kind.JSON,
                List.of(container, conversions.toNumber(index)),
                both -> element(both.getFirst(), both.getLast()));
    }

    private static String element(String list, String number) {
        return "CASE WHEN jsonb_typeof(%1$s) = 'array' AND scale(%2$s) = 0 AND %2$s BETWEEN 0 AND 2147483647 THEN %1$s -> %2$s::int END"
                .formatted(list, number);
    }

    SqlValue size(SqlValue value) {
        if (value.kind() == Kind.STRING) {
            return SqlValue.of(Kind.INT, "length(%s)::numeric", value);
        }
        return binder.bind(
                Kind.INT,
                conversions.toJson(value),
                v ->
                        "CASE jsonb_typeof(%1$s) WHEN 'string' THEN length(%1$s #>> '{}') WHEN 'array' THEN jsonb_array_length(%1$s) WHEN 'object' THEN (SELECT count(*) FROM jsonb_object_keys(%1$s)) END::numeric"
                                .formatted(v));
    }

    /**
     * {@code range.exists(element, condition)} or {@code all}: SQL's ANY and ALL over the same three outcomes.
     *
     * @param quantifier {@code ANY} or {@code ALL}
     * @param element the bit of the element
     * @param condition the condition, given the element
     */
    SqlValue quantified(String quantifier, SqlValue range, int element, Function<SqlValue, SqlValue> condition) {
        if (range.kind() != Kind.JSON) {
            throw new InexpressibleException("Only a list or a map has elements.");
        }
        var name = binder.fresh("e");
        var holds = condition.apply(SqlValue.read(Kind.JSON, name + ".v", element));
        int reads = (holds.reads() & ~element) | range.reads();
        var elements = binder.bind(
                Kind.JSON,
                range,
                r ->
                        "CASE jsonb_typeof(%1$s) WHEN 'array' THEN %1$s WHEN 'object' THEN (SELECT coalesce(jsonb_agg(k), '[]'::jsonb) FROM jsonb_object_keys(%1$s) AS k) END"
                                .formatted(r));
        return binder.bind(
                Kind.BOOL,
                SqlValue.read(Kind.JSON, elements.within(reads), reads),
                list ->
                        "CASE WHEN %1$s IS NOT NULL THEN true = %2$s (SELECT %3$s FROM jsonb_array_elements(%1$s) AS %4$s(v)) END"
                                .formatted(list, quantifier, holds.within(reads | element), name));
    }
}
