package dev.basalt.data.rules;

import dev.basalt.data.rules.SqlValue.Kind;

/** One kind of value as another; what is of another type at run time is an error, hence NULL. */
final class Conversions {
    private final Binder binder;

    Conversions(Binder binder) {
        this.binder = binder;
    }

    SqlValue toJson(SqlValue value) {
        if (value.kind().isTime()) {
            throw new InexpressibleException("A " + value.kind().celName()
                    + " can't be mixed with JSON values, which hold none: make one of the other with timestamp(…).");
        }
        if (value.kind() == Kind.JSON) {
            return value;
        }
        return value.constant() == null
                ? SqlValue.of(Kind.JSON, "to_jsonb(%s)", value)
                : SqlValue.json(value.constant());
    }

    SqlValue toBool(SqlValue value) {
        return switch (value.kind()) {
            case BOOL -> value;
            case JSON ->
                SqlValue.of(
                        Kind.BOOL, "CASE %s WHEN 'true'::jsonb THEN true WHEN 'false'::jsonb THEN false END", value);
            default -> throw mismatch(value, "bool");
        };
    }

    SqlValue toText(SqlValue value) {
        return switch (value.kind()) {
            case STRING -> value;
            case JSON ->
                binder.bind(
                        Kind.STRING,
                        value,
                        v -> "CASE WHEN jsonb_typeof(%1$s) = 'string' THEN %1$s #>> '{}' END".formatted(v));
            default -> throw mismatch(value, "string");
        };
    }

    SqlValue toNumber(SqlValue value) {
        return switch (value.kind()) {
            case INT, DOUBLE, NUMBER -> value;
            case JSON ->
                binder.bind(
                        Kind.NUMBER,
                        value,
                        v -> "CASE WHEN jsonb_typeof(%1$s) = 'number' THEN %1$s::numeric END".formatted(v));
            default -> throw mismatch(value, "number");
        };
    }

    private static InexpressibleException mismatch(SqlValue value, String wanted) {
        return new InexpressibleException("A " + value.kind().celName() + " stands where a " + wanted + " is needed.");
    }
}
