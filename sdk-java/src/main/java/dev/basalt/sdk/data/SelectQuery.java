package dev.basalt.sdk.data;

import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A query that reads rows. Immutable and thread-safe.
 *
 * <p>Calls fail with {@link DataException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class SelectQuery extends FilteredQuery<SelectQuery> {
    private final List<String> order;

    SelectQuery(Request request) {
        this(request, List.of());
    }

    private SelectQuery(Request request, List<String> order) {
        super(request);
        this.order = order;
    }

    @Override
    SelectQuery with(Request changed) {
        return new SelectQuery(changed, order);
    }

    /** Sorts by a column, ascending; a second call sorts within equal values of the first. */
    public SelectQuery order(String column) {
        return order(column, Order.ASCENDING);
    }

    public SelectQuery order(String column, Order direction) {
        var more = new ArrayList<>(order);
        more.add(Quoting.name(column) + "." + direction.wireName());
        return new SelectQuery(request(), List.copyOf(more));
    }

    /** At most so many rows. */
    public SelectQuery limit(long rows) {
        if (rows < 0) throw new IllegalArgumentException("the limit is 0 or more");
        return with(request().parameter("limit", Long.toString(rows)));
    }

    /** Passes over so many rows first. */
    public SelectQuery offset(long rows) {
        if (rows < 0) throw new IllegalArgumentException("the offset is 0 or more");
        return with(request().parameter("offset", Long.toString(rows)));
    }

    /** Has the answer say how many rows there are without limit and offset. */
    public SelectQuery withTotal() {
        return with(request().prefer("count=exact"));
    }

    /** The rows, each a map of column names to values. */
    public Rows<Map<String, @Nullable Object>> execute() {
        return Waiting.on(executeAsync());
    }

    public CompletableFuture<Rows<Map<String, @Nullable Object>>> executeAsync() {
        return executeAsync(Json.rowClass());
    }

    /** The rows, each a record (or any class that Jackson reads). */
    public <T> Rows<T> execute(Class<T> type) {
        return Waiting.on(executeAsync(type));
    }

    public <T> CompletableFuture<Rows<T>> executeAsync(Class<T> type) {
        return RowReader.rows(ordered(), type);
    }

    /**
     * The one row.
     *
     * @throws DataException {@code PGRST116} if there is none, or more than one
     */
    public <T> T single(Class<T> type) {
        return Waiting.on(singleAsync(type));
    }

    public <T> CompletableFuture<T> singleAsync(Class<T> type) {
        return RowReader.one(ordered(), type);
    }

    /** As {@link #single(Class)}, as a map of column names to values. */
    public Map<String, @Nullable Object> single() {
        return Waiting.on(singleAsync());
    }

    public CompletableFuture<Map<String, @Nullable Object>> singleAsync() {
        return singleAsync(Json.rowClass());
    }

    /**
     * The one row, or nothing.
     *
     * @throws DataException {@code PGRST116} if there is more than one
     */
    public <T> Optional<T> maybeSingle(Class<T> type) {
        return Waiting.on(maybeSingleAsync(type));
    }

    public <T> CompletableFuture<Optional<T>> maybeSingleAsync(Class<T> type) {
        return RowReader.atMostOne(ordered(), type);
    }

    /** How many rows there are, without reading them. Limit, offset and order do not matter. */
    public long count() {
        return Waiting.on(countAsync());
    }

    public CompletableFuture<Long> countAsync() {
        Request counting = request()
                .map(call -> new Call(
                        Dialect.DATA,
                        "HEAD",
                        call.path(),
                        call.parameters().stream()
                                .filter(parameter -> !parameter.getKey().equals("limit")
                                        && !parameter.getKey().equals("offset"))
                                .toList(),
                        call.headers(),
                        null,
                        true,
                        false))
                .prefer("count=exact");
        return counting.send(answer -> {
            Long total = RowReader.total(answer);
            if (total == null) {
                throw new TransportException(
                        TransportException.Reason.INVALID_ANSWER,
                        "The answer carries no total",
                        answer.requestId(),
                        null);
            }
            return total;
        });
    }

    private Request ordered() {
        if (order.isEmpty()) return request();
        return request().parameter("order", order.stream().collect(Collectors.joining(",")));
    }
}
