package dev.basalt.data.plan;

import dev.basalt.data.query.Condition;
import dev.basalt.data.query.Operation;
import dev.basalt.data.query.Operation.BinaryOperator;
import dev.basalt.data.query.Operation.Comparison;
import dev.basalt.data.query.Operation.IsOperand;
import dev.basalt.data.query.Operation.Quantifier;
import dev.basalt.data.query.Operation.SearchFunction;
import dev.basalt.data.schema.PgType;
import dev.basalt.data.schema.PgType.Family;
import org.jspecify.annotations.Nullable;

/**
 * Conditions as SQL over the row of a resource.
 *
 * <p>A value is always {@code $n::text::type}: the parameter itself is text, so that any string is safe, and the cast names
 * the column's type, so that an index on the column serves it.
 */
final class ConditionWriter {
    private final FieldWriter fields;
    private final Embeddings embeddings;

    ConditionWriter(FieldWriter fields, Embeddings embeddings) {
        this.fields = fields;
        this.embeddings = embeddings;
    }

    /** What is embedded in the resource. */
    interface Embeddings {
        /** The rows of that name, or null. */
        @Nullable
        RelatedRows find(String name);
    }

    void write(SqlWriter sql, Condition condition) {
        switch (condition) {
            case Condition.Group(var negated, var logic, var members) -> {
                sql.raw(negated ? "NOT (" : "(");
                sql.list(logic == Condition.Logic.AND ? " AND " : " OR ", members, member -> write(sql, member));
                sql.raw(")");
            }
            case Condition.Filter filter -> {
                sql.raw(filter.negated() ? "NOT (" : "");
                filter(sql, filter);
                sql.raw(filter.negated() ? ")" : "");
            }
        }
    }

    private void filter(SqlWriter sql, Condition.Filter filter) {
        var field = filter.field();
        var embedded = field.path().isEmpty() ? embeddings.find(field.name()) : null;
        if (embedded != null && (isNullTest(filter.operation()) || !fields.knows(field))) {
            existence(sql, embedded, filter.operation());
            return;
        }
        var type = fields.type(field);
        switch (filter.operation()) {
            case Operation.Compare(var operator, var quantifier, int value) -> {
                fields.writeComparable(sql, field);
                sql.raw(" " + operator(operator) + " ");
                operand(sql, operator.isPattern() ? null : type, quantifier, value);
            }
            case Operation.Binary(var operator, int value) -> {
                fields.writeComparable(sql, field);
                sql.raw(" " + operator(operator) + " ");
                value(sql, type, value);
            }
            case Operation.In(int value) -> {
                fields.writeComparable(sql, field);
                sql.raw(" = ");
                operand(sql, type, Quantifier.ANY, value);
            }
            case Operation.Is(var operand) -> {
                fields.write(sql, field);
                sql.raw(" IS " + operand(operand));
            }
            case Operation.IsDistinct(int value) -> {
                fields.writeComparable(sql, field);
                sql.raw(" IS DISTINCT FROM ");
                value(sql, type, value);
            }
            case Operation.TextSearch(var function, var configuration, int value) -> {
                boolean indexed = type.family() == Family.TSVECTOR || type.family() == Family.OTHER;
                if (indexed) {
                    fields.write(sql, field);
                } else {
                    sql.raw("to_tsvector(");
                    configuration(sql, configuration);
                    fields.write(sql, field);
                    sql.raw(")");
                }
                sql.raw(" @@ " + function(function) + "(");
                configuration(sql, configuration);
                sql.parameter(value).raw(")");
            }
        }
    }

    /** {@code relation=is.null}: there are no related rows. */
    private static void existence(SqlWriter sql, RelatedRows embedded, Operation operation) {
        if (!isNullTest(operation)) {
            throw RelationshipRefusal.notFilterable(embedded.embedded().name());
        }
        sql.raw(operation.equals(new Operation.Is(IsOperand.NULL)) ? "NOT " : "");
        embedded.writeExists(sql);
    }

    private static boolean isNullTest(Operation operation) {
        return operation instanceof Operation.Is(var operand)
                && (operand == IsOperand.NULL || operand == IsOperand.NOT_NULL);
    }

    /** The right side of a comparison; {@code type} is null for a pattern. */
    private static void operand(SqlWriter sql, @Nullable PgType type, @Nullable Quantifier quantifier, int value) {
        var compared = type == null ? FieldWriter.TEXT : type;
        if (quantifier == null) {
            value(sql, compared, value);
            return;
        }
        var array = compared.arrayName();
        var parse = compared.casts().fromText();
        sql.raw(quantifier == Quantifier.ANY ? "ANY (" : "ALL (");
        if (array != null && parse == null) {
            sql.parameter(value, array).raw(")");
            return;
        }
        // A type without an array type, such as an array itself, has rows instead; an index serves the array alone.
        sql.raw(array == null ? "SELECT " : "ARRAY(SELECT ");
        sql.raw(parse == null ? "\"_v\"" : parse + "(\"_v\")").raw("::" + compared.baseName());
        sql.raw(" FROM unnest(").parameter(value, "pg_catalog._text").raw(") AS \"_v\"");
        sql.raw(array == null ? ")" : "))");
    }

    /** A value to compare with one of that type: read as its domain says, else as PostgreSQL does. */
    static void value(SqlWriter sql, PgType type, int value) {
        var parse = type.casts().fromText();
        if (parse == null) {
            sql.parameter(value, type.baseName());
        } else {
            sql.raw(parse).raw("(").parameter(value).raw(")::").raw(type.baseName());
        }
    }

    private static void configuration(SqlWriter sql, @Nullable String configuration) {
        if (configuration != null) {
            sql.literal(configuration).raw("::pg_catalog.regconfig, ");
        }
    }

    private static String operator(Comparison operator) {
        return switch (operator) {
            case EQ -> "=";
            case GT -> ">";
            case GTE -> ">=";
            case LT -> "<";
            case LTE -> "<=";
            case LIKE -> "LIKE";
            case ILIKE -> "ILIKE";
            case MATCH -> "~";
            case IMATCH -> "~*";
        };
    }

    private static String operator(BinaryOperator operator) {
        return switch (operator) {
            case NEQ -> "<>";
            case CONTAINS -> "@>";
            case CONTAINED -> "<@";
            case OVERLAPS -> "&&";
            case STRICTLY_LEFT -> "<<";
            case STRICTLY_RIGHT -> ">>";
            case NOT_EXTENDS_RIGHT -> "&<";
            case NOT_EXTENDS_LEFT -> "&>";
            case ADJACENT -> "-|-";
        };
    }

    private static String operand(IsOperand operand) {
        return switch (operand) {
            case NULL -> "NULL";
            case NOT_NULL -> "NOT NULL";
            case TRUE -> "TRUE";
            case FALSE -> "FALSE";
            case UNKNOWN -> "UNKNOWN";
        };
    }

    private static String function(SearchFunction function) {
        return switch (function) {
            case TO_TSQUERY -> "to_tsquery";
            case PLAINTO_TSQUERY -> "plainto_tsquery";
            case PHRASETO_TSQUERY -> "phraseto_tsquery";
            case WEBSEARCH_TO_TSQUERY -> "websearch_to_tsquery";
        };
    }
}
