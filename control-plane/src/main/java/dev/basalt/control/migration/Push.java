package dev.basalt.control.migration;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is pushed: {@code {migrations: [{name, sql}…], includeAll}}.
 *
 * @param migrations in the order of their versions, each version once
 * @param includeAll whether a file may be applied that comes before one that is applied already
 */
record Push(List<Migration> migrations, boolean includeAll) {
    private static final int MAX_FILES = 10_000;

    Push {
        migrations = List.copyOf(migrations);
    }

    /**
     * Reads the body.
     *
     * @throws ApiException {@link MigrationError#INVALID}
     */
    static Push parse(JsonObject body) {
        if (!(body.getValue("migrations") instanceof JsonArray files) || files.size() > MAX_FILES) {
            throw invalid("migrations must be an array of at most " + MAX_FILES + " files {name, sql}");
        }
        if (!(body.getValue("includeAll", false) instanceof Boolean includeAll)) {
            throw invalid("includeAll must be true or false");
        }
        var migrations = new ArrayList<Migration>(files.size());
        for (var file : files) {
            if (!(file instanceof JsonObject object)
                    || !(object.getValue("name") instanceof String name)
                    || !(object.getValue("sql") instanceof String sql)) {
                throw invalid("each of migrations must be {name, sql}, both strings");
            }
            migrations.add(Migration.of(name, sql));
        }
        migrations.sort(Comparator.comparing(Migration::version));
        for (int i = 1; i < migrations.size(); i++) {
            var one = migrations.get(i - 1);
            var other = migrations.get(i);
            if (one.version().compareTo(other.version()) == 0) {
                throw invalid(one.name() + " and " + other.name() + " have the same version");
            }
        }
        return new Push(migrations, includeAll);
    }

    private static ApiException invalid(String why) {
        return ApiException.of(MigrationError.INVALID, why);
    }
}
