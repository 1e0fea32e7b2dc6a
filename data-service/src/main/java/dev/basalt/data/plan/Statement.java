package dev.basalt.data.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A planned statement: SQL with {@code $n} parameters, every one of them text.
 *
 * <p>It answers exactly one row (that of {@link DataRequest.Matching} a row a match, that of {@link DataRequest.Lines} a row a row, and nothing below); {@code null} where the request did not ask for a thing:
 *
 * <ol>
 *   <li>{@code body bytea}
 *   <li>{@code rows bigint}: the size of the page, or how many rows were written
 *   <li>{@code total bigint}: how many rows match without the page
 *   <li>{@code location text}: a JSON array of the written row's key values, as text
 *   <li>{@code inserted integer}: how many of an upsert's rows were new
 *   <li>{@code headers text}, {@code status text}: the settings {@code response.headers} and {@code response.status}
 * </ol>
 *
 * @param names of the values in {@code location}
 * @param lines the values of each row of {@link DataRequest.Lines}
 * @param callsFunctions whether it may call functions of the project's own, which may leave something in the session
 */
public record Statement(
        String sql, List<Integer> bindings, List<String> names, List<LineValue> lines, boolean callsFunctions) {
    /** Stands for the JSON body in {@link #bindings()}. */
    public static final int BODY = -1;

    /** Stands for the resource's own limit. */
    public static final int LIMIT = -2;

    /** Stands for the resource's own offset. */
    public static final int OFFSET = -3;

    public Statement {
        bindings = List.copyOf(bindings);
        names = List.copyOf(names);
        lines = List.copyOf(lines);
    }

    /** The names as the first line of comma-separated values. */
    public String csvHeader() {
        return csv(lines.stream().map(LineValue::name).toList());
    }

    static String csv(List<String> names) {
        var header = new StringBuilder();
        for (var name : names) {
            header.append(header.isEmpty() ? "" : ",");
            boolean quoted = name.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            header.append(quoted ? "\"" + name.replace("\"", "\"\"") + "\"" : name);
        }
        return header.toString();
    }

    /** The parameters' texts in their order. */
    public String[] parameters(
            List<String> values, @Nullable String body, @Nullable Long limit, @Nullable Long offset) {
        var parameters = new String[bindings.size()];
        for (int i = 0; i < parameters.length; i++) {
            int binding = bindings.get(i);
            parameters[i] = switch (binding) {
                case BODY -> require(body);
                case LIMIT -> require(limit).toString();
                case OFFSET -> require(offset).toString();
                default -> values.get(binding);
            };
        }
        return parameters;
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("The plan binds a value that the request does not carry");
        }
        return value;
    }
}
