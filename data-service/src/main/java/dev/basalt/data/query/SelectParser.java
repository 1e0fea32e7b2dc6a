package dev.basalt.data.query;

import dev.basalt.data.query.SelectItem.Aggregate;
import dev.basalt.data.query.SelectItem.Join;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code select=} into its items. */
final class SelectParser {
    private static final String AFTER_FIELD =
            "letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input";

    private SelectParser() {}

    static List<SelectItem> parse(String text) {
        var cursor = new Cursor("select parameter", text);
        var items = items(cursor, 0);
        cursor.expectEnd(AFTER_FIELD);
        return items;
    }

    private static List<SelectItem> items(Cursor cursor, int depth) {
        if (depth > QueryParser.MAX_DEPTH) {
            throw cursor.failure("embedding is deeper than " + QueryParser.MAX_DEPTH + " levels");
        }
        var items = new ArrayList<SelectItem>();
        cursor.skipBlanks();
        if (cursor.atEnd() || cursor.peek() == ')') {
            return items;
        }
        do {
            cursor.skipBlanks();
            items.add(item(cursor, depth));
            cursor.skipBlanks();
        } while (cursor.accept(','));
        return items;
    }

    private static SelectItem item(Cursor cursor, int depth) {
        if (cursor.accept("...")) {
            var relation = cursor.fieldName();
            var parameters = new EmbedParameters(cursor);
            return new SelectItem.Spread(relation, parameters.hint, parameters.join, nested(cursor, depth));
        }
        if (cursor.accept('*')) {
            cursor.skipBlanks();
            expectItemEnd(cursor, "\")\", \",\" or end of input");
            return new SelectItem.Star();
        }
        var alias = alias(cursor);
        int start = cursor.position();
        if (cursor.accept("count()")) {
            var cast = cast(cursor);
            expectItemEnd(cursor, "\"::\", \")\", \",\" or end of input");
            return new SelectItem.Value(Field.of("*"), null, Aggregate.COUNT, cast, alias);
        }
        cursor.reset(start);
        var name = cursor.fieldName();
        if (cursor.peek() == '!' || cursor.peek() == '(') {
            var parameters = new EmbedParameters(cursor);
            return new SelectItem.Embed(name, alias, parameters.hint, parameters.join, nested(cursor, depth));
        }
        cursor.reset(start);
        return value(cursor, alias);
    }

    private static SelectItem value(Cursor cursor, @Nullable String alias) {
        var field = cursor.field();
        var cast = cast(cursor);
        Aggregate aggregate = null;
        String aggregateCast = null;
        if (cursor.accept('.')) {
            aggregate = aggregate(cursor);
            aggregateCast = cast(cursor);
        }
        cursor.skipBlanks();
        expectItemEnd(cursor, AFTER_FIELD);
        return new SelectItem.Value(field, cast, aggregate, aggregateCast, alias);
    }

    private static List<SelectItem> nested(Cursor cursor, int depth) {
        cursor.expect('(', "\"(\"");
        var items = items(cursor, depth + 1);
        cursor.expect(')', "\")\" or \",\"");
        return items;
    }

    /** {@code name:} but not {@code name::}; the cursor stays where it was when there is none. */
    private static @Nullable String alias(Cursor cursor) {
        int start = cursor.position();
        var name = cursor.fieldName();
        if (cursor.peek() == ':' && cursor.peek(1) != ':') {
            cursor.advance();
            cursor.skipBlanks();
            return name;
        }
        cursor.reset(start);
        return null;
    }

    private static @Nullable String cast(Cursor cursor) {
        return cursor.accept("::") ? cursor.identifier("letter or digit") : null;
    }

    private static Aggregate aggregate(Cursor cursor) {
        int start = cursor.position();
        var aggregate = switch (cursor.word()) {
            case "sum" -> Aggregate.SUM;
            case "avg" -> Aggregate.AVG;
            case "count" -> Aggregate.COUNT;
            case "max" -> Aggregate.MAX;
            case "min" -> Aggregate.MIN;
            default -> {
                cursor.reset(start);
                throw cursor.unexpected("\"sum\", \"avg\", \"count\", \"max\" or \"min\"");
            }
        };
        if (!cursor.accept("()")) {
            throw cursor.unexpected("\"()\"");
        }
        return aggregate;
    }

    private static void expectItemEnd(Cursor cursor, String description) {
        if (!cursor.atEnd() && cursor.peek() != ',' && cursor.peek() != ')') {
            throw cursor.unexpected(description);
        }
    }

    /** {@code !hint}, {@code !inner} and {@code !left}, at most one of each kind, in any order. */
    private static final class EmbedParameters {
        private @Nullable String hint;
        private @Nullable Join join;

        EmbedParameters(Cursor cursor) {
            for (int i = 0; i < 2 && cursor.accept('!'); i++) {
                var name = cursor.fieldName();
                switch (name) {
                    case "inner" -> join = Join.INNER;
                    case "left" -> join = Join.LEFT;
                    default -> hint = name;
                }
            }
        }
    }
}
