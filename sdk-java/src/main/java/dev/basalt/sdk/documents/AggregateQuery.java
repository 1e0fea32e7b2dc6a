package dev.basalt.sdk.documents;

import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Values to be worked out from the documents of a query, perhaps in groups. Immutable and thread-safe. */
public final class AggregateQuery {
    private final Connection connection;
    private final Location collection;
    private final List<Map.Entry<String, String>> parameters;
    private final List<Aggregate> values;
    private final List<String> keys;

    AggregateQuery(
            Connection connection,
            Location collection,
            List<Map.Entry<String, String>> parameters,
            List<Aggregate> values,
            List<String> keys) {
        this.connection = connection;
        this.collection = collection;
        this.parameters = parameters;
        this.values = values;
        this.keys = keys;
    }

    /** A group for each of the values that these fields have together. */
    public AggregateQuery groupBy(String... paths) {
        List<String> written = Arrays.stream(paths).map(Aggregate::written).toList();
        return new AggregateQuery(connection, collection, parameters, values, written);
    }

    /** The groups, in the order of their keys; without keys it is one. */
    public List<Group> groups() {
        return Waiting.on(groupsAsync());
    }

    public CompletableFuture<List<Group>> groupsAsync() {
        return connection.send(
                Connection.call("POST", collection.url() + ":aggregate", body())
                        .parameters(parameters)
                        .asRepeatable(),
                AggregateQuery::read);
    }

    /**
     * The values over all documents.
     *
     * @throws IllegalStateException if there are keys to group by
     */
    public Group single() {
        return Waiting.on(singleAsync());
    }

    public CompletableFuture<Group> singleAsync() {
        if (!keys.isEmpty()) throw new IllegalStateException("with keys there are several groups");
        return Linked.map(groupsAsync(), groups -> {
            if (groups.size() == 1) return groups.getFirst();
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER, "The answer does not hold one group", null, null);
        });
    }

    private Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        for (Aggregate.Kind kind : Aggregate.Kind.values()) {
            var paths = new ArrayList<String>();
            for (Aggregate value : values) {
                String path = value.path();
                if (value.kind() != kind) continue;
                if (path == null) body.put(kind.wireName(), true);
                else paths.add(path);
            }
            if (!paths.isEmpty()) body.put(kind.wireName(), paths);
        }
        if (!keys.isEmpty()) body.put("groupBy", keys);
        return body;
    }

    private static List<Group> read(Answer answer) {
        return Json.readTree(answer)
                .path("groups")
                .valueStream()
                .map(group -> new Group(group, answer.requestId()))
                .toList();
    }
}
