package dev.basalt.control.function;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest.Trigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The event triggers on a project's tables, which are those of each function's live version. Safe for use by any thread. */
@ApplicationScoped
class LiveTriggers {
    private static final Logger LOG = Logger.getLogger(LiveTriggers.class);
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String FORBIDDEN = "42501";

    private final ProjectDatabases databases;
    private final ProjectDirectory directory;

    @Inject
    LiveTriggers(ProjectDatabases databases, ProjectDirectory directory) {
        this.databases = databases;
        this.directory = directory;
    }

    /**
     * Installs a function's triggers, then does the work; puts those from before back if the work fails. Once it is done, the
     * next request to this process finds the project as the work left it.
     */
    <T> Future<T> during(
            RequestContext context, String name, List<Trigger> wanted, List<Trigger> before, Supplier<Future<T>> work) {
        return install(context, name, wanted)
                .compose(installed -> work.get()
                        .onFailure(failed -> install(context, name, before)
                                .onFailure(worse -> LOG.warn("triggers of a failed deployment stay", worse))))
                .onSuccess(done -> directory.changed(context.project().ref()));
    }

    /** Takes away the triggers of a function that is gone. */
    Future<Void> remove(RequestContext context, String name) {
        directory.changed(context.project().ref());
        return install(context, name, List.of());
    }

    /** Makes the event triggers on the project's tables those given; {@link FunctionError#INVALID_MANIFEST} where they can't be. */
    private Future<Void> install(RequestContext context, String name, List<Trigger> triggers) {
        Map<String, EnumSet<Operation>> tables = new TreeMap<>();
        triggers.stream()
                .filter(trigger -> trigger.moment() == Moment.AFTER)
                .forEach(trigger -> tables.computeIfAbsent(trigger.table(), absent -> EnumSet.noneOf(Operation.class))
                        .addAll(trigger.operations()));
        var wanted = new JsonArray();
        tables.forEach((table, operations) -> {
            var dot = table.indexOf('.');
            var events = new JsonArray();
            operations.forEach(operation -> events.add(operation.name().toLowerCase(Locale.ROOT)));
            wanted.add(new JsonObject()
                    .put("schema", table.substring(0, dot))
                    .put("table", table.substring(dot + 1))
                    .put("events", events));
        });
        return databases
                .platformQuery(context, "select basalt.install_triggers($1, $2)", Tuple.of(name, wanted))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(
                        failure instanceof PgException pg
                                        && (UNDEFINED_TABLE.equals(pg.getSqlState())
                                                || FORBIDDEN.equals(pg.getSqlState()))
                                ? ApiException.of(FunctionError.INVALID_MANIFEST, pg.getErrorMessage())
                                : failure));
    }
}
