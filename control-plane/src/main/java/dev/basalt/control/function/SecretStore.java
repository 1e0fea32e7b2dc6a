package dev.basalt.control.function;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionSecrets;
import dev.basalt.kit.secret.SecretBox;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The secrets of projects' functions, sealed with the master key; no value ever comes back out here. Thread-safe. */
@ApplicationScoped
class SecretStore {
    private final ControlDatabase database;
    private final SecretBox box;

    @Inject
    SecretStore(ControlDatabase database, SecretBox box) {
        this.database = database;
        this.box = box;
    }

    /** Names and times, as JSON. */
    Future<List<JsonObject>> list(UUID project) {
        return database.query(
                        "select name, updated_at from function_secrets where project_id = $1 order by name",
                        Tuple.of(project))
                .map(rows -> {
                    var secrets = new ArrayList<JsonObject>();
                    rows.forEach(row -> secrets.add(new JsonObject()
                            .put("name", row.getString(0))
                            .put(
                                    "updatedAt",
                                    row.getOffsetDateTime(1).toInstant().toString())));
                    return secrets;
                });
    }

    /** Writes a value; answers whether it is a new secret. Fails with {@link FunctionError#INVALID_SECRET} past the most. */
    Future<Boolean> put(UUID project, String name, String value) {
        var sealed = io.vertx.core.buffer.Buffer.buffer(FunctionSecrets.seal(box, project, name, value));
        return database.query("""
                        insert into function_secrets (project_id, name, value)
                        select $1, $2, $3 where (select count(*) from function_secrets where project_id = $1 and name <> $2) < $4
                        on conflict (project_id, name) do update set value = excluded.value, updated_at = clock_timestamp()
                        returning xmax = 0""", Tuple.of(project, name, sealed, FunctionSecrets.MAX_SECRETS))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ApiException.of(
                                FunctionError.INVALID_SECRET,
                                "a project has at most " + FunctionSecrets.MAX_SECRETS + " secrets");
                    }
                    return rows.iterator().next().getBoolean(0);
                });
    }

    /** Fails with {@link FunctionError#SECRET_NOT_FOUND}. */
    Future<Void> delete(UUID project, String name) {
        return database.query(
                        "delete from function_secrets where project_id = $1 and name = $2", Tuple.of(project, name))
                .compose(rows -> rows.rowCount() == 0
                        ? Future.failedFuture(ApiException.of(FunctionError.SECRET_NOT_FOUND))
                        : Future.succeededFuture());
    }

    /** Those of the names that the project has no secret of. */
    Future<List<String>> missing(UUID project, List<String> names) {
        if (names.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return list(project).map(secrets -> {
            var missing = new ArrayList<>(names);
            secrets.forEach(secret -> missing.remove(secret.getString("name")));
            return missing;
        });
    }
}
