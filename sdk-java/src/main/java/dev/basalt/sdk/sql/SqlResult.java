package dev.basalt.sdk.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.Failure;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a statement returned. Rows are read as records as those of tables are: the component {@code createdAt} is the column
 * {@code created_at}, numbers keep their digits, and NULL for a component of a primitive type is an error. Immutable.
 */
public final class SqlResult {
    private final List<Column> columns;
    private final List<ObjectNode> rows;
    private final long rowCount;
    private final String command;
    private final @Nullable String requestId;

    private SqlResult(
            List<Column> columns, List<ObjectNode> rows, long rowCount, String command, @Nullable String requestId) {
        this.columns = columns;
        this.rows = rows;
        this.rowCount = rowCount;
        this.command = command;
        this.requestId = requestId;
    }

    /**
     * A column of the result.
     *
     * @param type as PostgreSQL calls it, for example {@code int4}
     */
    public record Column(String name, String type) {
        static List<Column> of(JsonNode columns) {
            return columns.valueStream()
                    .map(column -> new Column(
                            column.path("name").asText(), column.path("type").asText()))
                    .toList();
        }
    }

    /** Reads one result out of an answer. Not meant for applications. */
    public static SqlResult of(JsonNode result, @Nullable String requestId) {
        if (!result.path("rows").isArray() || !result.path("columns").isArray()) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER, "The answer holds no result of SQL", requestId, null);
        }
        List<Column> columns = Column.of(result.path("columns"));
        List<ObjectNode> rows = result.path("rows")
                .valueStream()
                .map(row -> row instanceof ObjectNode named ? named : named(columns, row))
                .toList();
        return new SqlResult(
                columns,
                rows,
                result.path("rowCount").asLong(),
                result.path("command").asText(),
                requestId);
    }

    /** A row of values by its columns' names; of two of one name, the last. */
    static ObjectNode named(List<Column> columns, JsonNode values) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        IntStream.range(0, columns.size()).forEach(i -> row.set(columns.get(i).name(), values.path(i)));
        return row;
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many rows were returned or, where the statement returns none, written. */
    public long rowCount() {
        return rowCount;
    }

    /** What was done, for example {@code SELECT}. */
    public String command() {
        return command;
    }

    /** The rows, each a map of column names to values. */
    public List<Map<String, @Nullable Object>> list() {
        return list(Json.rowClass());
    }

    /** The rows, each a record (or any class that Jackson reads). */
    public <T> List<T> list(Class<T> type) {
        var read = new ArrayList<T>(rows.size());
        for (ObjectNode row : rows) read.add(read(row, type));
        return List.copyOf(read);
    }

    /**
     * The one row.
     *
     * @throws NotSingular if there is none, or more than one; the statement has run
     */
    public <T> T single(Class<T> type) {
        if (rows.size() != 1) throw notSingular();
        return read(rows.getFirst(), type);
    }

    /**
     * The one row, or nothing.
     *
     * @throws NotSingular if there is more than one; the statement has run
     */
    public <T> Optional<T> maybeSingle(Class<T> type) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(single(type));
    }

    /**
     * The first column of the one row, for example a count.
     *
     * @throws NotSingular if there is no row, or more than one; the statement has run
     */
    public <T> T value(Class<T> type) {
        if (rows.size() != 1) throw notSingular();
        return read(first(rows.getFirst()), type);
    }

    /** The first column of each row. */
    public <T> List<T> values(Class<T> type) {
        var read = new ArrayList<T>(rows.size());
        for (ObjectNode row : rows) read.add(read(first(row), type));
        return List.copyOf(read);
    }

    private JsonNode first(ObjectNode row) {
        if (columns.isEmpty()) throw new IllegalStateException("the result has no columns");
        return row.path(columns.getFirst().name());
    }

    private <T> T read(JsonNode tree, Class<T> type) {
        T value = Json.row(tree, type, requestId);
        if (value != null) return value;
        throw new TransportException(
                TransportException.Reason.INVALID_ANSWER,
                "The answer is null where a value was expected",
                requestId,
                null);
    }

    private DataException notSingular() {
        return DataException.of(
                new Failure(
                        200,
                        "PGRST116",
                        "The result of the statement is not one row",
                        "The result contains " + rows.size() + " rows",
                        null,
                        requestId,
                        null),
                null);
    }
}
