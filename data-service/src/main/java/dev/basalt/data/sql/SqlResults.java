package dev.basalt.data.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.basalt.kit.error.ApiException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Rows written as JSON while they arrive, within the caps of one request.
 *
 * <p>Past a cap rows are thrown away as they come and {@code onOverflow} is called once, to cancel the statement; so a
 * result of any size costs no more memory than the cap. Used by one event loop.
 */
final class SqlResults {
    private static final JsonFactory JSON = new JsonFactory();

    private final SqlConfig caps;
    private final boolean arrays;
    private final Runnable onOverflow;
    private long rows;
    /** The driver reads a count off every command's tag, also off those that have none. */
    private static final Set<String> COUNTING =
            Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE", "FETCH", "MOVE", "COPY");

    private long bytes;
    private @Nullable SqlError overflow;

    SqlResults(SqlConfig caps, boolean arrays, Runnable onOverflow) {
        this.caps = caps;
        this.arrays = arrays;
        this.onOverflow = onOverflow;
    }

    /** One result's rows, comma-separated JSON. */
    static final class Rows {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final JsonGenerator json = generator();
        private int size;

        private JsonGenerator generator() {
            try {
                return JSON.createGenerator(out).setRootValueSeparator(null);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    Collector<Row, Rows, Rows> collector() {
        return Collector.of(Rows::new, this::add, (one, _) -> one);
    }

    /** The cap that was passed, as the error that names it. */
    @Nullable
    ApiException overflow() {
        return switch (overflow) {
            case ROW_CAP ->
                ApiException.of(
                        SqlError.ROW_CAP,
                        "The result has more than " + caps.maxRows()
                                + " rows (basalt.data.sql.max-rows). Ask for fewer by LIMIT.");
            case BYTE_CAP ->
                ApiException.of(
                        SqlError.BYTE_CAP,
                        "The result is larger than " + caps.maxBytes().asLongValue()
                                + " bytes (basalt.data.sql.max-bytes). Ask for fewer rows or columns.");
            case null, default -> null;
        };
    }

    /** {@code {"columns":[{name,type}],"rows":[…],"rowCount":n,"command":"…"}}. */
    byte[] encode(SqlResult<Rows> result, String command) {
        try {
            var out = new ByteArrayOutputStream();
            var json = JSON.createGenerator(out);
            json.writeStartObject();
            RowJson.columns(json, result.columnDescriptors());
            json.writeFieldName("rows");
            json.writeStartArray();
            var collected = result.value();
            if (collected != null && collected.size > 0) {
                collected.json.flush();
                json.flush();
                collected.out.writeTo(out);
            }
            json.writeEndArray();
            json.writeNumberField(
                    "rowCount",
                    collected != null && collected.size > 0
                            ? collected.size
                            : COUNTING.contains(command) ? result.rowCount() : 0);
            json.writeStringField("command", command);
            json.writeEndObject();
            json.close();
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void add(Rows into, Row row) {
        if (overflow != null) {
            return;
        }
        try {
            int before = into.out.size();
            if (into.size++ > 0) {
                into.json.writeRaw(',');
            }
            RowJson.row(into.json, row, arrays);
            into.json.flush();
            bytes += into.out.size() - before;
            rows++;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (rows > caps.maxRows()) {
            overflow = SqlError.ROW_CAP;
        } else if (bytes > caps.maxBytes().asLongValue()) {
            overflow = SqlError.BYTE_CAP;
        }
        if (overflow != null) {
            onOverflow.run();
        }
    }
}
