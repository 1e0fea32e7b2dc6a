package dev.basalt.sdk.data;

import java.util.List;

/**
 * A table or view that the caller may see through row-level security. Immutable and thread-safe, as the queries it makes.
 */
public final class Table {
    private final Schema schema;
    private final String name;

    Table(Schema schema, String name) {
        if (name.isBlank()) throw new IllegalArgumentException("the table needs a name");
        this.schema = schema;
        this.name = name;
    }

    /** Reads all columns. */
    public SelectQuery select() {
        return select("*");
    }

    /** Reads the columns listed in the REST dialect, for example {@code id,title,author:profiles(name)}. */
    public SelectQuery select(String columns) {
        return new SelectQuery(request("GET").only("select", columns));
    }

    /** Reads these parts. */
    public SelectQuery select(Selection... selections) {
        return new SelectQuery(request("GET").select(List.of(selections)));
    }

    /** Adds one row, a record or a map, or several, a collection of them. */
    public InsertQuery insert(Object rows) {
        return new InsertQuery(request("POST").content(Content.json(rows)));
    }

    /** Adds the rows of a CSV (RFC 4180) whose first line names the columns; the field {@code NULL} is none. */
    public InsertQuery insertCsv(String csv) {
        return new InsertQuery(request("POST").content(Content.text("text/csv", csv)));
    }

    /** Adds rows, or replaces those with the same primary key. */
    public InsertQuery upsert(Object rows) {
        return new InsertQuery(request("POST").content(Content.json(rows)).prefer("resolution", "merge-duplicates"));
    }

    /** Puts the one row whose primary key the {@code eq} filters name in place: adds it, or replaces all of it. */
    public WriteQuery put(Object row) {
        return new WriteQuery(request("PUT").content(Content.json(row)));
    }

    /** Changes the given columns of the rows that the filters pick. */
    public WriteQuery update(Object changes) {
        return new WriteQuery(request("PATCH").content(Content.json(changes)));
    }

    /** Deletes the rows that the filters pick. */
    public WriteQuery delete() {
        return new WriteQuery(request("DELETE"));
    }

    private Request request(String method) {
        return schema.request(method, name);
    }
}
