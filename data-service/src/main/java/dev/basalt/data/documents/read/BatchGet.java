package dev.basalt.data.documents.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentPath;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.Path;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.documents.collection.Collections;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many documents by their paths, one statement and so one snapshot. Safe for use by any thread. */
@ApplicationScoped
class BatchGet {
    private static final int BODY_DEPTH = 2;
    private final DocumentQueries queries;
    private final Collections collections;

    @Inject
    BatchGet(DocumentQueries queries, Collections collections) {
        this.queries = queries;
        this.collections = collections;
    }

    /** The paths of {@code {"paths": […]}}. */
    static List<DocumentPath> parse(Buffer body, int max) {
        var paths = StrictJson.object(body, BODY_DEPTH).get("paths");
        if (paths == null || !paths.isArray() || paths.size() > max) {
            throw ApiException.of(DocumentError.INVALID_REQUEST, "'paths' is an array of at most " + max + " paths");
        }
        var parsed = new ArrayList<DocumentPath>();
        for (JsonNode path : paths) {
            if (!path.isTextual()) {
                throw ApiException.of(DocumentError.INVALID_REQUEST, "'paths' holds texts");
            }
            parsed.add(Path.document(path.textValue()));
        }
        return parsed;
    }

    /** {@code {"documents": […], "missing": […]}}, each in the order asked for. */
    Future<Buffer> get(RequestContext context, List<DocumentPath> paths) {
        var names = paths.stream().map(path -> path.collection().collection()).collect(Collectors.toSet());
        if (names.isEmpty()) {
            return Future.succeededFuture(Buffer.buffer("{\"documents\":[],\"missing\":[]}"));
        }
        var sql = new SqlText();
        var statement = names.stream()
                .map(name -> statement(name, paths, sql))
                .collect(Collectors.joining(" union all ", "", " order by 1"));
        return collections
                .find(context, names)
                .compose(_ -> queries.run(context, statement, sql, null))
                .map(rows -> {
                    var envelopes = new ArrayList<String>();
                    var missing = new JsonArray();
                    for (var row : rows) {
                        var envelope = row.getString(1);
                        if (envelope == null) {
                            missing.add(paths.get(row.getInteger(0)).toString());
                        } else {
                            envelopes.add(envelope);
                        }
                    }
                    return Buffer.buffer("{\"documents\":[" + String.join(",", envelopes) + "],\"missing\":"
                            + missing.encode() + "}");
                });
    }

    private static String statement(String collection, List<DocumentPath> paths, SqlText sql) {
        var places = IntStream.range(0, paths.size())
                .filter(i -> paths.get(i).collection().collection().equals(collection))
                .boxed()
                .toList();
        return "select w.n::int, case when d.id is not null then " + DocumentSql.envelope(collection)
                + " end from unnest("
                + sql.texts(places.stream().map(String::valueOf).toList()) + ", "
                + sql.texts(places.stream()
                        .map(i -> paths.get(i).collection().parent())
                        .toList())
                + ", " + sql.texts(places.stream().map(i -> paths.get(i).id()).toList())
                + ") as w(n, parent, id) left join " + DocumentSql.table(collection)
                + " d on d.parent = w.parent and d.id = w.id and " + DocumentSql.ALIVE;
    }
}
