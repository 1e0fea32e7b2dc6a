package dev.basalt.data.documents.collection;

import dev.basalt.data.documents.IndexKey;
import dev.basalt.data.documents.collection.CollectionConfig.Expiry;
import dev.basalt.data.error.PostgresFailure;
import dev.basalt.data.rules.AccessRules;
import dev.basalt.data.rules.RuleOperation;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Collections in a project's database. Safe for use by any thread. */
@ApplicationScoped
class CollectionStore {
    /** Tables that SQL made in the schema are collections if they have the shape of one. */
    private static final String LIST = """
        select c.relname, k.schema::text, k.ttl is not null, (
          select coalesce(pg_catalog.json_agg(keys.names), '[]')::text from pg_catalog.pg_index i
          cross join lateral (select pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, n, false) order by n) as names
            from pg_catalog.generate_series(1, i.indnkeyatts) n) keys
          where i.indrelid = c.oid and i.indisvalid and i.indpred is null
            and exists (select from pg_catalog.pg_class x join pg_catalog.pg_am m on m.oid = x.relam
              where x.oid = i.indexrelid and m.amname = 'btree'))
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'documents'
        left join basalt_documents.collections k on k.name = c.relname
        where c.relkind in ('r', 'p', 'v') and (select count(*) from pg_catalog.pg_attribute a
          where a.attrelid = c.oid and not a.attisdropped and a.attname in
            ('parent', 'id', 'data', 'version', 'owner', 'created_at', 'updated_at', 'expires_at')) = 8\
        """;

    private static final int TRIES = 5;

    private static final String CREATE = "select basalt_documents.create_collection($1)";

    private static final String FIND =
            "select schema::text, indexes::text, ttl::text, rules::text from basalt_documents.collections where name = $1";

    /** Every process that knows the project's schema reads it again, and its collections with it. */
    private static final String SAVE = """
            with saved as (
              insert into basalt_documents.collections as k (name, schema, indexes, ttl, rules)
              values ($1, $2::text::jsonb, $3::text::jsonb, $4::text::jsonb, $5::text::jsonb)
              on conflict (name) do update set schema = excluded.schema, indexes = excluded.indexes, ttl = excluded.ttl,
                rules = excluded.rules, updated_at = now()
              returning name)
            select pg_catalog.pg_notify('pgrst', 'reload schema') from saved""";

    private static final String FORGET = "delete from basalt_documents.collections where name = $1";

    private final Vertx vertx;
    private final ProjectDatabases databases;

    @Inject
    CollectionStore(Vertx vertx, ProjectDatabases databases) {
        this.vertx = vertx;
        this.databases = databases;
    }

    Future<Map<String, Collection>> list(RequestContext context) {
        return rows(context, TRIES).compose(rows -> {
            for (var row : rows) {
                if (row.getString(1) != null) {
                    return Blocking.call(vertx, () -> collections(rows));
                }
            }
            return Future.succeededFuture(collections(rows));
        });
    }

    /**
     * PostgreSQL fails to tell the keys of an index that was dropped since the query began. One that begins now does not
     * see it.
     */
    private Future<RowSet<Row>> rows(RequestContext context, int tries) {
        return databases
                .platformQuery(context, LIST, Tuple.tuple())
                .recover(failure -> tries > 1 && PostgresFailure.isDroppedMeanwhile(failure)
                        ? rows(context, tries - 1)
                        : Future.failedFuture(failure));
    }

    private static Map<String, Collection> collections(RowSet<Row> rows) {
        var collections = new HashMap<String, Collection>();
        for (var row : rows) {
            var schema = row.getString(1);
            collections.put(
                    row.getString(0),
                    new Collection(
                            row.getString(0),
                            schema == null ? null : DocumentSchema.compile(schema),
                            row.getBoolean(2),
                            indexes(new JsonArray(row.getString(3)))));
        }
        return Map.copyOf(collections);
    }

    /** Of an index with an expression of somebody's own, the keys before that one. */
    private static Set<List<IndexKey>> indexes(JsonArray told) {
        var indexes = new HashSet<List<IndexKey>>();
        for (int i = 0; i < told.size(); i++) {
            var names = told.getJsonArray(i);
            var keys = IntStream.range(0, names.size())
                    .mapToObj(n -> IndexKey.told(names.getString(n)))
                    .takeWhile(Optional::isPresent)
                    .map(Optional::orElseThrow)
                    .toList();
            if (!keys.isEmpty()) {
                indexes.add(keys);
            }
        }
        return indexes;
    }

    Future<Void> create(RequestContext context, String name) {
        return databases.platformQuery(context, CREATE, Tuple.of(name)).mapEmpty();
    }

    /** What was declared, as JSON; empty if nothing was. */
    Future<Optional<JsonObject>> find(RequestContext context, String name) {
        return databases.platformQuery(context, FIND, Tuple.of(name)).map(rows -> {
            for (var row : rows) {
                var json = new JsonObject();
                put(json, "schema", row.getString(0));
                json.put("indexes", new JsonArray(row.getString(1)));
                put(json, "ttl", row.getString(2));
                put(json, "rules", row.getString(3));
                return Optional.of(json);
            }
            return Optional.empty();
        });
    }

    private static void put(JsonObject json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, io.vertx.core.json.Json.decodeValue(value));
        }
    }

    Future<Void> save(RequestContext context, String name, CollectionConfig config) {
        var indexes = new JsonArray();
        config.indexes().forEach(index -> indexes.add(index.toJson()));
        return databases
                .platformQuery(
                        context,
                        SAVE,
                        Tuple.of(name, config.schema(), indexes.encode(), ttl(config.ttl()), rules(config.rules())))
                .mapEmpty();
    }

    private static @Nullable String rules(AccessRules rules) {
        var json = new JsonObject();
        member(json, RuleOperation.READ, rules.read());
        member(json, RuleOperation.CREATE, rules.create());
        member(json, RuleOperation.UPDATE, rules.update());
        member(json, RuleOperation.DELETE, rules.delete());
        return json.isEmpty() ? null : json.encode();
    }

    private static void member(JsonObject json, RuleOperation operation, @Nullable String rule) {
        if (rule != null) {
            json.put(operation.ruleName(), rule);
        }
    }

    private static @Nullable String ttl(@Nullable Expiry ttl) {
        return switch (ttl) {
            case null -> null;
            case Expiry.Field(var path) -> new JsonObject().put("field", path).encode();
            case Expiry.Seconds(long seconds) ->
                new JsonObject().put("seconds", seconds).encode();
        };
    }

    Future<Void> forget(RequestContext context, String name) {
        return databases.platformQuery(context, FORGET, Tuple.of(name)).mapEmpty();
    }
}
