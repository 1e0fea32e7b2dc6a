package dev.basalt.sdk.documents;

import dev.basalt.sdk.http.DocumentJson;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes of documents and SQL in one transaction. A precondition of a reference holds for its write. Writes come first, in their
 * order; transforms apply after the data. For the one thread that makes it.
 */
public final class Commit {
    private final List<Map<String, Object>> writes = new ArrayList<>();
    private final List<Statement> statements = new ArrayList<>();
    private boolean sent;

    Commit() {}

    /** Makes a document; the commit fails where it is there. */
    public <T> void create(DocumentReference<T> document, T value, Transform... transforms) {
        add("create", document.path(), document.precondition(), value, transforms);
    }

    /** Makes a document under an id that the server makes. */
    public <T> void create(DocumentCollection<T> collection, T value, Transform... transforms) {
        add("create", collection.path(), new Precondition.None(), value, transforms);
    }

    /** Writes all of a document, whether it is there or not. */
    public <T> void set(DocumentReference<T> document, T value, Transform... transforms) {
        add("set", document.path(), document.precondition(), value, transforms);
    }

    /** Changes the members that a map or record holds, and removes those that are null in it; makes the document if it is missing. */
    public void merge(DocumentReference<?> document, Object changes, Transform... transforms) {
        add("merge", document.path(), document.precondition(), changes, transforms);
    }

    /** Changes fields by what they hold; makes the document if it is missing. */
    public void transform(DocumentReference<?> document, Transform... transforms) {
        if (transforms.length == 0) throw new IllegalArgumentException("there is nothing to transform");
        add("merge", document.path(), document.precondition(), null, transforms);
    }

    /** Changes a document by a patch; the commit fails where it is missing. */
    public void patch(DocumentReference<?> document, JsonPatch patch) {
        add("patch", document.path(), document.precondition(), patch);
    }

    /** Deletes a document; without a precondition it may be missing. */
    public void delete(DocumentReference<?> document) {
        add("delete", document.path(), document.precondition(), null);
    }

    /** Runs a statement of SQL after the writes; see {@link dev.basalt.sdk.sql.SqlClient#query}. */
    public void sql(String statement, @Nullable Object... parameters) {
        open();
        statements.add(new Statement(statement, parameters));
    }

    private void add(
            String op, String path, Precondition precondition, @Nullable Object data, Transform... transforms) {
        open();
        var write = new LinkedHashMap<String, Object>();
        write.put("op", op);
        write.put("path", path);
        if (data != null) write.put("data", DocumentJson.tree(data));
        precondition.inCommit().ifPresent(condition -> write.put("precondition", condition));
        if (transforms.length > 0) write.put("transforms", List.of(transforms));
        writes.add(write);
    }

    private void open() {
        if (sent) throw new IllegalStateException("the commit is made");
    }

    CompletableFuture<CommitResult> send(Connection connection) {
        sent = true;
        if (writes.isEmpty() && statements.isEmpty()) throw new IllegalArgumentException("a commit needs a write");
        var body = new LinkedHashMap<String, Object>();
        if (!writes.isEmpty()) body.put("writes", writes);
        if (!statements.isEmpty()) body.put("sql", statements);
        return connection.send(
                Connection.call("POST", "/documents/v1:commit", body),
                answer -> CommitResult.of(Json.readTree(answer), writes.size(), statements.size(), answer.requestId()));
    }
}
