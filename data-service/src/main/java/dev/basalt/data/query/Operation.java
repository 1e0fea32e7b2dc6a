package dev.basalt.data.query;

import org.jspecify.annotations.Nullable;

/**
 * What a filter does with its field.
 *
 * <p>Values are not part of it: {@code value} is an index into {@link ParsedQuery#values()}, so that two requests that
 * differ in values alone are equal in shape and share a plan.
 */
public sealed interface Operation {
    /** An operator that may be applied to any or all members of an array value. */
    record Compare(Comparison operator, @Nullable Quantifier quantifier, int value) implements Operation {}

    /** An operator with one value of the field's own type. */
    record Binary(BinaryOperator operator, int value) implements Operation {}

    /** {@code in.(…)}; the value is an array literal. */
    record In(int value) implements Operation {}

    /** {@code is.null} and its kin. */
    record Is(IsOperand operand) implements Operation {}

    /** {@code isdistinct.value}. */
    record IsDistinct(int value) implements Operation {}

    /** Full-text search, optionally in a named configuration. */
    record TextSearch(SearchFunction function, @Nullable String configuration, int value) implements Operation {}

    /** The operators that take {@code (any)} and {@code (all)}. */
    enum Comparison {
        EQ,
        GT,
        GTE,
        LT,
        LTE,
        LIKE,
        ILIKE,
        MATCH,
        IMATCH;

        /** Whether the value is a pattern, hence text, whatever the field's type. */
        public boolean isPattern() {
            return this == LIKE || this == ILIKE || this == MATCH || this == IMATCH;
        }
    }

    /** Any or all members of an array value. */
    enum Quantifier {
        ANY,
        ALL
    }

    /** The operators that take one plain value. */
    enum BinaryOperator {
        NEQ,
        CONTAINS,
        CONTAINED,
        OVERLAPS,
        STRICTLY_LEFT,
        STRICTLY_RIGHT,
        NOT_EXTENDS_RIGHT,
        NOT_EXTENDS_LEFT,
        ADJACENT
    }

    /** What {@code is} compares with. */
    enum IsOperand {
        NULL,
        NOT_NULL,
        TRUE,
        FALSE,
        UNKNOWN
    }

    /** The function that reads the search text. */
    enum SearchFunction {
        TO_TSQUERY,
        PLAINTO_TSQUERY,
        PHRASETO_TSQUERY,
        WEBSEARCH_TO_TSQUERY
    }
}
