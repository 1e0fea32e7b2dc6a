package dev.basalt.data.rest;

import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.Representation.Standard;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.stream.ChunkRows;
import dev.basalt.data.stream.ChunkStream;
import dev.basalt.data.stream.ChunkStream.Chunk;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@link dev.basalt.data.plan.DataRequest.Lines}, fetched from a portal as fast as they are read, so that memory
 * does not grow with their number. What fails behind the first fetch breaks the answer off. Used by one event loop.
 */
final class RowStream {
    /** As many as most answers have, so that these are one body with its range. */
    private static final int FIRST_ROWS = 256;

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final String SETTINGS = "select nullif(current_setting('response.headers', true), '') as headers,"
            + " nullif(current_setting('response.status', true), '') as status";

    private final Vertx vertx;
    private final SqlConnection connection;
    private final Statement plan;
    private final LineText lines;
    private final Promise<Void> ended = Promise.promise();
    private final Runnable abandon;
    private final long timer;
    private final ChunkRows chunk = new ChunkRows(CHUNK_BYTES, FIRST_ROWS);
    private long rows;
    private @Nullable ChunkStream stream;
    private @Nullable Future<RowSet<Row>> ahead;

    /** @param abandon cancels what runs on the connection and closes it */
    RowStream(
            Vertx vertx,
            SqlConnection connection,
            Statement plan,
            Representation representation,
            Duration timeout,
            Runnable abandon) {
        this.vertx = vertx;
        this.connection = connection;
        this.plan = plan;
        this.lines = new LineText(plan, representation);
        this.abandon = abandon;
        this.timer = vertx.setTimer(timeout.toMillis(), late -> {
            fail(ApiException.of(KitError.STATEMENT_TIMEOUT));
            abandon.run();
        });
    }

    /** Whether rows of that form can be told apart in an answer. */
    static boolean formats(Representation representation) {
        return representation == Standard.ARRAY
                || representation == Standard.ARRAY_NULLS_STRIPPED
                || representation == Standard.CSV;
    }

    /**
     * What the first fetch brought.
     *
     * @param rows how many there are, if these are all
     */
    record Opened(Reply.Body body, @Nullable Long rows, Row settings) {}

    /** Completes when the transaction may end; fails when nobody reads any more. */
    Future<Void> ended() {
        return ended.future();
    }

    Future<Opened> open(Tuple parameters) {
        return connection.prepare(plan.sql()).compose(prepared -> {
            var cursor = prepared.cursor(parameters);
            var first = fetch(cursor);
            var settings = connection.preparedQuery(SETTINGS).execute();
            return Future.join(first, settings)
                    .map(_ -> opened(
                            cursor, first.result(), settings.result().iterator().next()));
        });
    }

    private Opened opened(Cursor cursor, Chunk first, Row settings) {
        if (first.last()) {
            return new Opened(new Reply.Body.Bytes(first.bytes()), rows, settings);
        }
        var rest = new ChunkStream(first, () -> fetch(cursor).onFailure(this::fail));
        stream = rest;
        return new Opened(new Reply.Body.Stream(rest, -1, abandon), null, settings);
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

    /** The next chunk. PostgreSQL goes on with the one after it while this one is written. */
    private Future<Chunk> fetch(Cursor cursor) {
        var fetching = ahead == null ? cursor.read(chunk.wanted()) : ahead;
        return fetching.map(fetched -> {
            boolean last = !cursor.hasMore();
            if (!last) {
                ahead = cursor.read(chunk.wanted());
            }
            for (var row : fetched) {
                lines.row(row);
            }
            rows += fetched.size();
            if (last) {
                lines.end();
                vertx.cancelTimer(timer);
                ended.tryComplete();
            }
            var bytes = lines.take();
            chunk.came(fetched.size(), bytes.length());
            return new Chunk(bytes, last);
        });
    }
}
