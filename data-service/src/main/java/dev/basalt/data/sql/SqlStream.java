package dev.basalt.data.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.basalt.data.stream.ChunkRows;
import dev.basalt.data.stream.ChunkStream;
import dev.basalt.data.stream.ChunkStream.Chunk;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * A cursor's rows as lines of JSON: {@code {"columns":[…]}}, a line a row, and at the end {@code {"rowCount":n}} once the
 * transaction is committed, or {@code {"error":{…}}}.
 *
 * <p>Used by one event loop.
 */
final class SqlStream {
    /** The cursor's name, in a transaction that holds no other. */
    static final String CURSOR = "basalt_stream";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int FIRST_ROWS = 16;

    private final Vertx vertx;
    private final SqlConnection connection;
    private final SqlStatements statements;
    private final SqlRequest.Query query;
    private final boolean arrays;
    private final ChunkRows chunk;
    private final Promise<Void> ended = Promise.promise();
    private final long timer;
    private long rows;
    private @Nullable ChunkStream stream;

    /**
     * A stream of a cursor that is declared.
     *
     * @param abandon cancels what runs on the connection and closes it
     */
    SqlStream(
            Vertx vertx,
            SqlConnection connection,
            SqlStatements statements,
            SqlRequest.Query query,
            boolean arrays,
            SqlConfig config,
            Runnable abandon) {
        this.vertx = vertx;
        this.connection = connection;
        this.statements = statements;
        this.query = query;
        this.arrays = arrays;
        this.chunk = new ChunkRows(config.streamChunk().asLongValue(), FIRST_ROWS);
        this.timer = vertx.setTimer(config.streamTimeout().toMillis(), late -> {
            fail(ApiException.of(
                    SqlError.TIME_CAP,
                    "The stream took longer than " + config.streamTimeout()
                            + " (basalt.data.sql.stream-timeout) and was broken off."));
            abandon.run();
        });
    }

    /** Completes when the transaction is over; fails when it is to be rolled back. */
    Future<Void> ended() {
        return ended.future();
    }

    /** Fetches the first chunk. */
    Future<ReadStream<Buffer>> open() {
        // A reader may stand still for as long as the stream may last.
        return connection
                .query("SET LOCAL idle_in_transaction_session_timeout = 0")
                .execute()
                .compose(_ -> fetch(true))
                .map(first -> {
                    var opened = new ChunkStream(first, this::next);
                    stream = opened;
                    return opened;
                });
    }

    /** Ends it when nobody reads any more. */
    void cancel() {
        fail(ClosedConnectionException.INSTANCE);
    }

    /** Breaks it off. */
    void fail(Throwable failure) {
        if (ended.tryFail(failure)) {
            vertx.cancelTimer(timer);
            if (stream != null) {
                stream.fail(failure);
            }
        }
    }

    private Future<Chunk> fetch(boolean first) {
        int wanted = chunk.wanted();
        return connection
                .query("FETCH " + wanted + " FROM " + CURSOR)
                .collecting(Collector.of(Lines::new, (Lines lines, Row row) -> lines.add(row, arrays), (one, _) -> one))
                .execute()
                .recover(failure -> Future.failedFuture(statements.worded(failure, query, false, -1)))
                .compose(result -> {
                    var lines = result.value() == null ? new Lines() : result.value();
                    rows += lines.rows;
                    chunk.came(lines.rows, lines.out.size());
                    var text = first ? header(result).appendBuffer(lines.text()) : lines.text();
                    if (lines.rows == wanted) {
                        return Future.succeededFuture(new Chunk(text, false));
                    }
                    return statements
                            .commit()
                            .recover(failure -> Future.failedFuture(statements.worded(failure, query, false, -1)))
                            .map(_ -> {
                                // The connection is free, however long the reader takes for what is fetched.
                                ended.tryComplete();
                                vertx.cancelTimer(timer);
                                return new Chunk(text.appendString("{\"rowCount\":" + rows + "}\n"), true);
                            });
                });
    }

    private static Buffer header(SqlResult<Lines> result) {
        try (var out = new ByteArrayOutputStream();
                var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            RowJson.columns(json, result.columnDescriptors());
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
            return Buffer.buffer(out.toByteArray());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The next chunk; a failure is the last line. */
    private Future<Chunk> next() {
        return fetch(false).recover(failure -> {
            ended.tryFail(failure);
            vertx.cancelTimer(timer);
            var line = new JsonObject().put("error", problem(failure)).encode() + "\n";
            return Future.succeededFuture(new Chunk(Buffer.buffer(line), true));
        });
    }

    private static JsonObject problem(Throwable failure) {
        var known = failure instanceof ApiException refused
                ? refused
                : DatabaseFailure.asOutage(failure).orElseGet(() -> ApiException.of(KitError.INTERNAL));
        return new ProblemDetails().body(known, MultiMap.caseInsensitiveMultiMap());
    }

    /** The rows of one chunk, a line each. */
    private static final class Lines {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final JsonGenerator json = generator();
        private int rows;

        private JsonGenerator generator() {
            try {
                return JSON.createGenerator(out).setRootValueSeparator(null);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        void add(Row row, boolean array) {
            try {
                RowJson.row(json, row, array);
                json.writeRaw('\n');
                json.flush();
                rows++;
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        Buffer text() {
            return Buffer.buffer(out.toByteArray());
        }
    }
}
