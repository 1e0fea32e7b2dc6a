package dev.basalt.sdk.data;

import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Url;
import java.util.List;

/**
 * A table or view that the caller may see through row-level security. Immutable and thread-safe, as the queries it makes.
 */
public final class Table {
    private final Transport transport;
    private final BearerSource bearer;
    private final String path;

    public Table(Transport transport, BearerSource bearer, String name) {
        if (name.isBlank()) throw new IllegalArgumentException("the table needs a name");
        this.transport = transport;
        this.bearer = bearer;
        this.path = "/rest/v1/" + Url.encode(name);
    }

    /** Reads all columns. */
    public SelectQuery select() {
        return select("*");
    }

    /** Reads the columns listed in the REST dialect, for example {@code id,title,author:profiles(name)}. */
    public SelectQuery select(String columns) {
        return new SelectQuery(request("GET").parameter("select", columns));
    }

    /** Adds one row, a record or a map, or several, a collection of them. */
    public InsertQuery insert(Object rows) {
        return new InsertQuery(request("POST").map(call -> call.json(rows)));
    }

    /** Adds rows, or replaces those with the same primary key. */
    public InsertQuery upsert(Object rows) {
        return new InsertQuery(request("POST").map(call -> call.json(rows)).prefer("resolution=merge-duplicates"));
    }

    /** Changes the given columns of the rows that the filters pick. */
    public WriteQuery update(Object changes) {
        return new WriteQuery(request("PATCH").map(call -> call.json(changes)));
    }

    /** Deletes the rows that the filters pick. */
    public WriteQuery delete() {
        return new WriteQuery(request("DELETE"));
    }

    private Request request(String method) {
        return new Request(transport, bearer, Call.of(Dialect.DATA, method, path), List.of());
    }
}
