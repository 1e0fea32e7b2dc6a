package dev.basalt.functions.registry;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.function.FunctionSecrets;
import dev.basalt.kit.secret.SecretBox;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads functions from the control database. Safe for use by any thread. */
@ApplicationScoped
public class FunctionStore {
    private static final String VERSIONS = """
            select f.id, f.name, v.version, v.manifest, v.digest, v.blob, %s as weight, %s as canary
            from functions f %s join function_versions v on v.function_id = f.id and v.version %s
            where f.project_id = $1 and f.name = any($2)""";
    private static final String BY_ALIAS = VERSIONS.formatted(
            "a.canary_weight",
            "v.version = coalesce(a.canary_version, 0)",
            "join function_aliases a on a.function_id = f.id and a.name = $3",
            "in (a.version, a.canary_version)");
    private static final String BY_NUMBER = VERSIONS.formatted("null::float8", "false", "", "= $3");
    private static final String FRESH = """
            select f.name from functions f join function_versions v on v.function_id = f.id
            where f.project_id = $1 and v.created_at > now() - interval '1 minute'
            group by f.name order by max(v.created_at) desc limit $2""";
    private static final String SECRETS =
            "select name, value, updated_at from function_secrets where project_id = $1 and name = any($2)";
    private static final String ANSWERING = """
            select p.id as project, f.id as function, v.version, v.manifest -> 'secrets' as secrets
            from projects p left join functions f on f.project_id = p.id
            left join function_aliases a on a.function_id = f.id
            left join function_versions v on v.function_id = f.id and v.version in (a.version, a.canary_version)
            where p.ref = $1""";
    private static final String KEEPING = """
            select distinct p.ref, f.name || ':' || a.name from projects p join functions f on f.project_id = p.id
            join function_aliases a on a.function_id = f.id
            join function_versions v on v.function_id = f.id and v.version in (a.version, a.canary_version)
            where p.deleted_at is null and p.status = 'active' and (v.manifest ->> 'minInstances')::int > 0
              and ($1::text is null or p.ref = $1) order by 1, 2""";
    private static final String CHANGES = """
            select s.name, s.updated_at from projects p join function_secrets s on s.project_id = p.id where p.ref = $1""";
    private static final String WITH_EVENTS = """
            select ref from projects
            where deleted_at is null and status = 'active'
              and (triggers @> '[{"when": "after"}]' or id in (select project_id from queueing_projects)) order by ref""";

    private final ControlDatabase database;
    private final SecretBox box;

    @Inject
    FunctionStore(ControlDatabase database, SecretBox box) {
        this.database = database;
        this.box = box;
    }

    /**
     * A version as it is stored.
     *
     * @param identity changes with whatever makes instances outdated
     * @param weight the canary's part of the calls, 0 where there is none
     * @param secrets values by name
     */
    record Stored(
            int version,
            FunctionManifest manifest,
            String identity,
            String blob,
            boolean canary,
            double weight,
            Map<String, String> secrets) {}

    /** The versions that an alias or a version's number stands for, by function: none, one, or two with a canary. */
    Future<Map<String, List<Stored>>> versions(UUID project, Collection<String> names, Qualifier qualifier) {
        var functions = names.toArray(String[]::new);
        var rows = switch (qualifier) {
            case Qualifier.Alias alias -> database.query(BY_ALIAS, Tuple.of(project, functions, alias.name()));
            case Qualifier.Version one -> database.query(BY_NUMBER, Tuple.of(project, functions, one.version()));
        };
        return rows.compose(found -> {
            var wanted = new HashSet<String>();
            found.forEach(row -> wanted.addAll(manifest(row).secrets()));
            return secrets(project, wanted).map(secrets -> {
                var versions = new HashMap<String, List<Stored>>();
                found.forEach(row -> versions.computeIfAbsent(row.getString("name"), absent -> new ArrayList<>(1))
                        .add(stored(row, secrets)));
                return versions;
            });
        });
    }

    /** The functions that were deployed just now, the last one first. */
    Future<List<String>> fresh(UUID project, int limit) {
        return database.query(FRESH, Tuple.of(project, limit)).map(rows -> {
            var names = new ArrayList<String>();
            rows.forEach(row -> names.add(row.getString(0)));
            return names;
        });
    }

    private record Secret(String value, String changed) {}

    private Future<Map<String, Secret>> secrets(UUID project, Set<String> names) {
        if (names.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return database.query(SECRETS, Tuple.of(project).addArrayOfString(names.toArray(String[]::new)))
                .map(rows -> {
                    var secrets = new TreeMap<String, Secret>();
                    rows.forEach(row -> {
                        var name = row.getString("name");
                        var value = FunctionSecrets.open(
                                box, project, name, row.getBuffer("value").getBytes());
                        secrets.put(
                                name,
                                new Secret(
                                        value,
                                        row.getOffsetDateTime("updated_at").toString()));
                    });
                    return secrets;
                });
    }

    private static FunctionManifest manifest(Row row) {
        return FunctionManifest.parse((JsonObject) row.getJson("manifest"));
    }

    private static Stored stored(Row row, Map<String, Secret> secrets) {
        var manifest = manifest(row);
        var values = new TreeMap<String, String>();
        var changes = new TreeMap<String, String>();
        secrets.forEach((name, secret) -> {
            if (manifest.secrets().contains(name)) {
                values.put(name, secret.value());
                changes.put(name, secret.changed());
            }
        });
        var weight = row.getDouble("weight");
        return new Stored(
                row.getInteger("version"),
                manifest,
                identity(row.getUUID("id"), row.getInteger("version"), changes),
                row.getString("blob"),
                row.getBoolean("canary"),
                weight == null ? 0 : weight,
                values);
    }

    /** Versions never change, so what tells instances apart is the function, its number and when its secrets changed. */
    private static String identity(UUID function, int version, Map<String, String> changes) {
        return version + "-" + function + (changes.isEmpty() ? "" : "-" + Integer.toHexString(changes.hashCode()));
    }

    /** A project's id and the identities of all versions that an alias names. */
    public record Answering(String project, Set<String> identities) {}

    /** What answers in a project now; the project is empty where there is none of this ref. */
    public Future<Answering> answering(String ref) {
        return database.query(CHANGES, Tuple.of(ref)).compose(changed -> {
            var times = new TreeMap<String, String>();
            changed.forEach(
                    row -> times.put(row.getString(0), row.getOffsetDateTime(1).toString()));
            return database.query(ANSWERING, Tuple.of(ref)).map(rows -> {
                var identities = new HashSet<String>();
                var project = "";
                for (var row : rows) {
                    project = row.getUUID("project").toString();
                    if (row.getUUID("function") == null) {
                        continue;
                    }
                    var listed = row.getJson("secrets") instanceof JsonArray names ? names.getList() : List.of();
                    var changes = new TreeMap<>(times);
                    changes.keySet().retainAll(listed);
                    identities.add(identity(row.getUUID("function"), row.getInteger("version"), changes));
                }
                return new Answering(project, identities);
            });
        });
    }

    /** A function of which instances are kept: its project's ref and {@code name:alias}. */
    public record Kept(String ref, String name) {}

    /** The functions of which instances are kept, in one project or, without a ref, in all. */
    public Future<List<Kept>> keeping(@Nullable String ref) {
        return database.query(KEEPING, Tuple.of(ref)).map(rows -> {
            var kept = new ArrayList<Kept>();
            rows.forEach(row -> kept.add(new Kept(row.getString(0), row.getString(1))));
            return kept;
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
