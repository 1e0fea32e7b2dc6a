package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Json;
import java.math.BigDecimal;
import java.time.temporal.TemporalAccessor;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How names and values stand in the REST dialect, before percent-encoding. */
final class Quoting {
    private Quoting() {}

    /** A value inside a list or a tree: in double quotes unless it is of letters and digits. */
    static String value(String text) {
        // Unquoted, this word is not text in every place.
        boolean plain = text.matches("[\\p{L}\\p{N}_-]+") && !text.equalsIgnoreCase("null");
        return plain ? text : quoted(text);
    }

    /** The name of a column, relation, alias or JSON key. */
    static String name(String name) {
        if (name.isEmpty()) throw new IllegalArgumentException("a name is empty");
        // At the beginning of a tree's condition, "not" is no name.
        boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_]*") && !name.equals("not");
        return plain ? name : quoted(name);
    }

    static String names(Collection<String> names) {
        return names.stream().map(Quoting::name).collect(Collectors.joining(","));
    }

    /** The names of nested relations, each followed by a dot. */
    static String prefix(List<String> relations) {
        return relations.stream().map(relation -> name(relation) + ".").collect(Collectors.joining());
    }

    /** The name of a type or a text search configuration, which the dialect has no quotes for. */
    static String identifier(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_ ]*")) {
            throw new IllegalArgumentException("not the name of a type or configuration: " + name);
        }
        return name;
    }

    /** A value as PostgreSQL reads it. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> throw new IllegalArgumentException("NULL is no value to compare with");
            case BigDecimal number -> number.toPlainString();
            case Enum<?> constant -> Json.name(constant);
            case CharSequence text -> text.toString();
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case TemporalAccessor time -> time.toString();
            case UUID id -> id.toString();
            case Character character -> character.toString();
            case Range range -> range.text();
            case Filter.JsonText json -> json.text();
            case Ref ref -> ref.token();
            case Collection<?> elements -> array(elements);
            default ->
                throw new IllegalArgumentException(
                        "no column holds a " + value.getClass().getName());
        };
    }

    /** An array as PostgreSQL reads it. */
    static String array(Collection<?> elements) {
        return elements.stream()
                .map(element -> switch (element) {
                    case null -> "NULL";
                    case Collection<?> inner -> array(inner);
                    default -> quoted(text(element));
                })
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** In double quotes, with a backslash before those inside and before backslashes. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
