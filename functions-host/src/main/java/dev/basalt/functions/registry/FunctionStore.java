package dev.basalt.functions.registry;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads functions from the control database. Safe for use by any thread. */
@ApplicationScoped
public class FunctionStore {
    private static final String CURRENT = """
            select f.version, v.manifest, v.digest, v.blob from functions f
            join function_versions v on v.function_id = f.id and v.version = f.version
            where f.project_id = $1 and f.name = $2""";
    private static final String WITH_EVENTS = """
            select ref from projects
            where deleted_at is null and status = 'active' and triggers @> '[{"when": "after"}]' order by ref""";

    private final ControlDatabase database;

    @Inject
    FunctionStore(ControlDatabase database) {
        this.database = database;
    }

    /** A function's current version as it is stored. */
    record Stored(int version, FunctionManifest manifest, String digest, String blob) {}

    Future<Optional<Stored>> current(UUID project, String name) {
        return database.query(CURRENT, Tuple.of(project, name)).map(rows -> {
            if (rows.size() == 0) {
                return Optional.empty();
            }
            var row = rows.iterator().next();
            return Optional.of(new Stored(
                    row.getInteger(0),
                    FunctionManifest.parse((JsonObject) row.getJson(1)),
                    row.getString(2),
                    row.getString(3)));
        });
    }

    /** The refs of projects whose writes make events. */
    public Future<List<String>> projectsWithEvents() {
        return database.query(WITH_EVENTS, Tuple.tuple()).map(rows -> {
            var refs = new ArrayList<String>();
            rows.forEach(row -> refs.add(row.getString(0)));
            return refs;
        });
    }
}
