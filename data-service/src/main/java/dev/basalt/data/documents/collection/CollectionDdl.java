package dev.basalt.data.documents.collection;

import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.Grammar;
import dev.basalt.data.documents.collection.CollectionConfig.Expiry;
import dev.basalt.data.query.PathQueryParser;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a collection's table becomes by what is declared: indexes and expiry, in one transaction of the project's owner, who
 * owns the table. Safe for use by any thread.
 */
@ApplicationScoped
class CollectionDdl {
    private static final String LOCK =
            "select pg_catalog.pg_advisory_xact_lock(hashtextextended('basalt_documents.' || $1, 0))";

    /** A large collection takes its time to be indexed. */
    private static final String PATIENCE = "set local statement_timeout = '10min'";

    /** Of the names of indexes, those of declared ones alone have a dot. */
    private static final String DECLARED = """
        select c.relname from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
        where i.indrelid = $1::text::pg_catalog.regclass and pg_catalog.strpos(c.relname, '.') > 0\
        """;

    private final ProjectDatabases databases;

    @Inject
    CollectionDdl(ProjectDatabases databases) {
        this.databases = databases;
    }

    Future<Void> apply(RequestContext context, String name, CollectionConfig config) {
        var wanted = config.indexes().stream()
                .collect(Collectors.toMap(index -> index.name(name), index -> index.sql(name), (one, _) -> one));
        if (config.ttl() != null) {
            wanted.put(
                    expiryIndex(name),
                    "create index \"" + expiryIndex(name) + "\" on " + DocumentSql.table(name)
                            + " (expires_at) where expires_at is not null");
        }
        return transaction(
                context,
                name,
                connection -> connection
                        .preparedQuery(DECLARED)
                        .execute(Tuple.of(DocumentSql.table(name)))
                        .map(rows -> {
                            var statements = new ArrayList<String>();
                            for (var row : rows) {
                                if (wanted.remove(row.getString(0)) == null) {
                                    statements.add("drop index documents.\"" + row.getString(0) + "\"");
                                }
                            }
                            statements.addAll(wanted.values());
                            statements.addAll(expiry(name, config.ttl()));
                            return statements;
                        })
                        .compose(statements -> all(connection, statements)));
    }

    Future<Void> drop(RequestContext context, String name) {
        return transaction(
                context,
                name,
                connection -> all(connection, List.of("drop table if exists " + DocumentSql.table(name))));
    }

    private interface Work {
        Future<Void> on(SqlConnection connection);
    }

    private Future<Void> transaction(RequestContext context, String name, Work work) {
        return databases.owner(
                context,
                connection -> connection
                        .query("begin")
                        .execute()
                        .compose(_ -> connection.query(PATIENCE).execute())
                        .compose(_ -> connection.preparedQuery(LOCK).execute(Tuple.of(name)))
                        .compose(_ -> work.on(connection))
                        .transform(done -> connection
                                .query(done.succeeded() ? "commit" : "rollback")
                                .execute()
                                .compose(_ -> done.succeeded()
                                        ? Future.<Void>succeededFuture()
                                        : Future.<Void>failedFuture(done.cause()))));
    }

    private static Future<Void> all(SqlConnection connection, List<String> statements) {
        Future<?> last = Future.succeededFuture();
        for (var statement : statements) {
            last = last.compose(_ -> connection.query(statement).execute());
        }
        return last.mapEmpty();
    }

    /** The documents that are there are dated anew, which is no write of theirs: no trigger hears of it. */
    private static List<String> expiry(String name, @Nullable Expiry ttl) {
        var table = DocumentSql.table(name);
        var statements = new ArrayList<String>();
        statements.add("drop trigger if exists basalt_expiry on " + table);
        var date = "null";
        if (ttl != null) {
            var arguments = switch (ttl) {
                case Expiry.Field(var path) ->
                    "'field', "
                            + DocumentSql.literal(dev.basalt.data.query.ArrayLiteral.of(
                                    DocumentField.steps(Grammar.read(() -> PathQueryParser.path(path)))));
                case Expiry.Seconds(long seconds) -> "'seconds', '" + seconds + "'";
            };
            date = "basalt_documents.expiry(data, updated_at, " + arguments + ")";
            statements.add("create trigger basalt_expiry before insert or update on " + table
                    + " for each row execute function basalt_documents.date_expiry(" + arguments + ")");
        }
        statements.add("alter table " + table + " disable trigger user");
        statements.add("update " + table + " set expires_at = " + date + " where expires_at is distinct from " + date);
        statements.add("alter table " + table + " enable trigger user");
        return statements;
    }

    private static String expiryIndex(String name) {
        return name.substring(0, Math.min(20, name.length())) + ".ttl."
                + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
    }
}
