package dev.basalt.sdk.sql;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.http.Json;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A statement of SQL with its parameters, which are data whatever they hold. Immutable. */
public final class Statement {
    @JsonProperty("query")
    private final String sql;

    @JsonProperty("params")
    private final JsonNode parameters;

    /** @param parameters as {@link SqlClient#query} takes them */
    public Statement(String sql, @Nullable Object... parameters) {
        if (sql.isBlank()) throw new IllegalArgumentException("a statement is empty");
        this.sql = sql;
        this.parameters = Json.parsed(Json.write(Arrays.asList(parameters)));
    }

    /** The same as {@code new Statement(sql, parameters)}. */
    public static Statement statement(String sql, @Nullable Object... parameters) {
        return new Statement(sql, parameters);
    }

    /** The text. */
    @JsonIgnore
    public String sql() {
        return sql;
    }

    JsonNode parameters() {
        return parameters;
    }
}
