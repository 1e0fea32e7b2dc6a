package dev.basalt.data.schema;

import java.util.List;

/**
 * A function that requests may call: every parameter has a name, or it is a single one that takes a whole body.
 *
 * @param parameters those that take a value, in their order
 * @param set whether it returns any number of results
 * @param settings what the function sets and its whole transaction should know
 */
public record Routine(
        String schema,
        String name,
        Volatility volatility,
        List<Parameter> parameters,
        boolean set,
        Result result,
        List<Setting> settings) {
    public Routine {
        parameters = List.copyOf(parameters);
        settings = List.copyOf(settings);
    }

    /** What it promises about its effects; only a volatile function may write. */
    public enum Volatility {
        IMMUTABLE,
        STABLE,
        VOLATILE
    }

    /**
     * A parameter.
     *
     * @param name empty for a single unnamed parameter
     * @param required whether it has no default
     */
    public record Parameter(String name, PgType type, boolean required, boolean variadic) {}

    /** What one result is. */
    public sealed interface Result {
        /** Nothing. */
        record Nothing() implements Result {}

        /** One value. */
        record Scalar(PgType type) implements Result {}

        /** A row: of a table, of a composite type, or of the function's own {@code OUT} parameters. */
        record Row(Table table) implements Result {}
    }

    /** A {@code SET} clause of the function. */
    public record Setting(String name, String value) {}

    /** This function with another result. */
    Routine returning(Result other) {
        return new Routine(schema, name, volatility, parameters, set, other, settings);
    }

    /** The single unnamed parameter, if that is what it takes. */
    public boolean takesWholeBody() {
        return parameters.size() == 1 && parameters.getFirst().name().isEmpty();
    }
}
