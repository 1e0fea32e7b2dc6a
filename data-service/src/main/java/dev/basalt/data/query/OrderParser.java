package dev.basalt.data.query;

import dev.basalt.data.query.OrderTerm.Direction;
import dev.basalt.data.query.OrderTerm.Nulls;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code order=} into its terms. */
final class OrderParser {
    private OrderParser() {}

    static List<OrderTerm> parse(String text) {
        var cursor = new Cursor("order", text);
        var terms = new ArrayList<OrderTerm>();
        do {
            cursor.skipBlanks();
            terms.add(term(cursor));
            cursor.skipBlanks();
        } while (cursor.accept(','));
        cursor.expectEnd("letter, digit, \"-\", \"->>\", \"->\", delimiter (.), \",\" or end of input");
        return terms;
    }

    private static OrderTerm term(Cursor cursor) {
        String relation = null;
        var field = cursor.field();
        if (field.path().isEmpty() && cursor.accept('(')) {
            relation = field.name();
            field = cursor.field();
            cursor.expect(')', "\")\"");
        }
        Direction direction = null;
        Nulls nulls = null;
        while (cursor.accept('.')) {
            int start = cursor.position();
            var word = cursor.word();
            if (nulls == null && word.equals("nullsfirst")) {
                nulls = Nulls.FIRST;
            } else if (nulls == null && word.equals("nullslast")) {
                nulls = Nulls.LAST;
            } else if (direction == null && nulls == null && word.equals("asc")) {
                direction = Direction.ASC;
            } else if (direction == null && nulls == null && word.equals("desc")) {
                direction = Direction.DESC;
            } else {
                cursor.reset(start);
                throw cursor.unexpected(
                        direction == null
                                ? "\"asc\", \"desc\", \"nullsfirst\" or \"nullslast\""
                                : "\"nullsfirst\" or \"nullslast\"");
            }
        }
        return new OrderTerm(relation, field, direction, nulls);
    }
}
