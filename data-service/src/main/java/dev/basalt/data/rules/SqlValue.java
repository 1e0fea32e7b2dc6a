package dev.basalt.data.rules;

import dev.basalt.data.quoting.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * A piece of SQL that computes a CEL value, and is NULL where CEL has an error. CEL's own null is the JSON null. No piece
 * raises an SQL error, whatever the row holds. Immutable.
 *
 * @param sql an expression that can stand in any other, in parentheses where it needs them
 * @param reads what its value depends on: {@link #CALLER}, {@link #STORED}, {@link #WRITTEN} and the elements of lists, as bits
 * @param constant the value as JSON if it is a constant that JSON has, else null
 */
record SqlValue(Kind kind, String sql, int reads, @Nullable String constant) {
    /** The caller and the time: the same for every row of a statement. */
    static final int CALLER = 1;

    /** The row as it is. */
    static final int STORED = 1 << 1;

    /** The row as it will be. */
    static final int WRITTEN = 1 << 2;

    private static final int FIRST_ELEMENT = 1 << 3;

    /** How CEL's types are held. */
    enum Kind {
        /** {@code boolean}. */
        BOOL,
        /** {@code numeric} without fraction digits, within 64 bits. */
        INT,
        /** {@code numeric} with at least one fraction digit. */
        DOUBLE,
        /** Either of these: the digits tell. */
        NUMBER,
        /** {@code text}. */
        STRING,
        /** {@code numeric}: seconds since 1970. */
        TIMESTAMP,
        /** {@code numeric}: seconds. */
        DURATION,
        /** {@code jsonb}: a value whose type shows when it is there. */
        JSON;

        boolean isNumeric() {
            return this == INT || this == DOUBLE || this == NUMBER;
        }

        boolean isTime() {
            return this == TIMESTAMP || this == DURATION;
        }

        /** What the language calls it. */
        String celName() {
            return switch (this) {
                case BOOL -> "bool";
                case INT -> "int";
                case DOUBLE -> "double";
                case NUMBER -> "number";
                case STRING -> "string";
                case TIMESTAMP -> "timestamp";
                case DURATION -> "duration";
                case JSON -> "JSON value";
            };
        }
    }

    /** A value that is read from somewhere. */
    static SqlValue read(Kind kind, String sql, int reads) {
        return new SqlValue(kind, sql, reads, null);
    }

    /** A constant that JSON has too. */
    static SqlValue constant(Kind kind, String sql, String json) {
        return new SqlValue(kind, sql, 0, json);
    }

    /** A JSON constant. */
    static SqlValue json(String json) {
        return constant(Kind.JSON, Quoted.literal(json) + "::jsonb", json);
    }

    /**
     * A value made of others.
     *
     * @param template SQL with one {@code %s} an operand
     */
    static SqlValue of(Kind kind, String template, SqlValue... operands) {
        int reads = readBy(operands);
        var texts = new Object[operands.length];
        for (int i = 0; i < operands.length; i++) {
            texts[i] = operands[i].within(reads);
        }
        return read(kind, template.formatted(texts), reads);
    }

    static int readBy(SqlValue... operands) {
        int reads = 0;
        for (var operand : operands) {
            reads |= operand.reads;
        }
        return reads;
    }

    /** The bit of the element of a list at a depth of nesting, from 0. */
    static int element(int depth) {
        return FIRST_ELEMENT << depth;
    }

    /**
     * The SQL inside an expression that reads more: what depends on the caller alone becomes a subquery without a
     * reference to the row, which PostgreSQL evaluates once a statement.
     */
    String within(int outerReads) {
        return reads == CALLER && outerReads != CALLER ? "(SELECT " + sql + ")" : sql;
    }

    /** The SQL as a condition of its own, evaluated once a statement if it depends on the caller alone. */
    String condition() {
        return within(0);
    }
}
