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
            select f.name, f.version, v.manifest, v.digest, v.blob, v.size_bytes, f.created_at, f.updated_at
            from functions f join function_versions v on v.function_id = f.id and v.version = f.version
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
     * Makes a new version the one that answers, and the project's triggers what its manifest says.
     *
     * @return blobs that no version names any more
     */
    Future<List<String>> deploy(
            UUID project, String name, FunctionManifest manifest, String digest, String blob, long size) {
        return database.transaction(connection -> lockProject(connection, project)
                .compose(locked -> connection.preparedQuery("""
                                insert into functions (id, project_id, name, version) values ($1, $2, $3, 1)
                                on conflict (project_id, name)
                                do update set version = (select max(v.version) + 1 from function_versions v
                                  where v.function_id = functions.id), updated_at = now()
                                returning id, version""").execute(Tuple.of(UUID.randomUUID(), project, name)))
                .compose(rows -> {
                    var row = rows.iterator().next();
                    var id = row.getUUID(0);
                    var version = row.getInteger(1);
                    return connection
                            .preparedQuery("""
                                    insert into function_versions (function_id, version, manifest, digest, blob, size_bytes)
                                    values ($1, $2, $3, $4, $5, $6)""")
                            .execute(Tuple.of(id, version, manifest.toJson(), digest, blob, size))
                            .compose(inserted -> setTriggers(connection, project, name, manifest.projectTriggers(name)))
                            .compose(set -> prune(connection, id, version));
                }));
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
    private static Future<Void> lockProject(SqlConnection connection, UUID project) {
        return connection
                .preparedQuery("select 1 from projects where id = $1 for update")
                .execute(Tuple.of(project))
                .mapEmpty();
    }

    private static Future<Void> setTriggers(SqlConnection connection, UUID project, String name, JsonArray triggers) {
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
                        with old as (delete from function_versions where function_id = $1 and version <= $2 returning blob)
                        select distinct blob from old where blob not in
                          (select blob from function_versions where function_id = $1 and version > $2)""")
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
