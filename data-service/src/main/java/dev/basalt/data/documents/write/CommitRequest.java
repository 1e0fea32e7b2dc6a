package dev.basalt.data.documents.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.CollectionPath;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentPath;
import dev.basalt.data.documents.Path;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.documents.write.Write.Must;
import dev.basalt.data.documents.write.Write.Op;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code {writes: [{op, path, data, precondition, transforms}], sql: [{query, params}]}}. Immutable.
 *
 * <p>{@code op} is {@code create}, {@code set}, {@code merge}, {@code patch} or {@code delete}; {@code precondition} is
 * {@code {exists: true|false}} or {@code {version: n}}.
 *
 * @param sql statements in the same transaction, after the writes; null for none
 */
record CommitRequest(List<Write> writes, @Nullable JsonArray sql) {
    /** A commit wraps a document in itself, the list and the write. */
    private static final int DEPTH = StrictJson.MAX_DEPTH + 3;

    private static final Set<String> MEMBERS = Set.of("writes", "sql");
    private static final Set<String> WRITE_MEMBERS = Set.of("op", "path", "data", "precondition", "transforms");

    CommitRequest {
        writes = List.copyOf(writes);
    }

    /** Reads a body; what is wrong with a write is refused with its index as {@code write}. */
    static CommitRequest parse(Buffer body, int maxWrites) {
        var commit = StrictJson.object(body, DEPTH);
        StrictJson.requireMembers(commit, MEMBERS);
        var sql = commit.path("sql");
        if (!sql.isMissingNode() && (!sql.isArray() || sql.isEmpty())) {
            throw refused("'sql' is an array of {query, params}");
        }
        var items = commit.path("writes");
        if (!items.isMissingNode() && !items.isArray()) {
            throw refused("'writes' is an array");
        }
        if (items.isEmpty() && sql.isMissingNode()) {
            throw refused("a commit has 'writes' or 'sql'");
        }
        if (items.size() > maxWrites) {
            throw ApiException.of(
                    DocumentError.TOO_MANY_WRITES,
                    "A commit has at most " + maxWrites + " writes (basalt.data.documents.max-writes); here are "
                            + items.size());
        }
        var writes = new ArrayList<Write>(items.size());
        for (int i = 0; i < items.size(); i++) {
            try {
                writes.add(write(i, items.get(i)));
            } catch (ApiException refusal) {
                throw refusal.with("write", i);
            }
        }
        return new CommitRequest(writes, sql.isMissingNode() ? null : new JsonArray(sql.toString()));
    }

    private static Write write(int index, JsonNode item) {
        if (!(item instanceof ObjectNode write)) {
            throw refused("a write is an object");
        }
        StrictJson.requireMembers(write, WRITE_MEMBERS);
        var name = write.path("op").asText();
        var precondition = Precondition.of(name, write.path("precondition"));
        var transforms = Transforms.parse(write.path("transforms"));
        var op = switch (name) {
            case "create", "set" -> Op.SET;
            case "merge" -> Op.MERGE;
            case "patch" -> Op.PATCH;
            case "delete" -> Op.DELETE;
            default -> throw refused("'op' is create, set, merge, patch or delete");
        };
        if (transforms != null && (op == Op.PATCH || op == Op.DELETE)) {
            throw refused("transforms do not go with " + name);
        }
        var data = write.path("data");
        var pointer = "/writes/" + index + "/data";
        var text = switch (op) {
            case DELETE -> {
                if (!data.isMissingNode()) {
                    throw refused("a deletion has no data");
                }
                yield null;
            }
            case PATCH -> JsonPatches.read(data);
            case MERGE -> data.isMissingNode() && transforms != null ? "{}" : StrictJson.document(data, pointer);
            case SET -> StrictJson.document(data, pointer);
        };
        return new Write(
                index,
                op,
                path(name, write.path("path")),
                text,
                transforms,
                precondition.must(),
                precondition.versions(),
                precondition.otherwise());
    }

    /** A document to create may be named by its collection alone. */
    private static DocumentPath path(String op, JsonNode path) {
        if (!path.isTextual()) {
            throw refused("'path' is a text");
        }
        return switch (Path.parse(path.textValue())) {
            case DocumentPath document -> document;
            case CollectionPath collection when op.equals("create") -> Path.document(collection, DocumentIds.next());
            case CollectionPath collection ->
                throw refused("'" + collection + "' names a collection; a document is collection/id");
        };
    }

    private record Precondition(Must must, List<Long> versions, DocumentError otherwise) {
        static Precondition of(String op, JsonNode precondition) {
            if (precondition.isMissingNode()) {
                return switch (op) {
                    case "create" -> new Precondition(Must.ABSENT, List.of(), DocumentError.ALREADY_EXISTS);
                    case "patch" -> new Precondition(Must.PRESENT, List.of(), DocumentError.DOCUMENT_NOT_FOUND);
                    default -> new Precondition(Must.ANY, List.of(), DocumentError.PRECONDITION_FAILED);
                };
            }
            var exists = precondition.path("exists");
            var version = precondition.path("version");
            if (precondition.size() != 1
                    || op.equals("create")
                    || !(exists.isBoolean() || (version.isIntegralNumber() && version.canConvertToLong()))) {
                throw refused(
                        "'precondition' is {\"exists\": true|false} or {\"version\": n}, and does not go with create");
            }
            if (version.isIntegralNumber()) {
                return new Precondition(Must.PRESENT, List.of(version.longValue()), DocumentError.PRECONDITION_FAILED);
            }
            return new Precondition(
                    exists.booleanValue() ? Must.PRESENT : Must.ABSENT, List.of(), DocumentError.PRECONDITION_FAILED);
        }
    }

    private static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_REQUEST, detail);
    }
}
