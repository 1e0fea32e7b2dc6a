package dev.basalt.sdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.data.Column;
import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.data.FilteredQuery;
import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.data.PathGrammar;
import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.DocumentJson;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A query on a collection. Conditions are those of tables, on paths as {@link Field#field} reads them. A text equals texts alone,
 * a number numbers and what is spelled like one. Immutable and thread-safe.
 *
 * <p>Calls fail with {@link DocumentException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class DocumentQuery<T> implements FilteredQuery<DocumentQuery<T>> {
    private final Connection connection;
    private final Location collection;
    private final Class<T> type;
    private final List<Map.Entry<String, String>> conditions;
    private final List<String> order;
    private final List<Map.Entry<String, String>> settings;

    DocumentQuery(Connection connection, Location collection, Class<T> type) {
        this(connection, collection, type, List.of(), List.of(), List.of());
    }

    private DocumentQuery(
            Connection connection,
            Location collection,
            Class<T> type,
            List<Map.Entry<String, String>> conditions,
            List<String> order,
            List<Map.Entry<String, String>> settings) {
        this.connection = connection;
        this.collection = collection;
        this.type = type;
        this.conditions = conditions;
        this.order = order;
        this.settings = settings;
    }

    @Override
    public DocumentQuery<T> where(Filter filter) {
        var more = new ArrayList<>(conditions);
        more.add(PathGrammar.parameter(filter));
        return new DocumentQuery<>(connection, collection, type, List.copyOf(more), order, settings);
    }

    /** Sorts by a field: null, texts, numbers, truth values, arrays, objects; what is missing comes last, or first when descending. */
    @Override
    public DocumentQuery<T> order(Column field, Order direction) {
        var more = new ArrayList<>(order);
        more.add(PathGrammar.order(field, direction));
        return new DocumentQuery<>(connection, collection, type, conditions, List.copyOf(more), settings);
    }

    /** How many documents a page has at most; 100 unless set. */
    @Override
    public DocumentQuery<T> limit(long documents) {
        if (documents < 0) throw new IllegalArgumentException("the limit is 0 or more");
        return with("limit", Long.toString(documents));
    }

    @Override
    public Column named(String path) {
        return Field.field(path);
    }

    /** Reads these parts of the documents and nothing else of them. */
    public DocumentQuery<T> select(String... paths) {
        return with("select", written(paths));
    }

    /** Reads documents as another type. */
    public <R> DocumentQuery<R> as(Class<R> other) {
        return new DocumentQuery<>(connection, collection, other, conditions, order, settings);
    }

    /** Goes on behind a page of the same query; see {@link Page#cursor}. */
    public DocumentQuery<T> after(String cursor) {
        return with("cursor", cursor);
    }

    /** Has pages say how many documents match. */
    public DocumentQuery<T> withTotal() {
        return with("count", "exact");
    }

    DocumentQuery<T> grouped() {
        return with("group", "true");
    }

    /** One page. */
    public Page<T> page() {
        return Waiting.on(pageAsync());
    }

    public CompletableFuture<Page<T>> pageAsync() {
        return connection.send(call(), this::page);
    }

    /** The documents of one page. */
    public List<Document<T>> list() {
        return page().documents();
    }

    public CompletableFuture<List<Document<T>>> listAsync() {
        return Linked.map(pageAsync(), Page::documents);
    }

    /** The first document, if there is one. */
    public Optional<Document<T>> first() {
        return Waiting.on(firstAsync());
    }

    public CompletableFuture<Optional<Document<T>>> firstAsync() {
        return Linked.map(limit(1).listAsync(), documents -> documents.stream().findFirst());
    }

    /**
     * The documents of all pages, each page read when the one before it is used up. What is written meanwhile shows, or not, by
     * its place in the order.
     */
    public Stream<Document<T>> stream() {
        return StreamSupport.stream(new AllPages<>(this), false);
    }

    /** How many documents match. */
    public long count() {
        return Waiting.on(countAsync());
    }

    public CompletableFuture<Long> countAsync() {
        return Linked.map(aggregate(Aggregate.count()).singleAsync(), Group::count);
    }

    /** Values worked out from all documents that match; limit, order and selection do not matter. */
    public AggregateQuery aggregate(Aggregate... values) {
        return new AggregateQuery(connection, collection, aggregated(), List.of(values), List.of());
    }

    /**
     * The documents of the page, and again whenever they change, by whatever way. Each subscriber has a connection of its own, and
     * gets a snapshot for each that it asks for: while it asks for none nothing is read, and then it gets the newest state
     * alone. A connection that breaks is made anew, and goes on from what was seen. A subscription ends with an error, a {@link
     * dev.basalt.sdk.error.BasaltException}, when the server refuses, or can't be reached for as many times as {@link
     * dev.basalt.sdk.http.ClientOptions#liveRetries} says; it never completes. Its signals come from threads of the client, which
     * must not be kept waiting.
     */
    public Flow.Publisher<Snapshot<T>> live() {
        return subscriber -> new LiveSubscription<>(connection, call(), type, subscriber).start();
    }

    private Call call() {
        var parameters = new ArrayList<>(conditions);
        if (!order.isEmpty()) parameters.add(Map.entry("order", String.join(",", order)));
        parameters.addAll(settings);
        return Connection.call("GET", collection.url()).parameters(parameters);
    }

    private List<Map.Entry<String, String>> aggregated() {
        var parameters = new ArrayList<>(conditions);
        settings.stream().filter(setting -> setting.getKey().equals("group")).forEach(parameters::add);
        return List.copyOf(parameters);
    }

    private DocumentQuery<T> with(String setting, String value) {
        var changed = new ArrayList<>(settings);
        changed.removeIf(one -> one.getKey().equals(setting));
        changed.add(Map.entry(setting, value));
        return new DocumentQuery<>(connection, collection, type, conditions, order, List.copyOf(changed));
    }

    private Page<T> page(Answer answer) {
        JsonNode page = Json.readTree(answer);
        JsonNode count = page.path("count");
        return new Page<>(
                Document.listOf(page.path("documents"), type, answer.requestId()),
                page.path("cursor").textValue(),
                count.isNumber() ? Long.valueOf(count.asLong()) : null,
                page.has("hint")
                        ? DocumentJson.read(page.path("hint"), Page.IndexHint.class, answer.requestId())
                        : null);
    }

    static String written(String... paths) {
        return Arrays.stream(paths).map(Field::field).map(PathGrammar::path).collect(Collectors.joining(","));
    }
}
