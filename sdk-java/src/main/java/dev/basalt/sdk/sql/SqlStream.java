package dev.basalt.sdk.sql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.sql.SqlResult.Column;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way. Whoever reads none keeps the server from fetching more. To be closed; for one thread, and to be read once.
 *
 * <p>A failure on the way, and a connection that breaks off, fail the reader with a {@link DataException} or {@link
 * TransportException}, so that the rows are whole when they end without one.
 */
public final class SqlStream<T> implements Iterable<T>, AutoCloseable {
    private final Stream<JsonNode> lines;
    private final Spliterator<JsonNode> source;
    private final List<Column> columns;
    private final Class<T> type;
    private @Nullable Long rowCount;
    private boolean taken;

    private SqlStream(Stream<JsonNode> lines, Class<T> type) {
        this.lines = lines;
        this.source = lines.spliterator();
        this.type = type;
        this.columns = Column.of(header());
    }

    static <T> SqlStream<T> of(InputStream body, Class<T> type) {
        Stream<JsonNode> lines = Json.streamRows(body, JsonNode.class);
        try {
            return new SqlStream<>(lines, type);
        } catch (RuntimeException unreadable) {
            lines.close();
            throw unreadable;
        }
    }

    /** The columns of the rows. */
    public List<Column> columns() {
        return columns;
    }

    /** How many rows there were; known when all are read. */
    public OptionalLong rowCount() {
        return rowCount == null ? OptionalLong.empty() : OptionalLong.of(rowCount);
    }

    /** The rows, each a record (or any class that Jackson reads). */
    public Stream<T> stream() {
        if (taken) throw new IllegalStateException("the rows were taken before");
        taken = true;
        return StreamSupport.stream(new Rows(), false).onClose(this::close);
    }

    @Override
    public Iterator<T> iterator() {
        return stream().iterator();
    }

    /** Ends the query, if it is under way. */
    @Override
    public void close() {
        lines.close();
    }

    private JsonNode header() {
        JsonNode first = next();
        if (first != null && first.path("columns").isArray()) return first.path("columns");
        throw invalid("The stream does not begin with its columns");
    }

    private @Nullable JsonNode next() {
        var line = new JsonNode[1];
        return source.tryAdvance(read -> line[0] = read) ? line[0] : null;
    }

    private boolean advance(Consumer<? super T> action) {
        if (rowCount != null) return false;
        JsonNode line = next();
        if (line == null) {
            throw new TransportException(
                    TransportException.Reason.BROKEN, "The rows broke off before their end", null, null);
        }
        if (line.isArray()) {
            T row = Json.row(SqlResult.named(columns, line), type, null);
            if (row == null) throw invalid("A row is null");
            action.accept(row);
            return true;
        }
        if (line.path("error").isObject()) throw Dialect.inStream(line.path("error"));
        if (!line.path("rowCount").isNumber()) throw invalid("A line of the stream is no row");
        // The answer is read to its end, so that its connection can be used again.
        if (next() != null) throw invalid("There are lines behind the end of the rows");
        rowCount = line.path("rowCount").asLong();
        return false;
    }

    private static TransportException invalid(String why) {
        return new TransportException(TransportException.Reason.INVALID_ANSWER, why, null, null);
    }

    private final class Rows extends AbstractSpliterator<T> {
        Rows() {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            return advance(action);
        }
    }
}
