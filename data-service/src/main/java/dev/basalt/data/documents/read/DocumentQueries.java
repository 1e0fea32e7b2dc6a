package dev.basalt.data.documents.read;

import dev.basalt.data.documents.CollectionPath;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentFailure;
import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.collection.Collections;
import dev.basalt.data.query.Condition;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.database.TransactionStart;
import dev.basalt.kit.database.TransactionStart.First;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Queries on collections as the caller, one statement each. Safe for use by any thread. */
@ApplicationScoped
public class DocumentQueries {
    /** Columns of a page's row before its sort keys. */
    private static final int KEYS = 4;

    private static final First PLANNED_ANEW =
            new First("select set_config('plan_cache_mode', 'force_custom_plan', true)", Tuple.tuple());

    private final ProjectDatabases databases;
    private final Collections collections;

    @Inject
    DocumentQueries(ProjectDatabases databases, Collections collections) {
        this.databases = databases;
        this.collections = collections;
    }

    /**
     * The page; fails with {@link DocumentError#UNKNOWN_COLLECTION}, {@link DocumentError#INVALID_CURSOR} or {@link
     * DocumentError#INVALID_QUERY}.
     *
     * @param abandoned completes when nobody waits for it any more
     */
    public Future<DocumentPage> page(RequestContext context, DocumentQuery query, @Nullable Future<Void> abandoned) {
        var keys = SortKey.of(query.asked().order());
        var identity = context.project().id() + "|" + query.identity();
        var sql = new SqlText();
        var matching = matching(
                query.collection(),
                query.group(),
                query.asked().where(),
                query.asked().values(),
                sql);
        var statement = statement(query, keys, identity, matching, sql);
        return collections
                .find(context, query.collection().collection())
                .compose(_ -> run(context, statement, sql, abandoned))
                .map(rows -> page(query, keys, identity, rows));
    }

    private static String statement(
            DocumentQuery query, List<SortKey> keys, String identity, String matching, SqlText sql) {
        var cursor = query.cursor();
        var after = cursor == null
                ? ""
                : " and " + SortKey.after(keys, PageCursor.decode(cursor, identity, keys.size()), sql);
        var order = SortKey.orderBy(keys);
        var page =
                "select d.version, " + DocumentSql.envelope(query.collection().collection(), data(query, sql))
                        + " as envelope, d.id, "
                        + (query.counted() ? "row_number() over (order by " + order + ")" : "0") + " as place, "
                        + IntStream.range(0, keys.size())
                                .mapToObj(i -> keys.get(i).field().expression() + "::text as k" + i)
                                .collect(Collectors.joining(", "))
                        + matching + after + " order by " + order + " limit " + sql.number(query.limit() + 1L);
        return query.counted()
                ? "select page.*, total.n from (select count(*) as n" + matching + ") as total left join (" + page
                        + ") as page on true order by page.place"
                : page;
    }

    /** What is shown of the documents' data. */
    private static String data(DocumentQuery query, SqlText sql) {
        var select = query.asked().select();
        if (select == null) {
            return "d.data";
        }
        var paths = new JsonArray();
        for (var field : select) {
            if (DocumentField.of(field).isJson()) {
                paths.add(new JsonArray(DocumentField.steps(field)));
            }
        }
        return "basalt_documents.pick(d.data, " + sql.text(paths.encode()) + "::jsonb)";
    }

    /** {@code from … where …}: the documents that the caller may see and that match. */
    static String matching(
            CollectionPath collection, boolean group, List<Condition> where, List<String> values, SqlText sql) {
        var text = new StringBuilder(" from ")
                .append(DocumentSql.table(collection.collection()))
                .append(" d where ")
                .append(DocumentSql.ALIVE);
        if (!group) {
            text.append(" and d.parent = ").append(sql.text(collection.parent()));
        }
        if (!where.isEmpty()) {
            text.append(" and ").append(new FilterSql(sql, values).all(where));
        }
        return text.toString();
    }

    Future<RowSet<Row>> run(RequestContext context, String statement, SqlText sql, @Nullable Future<Void> abandoned) {
        var first = sql.isDecisive() ? List.of(PLANNED_ANEW) : List.<First>of();
        var start = new TransactionStart(Mode.READ, TransactionStart.Isolation.DEFAULT, first, false, abandoned);
        return databases
                .query(context, start, statement, sql.parameters())
                .recover(failure -> Future.failedFuture(worded(failure)));
    }

    /** A value that does not fit its field, an unknown search configuration: the query's fault. */
    private static Throwable worded(Throwable failure) {
        if (failure instanceof PgException pg
                && pg.getSqlState() != null
                && (pg.getSqlState().startsWith("22") || pg.getSqlState().equals("42704"))) {
            var message = pg.getErrorMessage();
            return ApiException.of(
                    DocumentError.INVALID_QUERY, message == null ? DocumentError.INVALID_QUERY.title() : message);
        }
        return DocumentFailure.of(failure);
    }

    private static DocumentPage page(DocumentQuery query, List<SortKey> keys, String identity, RowSet<Row> rows) {
        var items = new ArrayList<DocumentPage.Item>(rows.size());
        Row last = null;
        Long count = null;
        boolean more = false;
        for (var row : rows) {
            if (query.counted()) {
                count = row.getLong(KEYS + keys.size());
            }
            if (row.getString(1) == null) {
                break;
            }
            if (items.size() == query.limit()) {
                more = true;
                break;
            }
            last = row;
            var parent = row.getString(KEYS + keys.size() - 2);
            var document = new CollectionPath(parent, query.collection().collection()).document(row.getString(2));
            items.add(new DocumentPage.Item(document.toString(), row.getLong(0), row.getString(1)));
        }
        return new DocumentPage(items, more && last != null ? cursor(identity, keys, last) : null, count, null);
    }

    private static String cursor(String identity, List<SortKey> keys, Row last) {
        var values = new ArrayList<@Nullable String>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            values.add(last.getString(KEYS + i));
        }
        return PageCursor.encode(identity, values);
    }
}
