package dev.basalt.sdk.data;

import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Waiting;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A query whose rows are read as values of one type: records, maps or, where a row is no object, scalars. Each call sends
 * it. Immutable and thread-safe.
 */
public final class TypedQuery<T> {
    private final Request request;
    private final Class<T> type;

    TypedQuery(Request request, Class<T> type) {
        this.request = request;
        this.type = type;
    }

    Request request() {
        return request;
    }

    Class<T> type() {
        return type;
    }

    /** The rows, with their total if that was asked for. */
    public Rows<T> rows() {
        return Waiting.on(rowsAsync());
    }

    public CompletableFuture<Rows<T>> rowsAsync() {
        return request.acceptRows().send(answer -> rows(answer, type));
    }

    static <T> Rows<T> rows(Answer answer, Class<T> type) {
        return new Rows<>(Json.readRows(answer, type), total(answer));
    }

    public List<T> list() {
        return rows().list();
    }

    public CompletableFuture<List<T>> listAsync() {
        return Linked.map(rowsAsync(), Rows::list);
    }

    /**
     * The one row.
     *
     * @throws NotSingular if there is none, or more than one; then nothing is written either
     */
    public T single() {
        return Waiting.on(singleAsync());
    }

    public CompletableFuture<T> singleAsync() {
        return request.acceptOneRow().send(answer -> Json.readRow(answer, type));
    }

    /**
     * The one row, or nothing.
     *
     * @throws NotSingular if there is more than one
     */
    public Optional<T> maybeSingle() {
        return Waiting.on(maybeSingleAsync());
    }

    public CompletableFuture<Optional<T>> maybeSingleAsync() {
        return Linked.handle(singleAsync(), (row, failure) -> {
            if (failure == null) return Optional.of(row);
            // The same error stands for no row and for several.
            if (failure instanceof NotSingular refused && refused.rows().equals(OptionalLong.of(0))) {
                return Optional.empty();
            }
            throw Linked.rethrown(failure);
        });
    }

    /**
     * The rows as they arrive, in constant memory, from the one thread that reads them. To be closed. What breaks off on
     * the way fails the stream's reader with a {@link TransportException}, as does a stream that is not read to its end
     * within the time limit of transfers.
     */
    public Stream<T> stream() {
        return Waiting.on(streamAsync());
    }

    /** As {@link #stream()}; completes when the answer begins. */
    public CompletableFuture<Stream<T>> streamAsync() {
        Request rows = request.acceptRows();
        return Linked.map(rows.transport().open(rows.ready(), rows.bearer()), body -> Json.streamRows(body, type));
    }

    /** The total behind the slash of {@code Content-Range: 0-9/42}, or nothing when it is a star or absent. */
    static @Nullable Long total(Answer answer) {
        String range = answer.header("Content-Range").orElse("");
        String total = range.substring(range.indexOf('/') + 1);
        return total.matches("\\d{1,18}") ? Long.valueOf(total) : null;
    }

    /** As {@link #total}, where it was asked for. */
    static long askedTotal(Answer answer) {
        Long total = total(answer);
        if (total != null) return total;
        throw new TransportException(
                TransportException.Reason.INVALID_ANSWER, "The answer carries no total", answer.requestId(), null);
    }
}
