package dev.basalt.data.documents.read;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentFailure;
import dev.basalt.data.documents.DocumentPath;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.collection.Collections;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Reads of single documents as the caller. Safe for use by any thread. */
@ApplicationScoped
class DocumentReads {
    private final ProjectDatabases databases;
    private final Collections collections;

    @Inject
    DocumentReads(ProjectDatabases databases, Collections collections) {
        this.databases = databases;
        this.collections = collections;
    }

    /** A document as clients see it, with its version. */
    record Found(long version, String envelope) {}

    /** The document; fails with {@link DocumentError#DOCUMENT_NOT_FOUND}, also if the caller may not see it. */
    Future<Found> get(RequestContext context, DocumentPath path) {
        var name = path.collection().collection();
        return collections
                .find(context, name)
                .compose(_ -> databases
                        .query(
                                context,
                                Mode.READ,
                                sql(name),
                                Tuple.of(path.collection().parent(), path.id()))
                        .recover(DocumentFailure::worded)
                        .map(rows -> {
                            for (var row : rows) {
                                return new Found(row.getLong(0), row.getString(1));
                            }
                            throw ApiException.of(DocumentError.DOCUMENT_NOT_FOUND);
                        }));
    }

    private static String sql(String collection) {
        return "select d.version, " + DocumentSql.envelope(collection) + " from " + DocumentSql.table(collection)
                + " d where d.parent = $1 and d.id = $2 and " + DocumentSql.ALIVE;
    }
}
