package dev.basalt.control.function;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
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

/** Functions and their versions in the control database. Safe for use by any thread. */
@ApplicationScoped
class FunctionStore {
    private static final int KEPT_VERSIONS = 10;
    private static final String SELECT = """
            select f.name, v.version, v.manifest, v.digest, v.blob, v.size_bytes, f.created_at, f.updated_at
            from functions f join function_aliases a on a.function_id = f.id and a.name = 'live'
            join function_versions v on v.function_id = f.id and v.version = a.version
            where f.project_id = $1""";

    private final ControlDatabase database;

    @Inject
    FunctionStore(ControlDatabase database) {
        this.database = database;
    }

    Future<List<FunctionView>> list(UUID project) {
        return database.query(SELECT + " order by f.name", Tuple.of(project)).map(rows -> {
            var functions = new ArrayList<FunctionView>();
            rows.forEach(row -> functions.add(view(row)));
            return functions;
        });
    }

    Future<Optional<FunctionView>> find(UUID project, String name) {
        return database.query(SELECT + " and f.name = $2", Tuple.of(project, name))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(view(rows.iterator().next())));
    }

    /**
     * What a deployment wrote.
     *
     * @param version the new one
     * @param live whether it is the one that answers plain calls
     * @param forgotten blobs that no version names any more
     */
    record Written(int version, boolean live, List<String> forgotten) {}

    /** Writes a new version; as the live one, with the project's triggers what its manifest says, if asked or the first. */
    Future<Written> deploy(
            UUID project, String name, FunctionManifest manifest, String digest, String blob, long size, boolean live) {
        return database.transaction(connection -> lockProject(connection, project)
                .compose(locked -> connection.preparedQuery("""
                                insert into functions (id, project_id, name) values ($1, $2, $3)
                                on conflict (project_id, name) do update set updated_at = now() returning id""").execute(Tuple.of(UUID.randomUUID(), project, name)))
                .map(rows -> rows.iterator().next().getUUID(0))
                .compose(id -> connection
                        .preparedQuery("""
                                insert into function_versions (function_id, version, manifest, digest, blob, size_bytes)
                                select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5
                                from function_versions where function_id = $1 returning version""")
                        .execute(Tuple.of(id, manifest.toJson(), digest, blob, size))
                        .map(rows -> rows.iterator().next().getInteger(0))
                        .compose(version -> {
                            var goesLive = live || version == 1;
                            return (goesLive
                                            ? AliasStore.set(connection, id, Alias.live(version))
                                                    .compose(set -> setTriggers(
                                                            connection, project, name, manifest.projectTriggers(name)))
                                            : Future.<Void>succeededFuture())
                                    .compose(switched -> prune(connection, id, version))
                                    .map(blobs -> new Written(version, goesLive, blobs));
                        })));
    }

    /** Removes a function, its versions and its triggers; answers the blobs of its versions. */
    Future<List<String>> delete(UUID project, String name) {
        return database.transaction(connection -> lockProject(connection, project)
                .compose(locked -> connection.preparedQuery("""
                                select distinct v.blob from function_versions v join functions f on f.id = v.function_id
                                where f.project_id = $1 and f.name = $2""").execute(Tuple.of(project, name)))
                .compose(rows -> {
                    var blobs = new ArrayList<String>();
                    rows.forEach(row -> blobs.add(row.getString(0)));
                    return connection
                            .preparedQuery("delete from functions where project_id = $1 and name = $2")
                            .execute(Tuple.of(project, name))
                            .compose(deleted -> deleted.rowCount() == 0
                                    ? Future.failedFuture(ApiException.of(FunctionError.FUNCTION_NOT_FOUND))
                                    : setTriggers(connection, project, name, new JsonArray()))
                            .<List<String>>map(set -> blobs);
                }));
    }

    /** One deployment of a project at a time: versions count up and triggers are replaced as a whole. */
    static Future<Void> lockProject(SqlConnection connection, UUID project) {
        return connection
                .preparedQuery("select 1 from projects where id = $1 for update")
                .execute(Tuple.of(project))
                .mapEmpty();
    }

    /** Tells hosts of a change to a function; answers its id or fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    static Future<UUID> touch(SqlConnection connection, UUID project, String name) {
        return connection
                .preparedQuery(
                        "update functions set updated_at = now() where project_id = $1 and name = $2 returning id")
                .execute(Tuple.of(project, name))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ApiException.of(FunctionError.FUNCTION_NOT_FOUND);
                    }
                    return rows.iterator().next().getUUID(0);
                });
    }

    static Future<Void> setTriggers(SqlConnection connection, UUID project, String name, JsonArray triggers) {
        return connection
                .preparedQuery("""
                        update projects set triggers = coalesce((select jsonb_agg(t order by n) from
                            jsonb_array_elements(triggers) with ordinality as e (t, n) where t ->> 'function' <> $2), '[]') || $3,
                          updated_at = now()
                        where id = $1""")
                .execute(Tuple.of(project, name, triggers))
                .mapEmpty();
    }

    private static Future<List<String>> prune(SqlConnection connection, UUID function, int version) {
        return connection
                .preparedQuery("""
                        with old as (delete from function_versions v where function_id = $1 and version <= $2 and not exists
                          (select 1 from function_aliases a
                           where a.function_id = $1 and v.version in (a.version, a.canary_version)) returning version, blob)
                        select distinct blob from old where blob not in (select blob from function_versions
                          where function_id = $1 and version not in (select version from old))""")
                .execute(Tuple.of(function, version - KEPT_VERSIONS))
                .map(rows -> {
                    var blobs = new ArrayList<String>();
                    rows.forEach(row -> blobs.add(row.getString(0)));
                    return blobs;
                });
    }

    private static FunctionView view(Row row) {
        return new FunctionView(
                row.getString("name"),
                row.getInteger("version"),
                FunctionManifest.parse((JsonObject) row.getJson("manifest")),
                row.getString("digest"),
                row.getString("blob"),
                row.getLong("size_bytes"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"));
    }
}
