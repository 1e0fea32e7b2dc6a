package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Waiting;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A query that reads rows: of a table, or of what a function returns. Immutable and thread-safe.
 *
 * @param <Q> the kind of query
 */
public abstract sealed class ReadQuery<Q extends ReadQuery<Q>> extends Query<Q> implements FilteredQuery<Q>, RowQuery
        permits SelectQuery, CallQuery {
    ReadQuery(Request request) {
        super(request);
    }

    /** How rows are counted. */
    public enum Count {
        /** All of them, one by one. */
        EXACT,
        /** By the planner's guess, which costs nothing. */
        PLANNED,
        /** Exactly up to the server's limit, by the planner's guess beyond. */
        ESTIMATED
    }

    /** What a plan tells beside itself. */
    public enum Explain {
        /** What happened when it ran; the query runs for it. */
        ANALYZE,
        VERBOSE,
        SETTINGS,
        BUFFERS,
        WAL
    }

    @Override
    public Q where(Filter filter) {
        return with(request().where(filter));
    }

    @Override
    public Q order(Column column, Order direction) {
        return with(request().order(direction.of(column)));
    }

    @Override
    public Q limit(long rows) {
        return with(request().limit("limit", rows));
    }

    /** Passes over so many rows first. */
    public Q offset(long rows) {
        return with(request().limit("offset", rows));
    }

    /** The rows from one position to another, both from 0 and both included. */
    public Q range(long first, long last) {
        return offset(first).limit(last - first + 1);
    }

    /** Has the answer say how many rows there are without limit and offset. */
    public Q withTotal() {
        return withTotal(Count.EXACT);
    }

    /** As {@link #withTotal()}, counted in a way. */
    public Q withTotal(Count count) {
        return with(request().prefer("count", count.name().toLowerCase(Locale.ROOT)));
    }

    /** Leaves members that are NULL out of the answer, which makes it shorter. */
    public Q withoutNulls() {
        return with(request().strippingNulls());
    }

    @Override
    public <T> TypedQuery<T> as(Class<T> type) {
        return new TypedQuery<>(request(), type);
    }

    /** How many rows there are, without reading them. Limit, offset and order do not matter. */
    public long count() {
        return Waiting.on(countAsync());
    }

    public CompletableFuture<Long> countAsync() {
        return countAsync(Count.EXACT);
    }

    /** As {@link #count()}, counted in a way. */
    public long count(Count count) {
        return Waiting.on(countAsync(count));
    }

    public CompletableFuture<Long> countAsync(Count count) {
        return withTotal(count)
                .heading()
                .without(List.of("limit", "offset"))
                .unordered()
                .send(TypedQuery::askedTotal);
    }

    /** The request as one that answers no body. */
    Request heading() {
        return request().map(call -> call.method("HEAD"));
    }

    /** The rows as CSV (RFC 4180) with the columns' names in its first line. */
    public String csv() {
        return Waiting.on(csvAsync());
    }

    public CompletableFuture<String> csvAsync() {
        return text("text/csv");
    }

    /** The rows as a GeoJSON {@code FeatureCollection} (RFC 7946), for tables with a PostGIS geometry. */
    public String geoJson() {
        return Waiting.on(geoJsonAsync());
    }

    public CompletableFuture<String> geoJsonAsync() {
        return text("application/geo+json");
    }

    /** How PostgreSQL would go about it, if the server allows plans to be seen. */
    public String explain(Explain... options) {
        return Waiting.on(explainAsync(options));
    }

    public CompletableFuture<String> explainAsync(Explain... options) {
        return text(plan("text", options));
    }

    /** As {@link #explain}, in PostgreSQL's JSON form. */
    public List<Map<String, @Nullable Object>> explainJson(Explain... options) {
        return Waiting.on(explainJsonAsync(options));
    }

    public CompletableFuture<List<Map<String, @Nullable Object>>> explainJsonAsync(Explain... options) {
        return request().accept(plan("json", options)).send(answer -> Json.readList(answer, Json.rowClass()));
    }

    private CompletableFuture<String> text(String type) {
        return request().accept(type).send(Answer::text);
    }

    private static String plan(String form, Explain... options) {
        String asked = Arrays.stream(options)
                .map(option -> option.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("|"));
        return "application/vnd.pgrst.plan+" + form + "; for=\"application/json\""
                + (asked.isEmpty() ? "" : "; options=" + asked);
    }
}
