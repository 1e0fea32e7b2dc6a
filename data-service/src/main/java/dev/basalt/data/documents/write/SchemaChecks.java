package dev.basalt.data.documents.write;

import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.documents.collection.Collection;
import dev.basalt.data.documents.collection.DocumentSchema;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Documents against the schemas of their collections: before they are sent where they are known, else as they were written,
 * before the transaction commits. Safe for use by any thread.
 */
@ApplicationScoped
class SchemaChecks {
    private final Vertx vertx;

    @Inject
    SchemaChecks(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Whether only the result of a write can be checked. */
    boolean needsResult(Map<String, Collection> collections, Write write) {
        return schema(collections, write) != null && write.data() != null && !write.isWhole();
    }

    /** Whether {@link #after} looks at what becomes of such a write. */
    boolean looks(Map<String, Collection> collections, Write write) {
        return schema(collections, write) != null;
    }

    /** Checks the documents that are known. */
    Future<Void> before(Map<String, Collection> collections, List<Write> writes) {
        Future<Void> checked = Future.succeededFuture();
        for (var write : writes) {
            var schema = schema(collections, write);
            var document = write.data();
            if (schema != null && document != null && write.isWhole()) {
                checked = checked.compose(_ -> check(schema, write, document));
            }
        }
        return checked;
    }

    /** Checks the documents that came to be by what was there; those that a hook changed among them. */
    Future<Void> after(Map<String, Collection> collections, List<Written> written) {
        Future<Void> checked = Future.succeededFuture();
        for (var one : written) {
            var schema = schema(collections, one.write());
            var envelope = one.envelope();
            if (schema != null && envelope != null) {
                checked = checked.compose(_ -> check(
                        schema,
                        one.write(),
                        Objects.requireNonNull(StrictJson.parse(envelope).get("data"))
                                .toString()));
            }
        }
        return checked;
    }

    private Future<Void> check(DocumentSchema schema, Write write, String document) {
        return schema.check(vertx, document)
                .recover(failure -> Future.failedFuture(
                        failure instanceof ApiException refusal ? write.located(refusal) : failure));
    }

    private static @Nullable DocumentSchema schema(Map<String, Collection> collections, Write write) {
        var collection = collections.get(write.path().collection().collection());
        return collection == null ? null : collection.schema();
    }
}
