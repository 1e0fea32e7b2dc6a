package dev.basalt.data.rules;

import dev.basalt.data.rules.SqlValue.Kind;
import java.util.List;

/**
 * {@code ==} and {@code <} as CEL has them: values of different types are never equal and have no order, numbers are one
 * type, strings are ordered by code point.
 */
final class Comparisons {
    private final Binder binder;
    private final Conversions conversions;

    Comparisons(Binder binder, Conversions conversions) {
        this.binder = binder;
        this.conversions = conversions;
    }

    SqlValue equal(SqlValue left, SqlValue right) {
        return comparable(left, right)
                ? SqlValue.of(Kind.BOOL, "(%s = %s)", left, right)
                : SqlValue.of(Kind.BOOL, "(%s = %s)", conversions.toJson(left), conversions.toJson(right));
    }

    /** {@code left operator right}, the operator one of {@code < <= > >=}. */
    SqlValue ordered(String operator, SqlValue left, SqlValue right) {
        if (left.kind() == Kind.JSON && right.kind() == Kind.JSON) {
            return binder.bind(Kind.BOOL, List.of(left, right), both -> {
                var l = SqlValue.read(Kind.JSON, both.getFirst(), 0);
                var r = SqlValue.read(Kind.JSON, both.getLast(), 0);
                return "coalesce(%s, %s, %s)"
                        .formatted(
                                typed(operator, conversions.toNumber(l), conversions.toNumber(r))
                                        .sql(),
                                typed(operator, conversions.toText(l), conversions.toText(r))
                                        .sql(),
                                typed(operator, conversions.toBool(l), conversions.toBool(r))
                                        .sql());
            });
        }
        if (comparable(left, right)) {
            return typed(operator, left, right);
        }
        if (left.kind() == Kind.JSON) {
            return typed(operator, as(right.kind(), left), right);
        }
        return typed(operator, left, as(left.kind(), right));
    }

    private SqlValue as(Kind kind, SqlValue value) {
        return switch (kind) {
            case BOOL -> conversions.toBool(value);
            case STRING -> conversions.toText(value);
            case INT, DOUBLE, NUMBER -> conversions.toNumber(value);
            case TIMESTAMP, DURATION, JSON ->
                throw new InexpressibleException("A %s and a %s have no order."
                        .formatted(kind.celName(), value.kind().celName()));
        };
    }

    private static boolean comparable(SqlValue left, SqlValue right) {
        return left.kind() == right.kind()
                || (left.kind().isNumeric() && right.kind().isNumeric());
    }

    private static SqlValue typed(String operator, SqlValue left, SqlValue right) {
        return SqlValue.of(
                Kind.BOOL,
                left.kind() == Kind.STRING ? "(%s " + operator + " %s COLLATE \"C\")" : "(%s " + operator + " %s)",
                left,
                right);
    }
}
