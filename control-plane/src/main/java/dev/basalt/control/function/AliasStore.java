package dev.basalt.control.function;

import dev.basalt.control.function.Alias.Canary;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Versions of functions and the names that they answer under. Safe for use by any thread. */
@ApplicationScoped
class AliasStore {
    private static final String FOREIGN_KEY = "23503";

    private final ControlDatabase database;

    @Inject
    AliasStore(ControlDatabase database) {
        this.database = database;
    }

    /** A version's manifest. */
    Future<Optional<FunctionManifest>> manifest(UUID project, String name, int version) {
        return database.query("""
                        select v.manifest from functions f join function_versions v on v.function_id = f.id
                        where f.project_id = $1 and f.name = $2 and v.version = $3""", Tuple.of(project, name, version))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(FunctionManifest.parse(
                                (JsonObject) rows.iterator().next().getJson(0))));
    }

    /** The newest version below the one that is live. */
    Future<Optional<Integer>> earlier(UUID project, String name) {
        return database.query("""
                        select max(v.version) from functions f
                        join function_aliases a on a.function_id = f.id and a.name = 'live'
                        join function_versions v on v.function_id = f.id and v.version < a.version
                        where f.project_id = $1 and f.name = $2""", Tuple.of(project, name))
                .map(rows -> Optional.ofNullable(rows.iterator().next().getInteger(0)));
    }

    /** A function's versions, newest first, as JSON. */
    Future<List<JsonObject>> versions(UUID project, String name) {
        return database.query("""
                        select v.version, v.digest, v.size_bytes, v.created_at, v.manifest, coalesce(
                          (select jsonb_agg(a.name order by a.name) from function_aliases a
                           where a.function_id = f.id and v.version in (a.version, a.canary_version)), '[]') as aliases
                        from functions f join function_versions v on v.function_id = f.id
                        where f.project_id = $1 and f.name = $2 order by v.version desc""", Tuple.of(project, name)).map(rows -> {
            var versions = new ArrayList<JsonObject>();
            rows.forEach(row -> versions.add(new JsonObject()
                    .put("version", row.getInteger("version"))
                    .put("digest", row.getString("digest"))
                    .put("sizeBytes", row.getLong("size_bytes"))
                    .put(
                            "createdAt",
                            row.getOffsetDateTime("created_at").toInstant().toString())
                    .put("aliases", row.getJson("aliases"))
                    .put("manifest", row.getJson("manifest"))));
            return versions;
        });
    }

    Future<List<Alias>> aliases(UUID project, String name) {
        return database.query("""
                        select a.name, a.version, a.canary_version, a.canary_weight
                        from functions f join function_aliases a on a.function_id = f.id
                        where f.project_id = $1 and f.name = $2 order by a.name""", Tuple.of(project, name)).map(rows -> {
            var aliases = new ArrayList<Alias>();
            rows.forEach(row -> aliases.add(alias(row)));
            return aliases;
        });
    }

    /**
     * Makes an alias what is given; with the live one go the project's triggers. Fails with {@link
     * FunctionError#FUNCTION_NOT_FOUND} or {@link FunctionError#VERSION_NOT_FOUND}.
     */
    Future<Void> put(UUID project, String name, Alias alias, Optional<FunctionManifest> live) {
        return database.transaction(connection -> FunctionStore.lockProject(connection, project)
                .compose(locked -> FunctionStore.touch(connection, project, name))
                .compose(function -> set(connection, function, alias))
                .compose(set -> live.isPresent()
                        ? FunctionStore.setTriggers(
                                connection, project, name, live.get().projectTriggers(name))
                        : Future.succeededFuture()));
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND} or {@link FunctionError#ALIAS_NOT_FOUND}. */
    Future<Void> delete(UUID project, String name, String alias) {
        return database.transaction(connection -> FunctionStore.touch(connection, project, name)
                .compose(function -> connection
                        .preparedQuery("delete from function_aliases where function_id = $1 and name = $2")
                        .execute(Tuple.of(function, alias)))
                .compose(deleted -> deleted.rowCount() == 0
                        ? Future.failedFuture(ApiException.of(FunctionError.ALIAS_NOT_FOUND))
                        : Future.succeededFuture()));
    }

    static Future<Void> set(SqlConnection connection, UUID function, Alias alias) {
        return connection
                .preparedQuery("""
                        insert into function_aliases (function_id, name, version, canary_version, canary_weight)
                        values ($1, $2, $3, $4, $5)
                        on conflict (function_id, name) do update set version = excluded.version,
                          canary_version = excluded.canary_version, canary_weight = excluded.canary_weight, updated_at = now()""")
                .execute(Tuple.of(
                        function,
                        alias.name(),
                        alias.version(),
                        alias.canary().map(Canary::version).orElse(null),
                        alias.canary().map(Canary::weight).orElse(null)))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(
                        failure instanceof io.vertx.pgclient.PgException pg && FOREIGN_KEY.equals(pg.getSqlState())
                                ? ApiException.of(FunctionError.VERSION_NOT_FOUND)
                                : failure));
    }

    private static Alias alias(Row row) {
        var canary = row.getInteger("canary_version");
        return new Alias(
                row.getString("name"),
                row.getInteger("version"),
                canary == null ? Optional.empty() : Optional.of(new Canary(canary, row.getDouble("canary_weight"))));
    }
}
