package dev.basalt.control.function;

import dev.basalt.kit.control.ControlDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/** The records of what functions did, as JSON that PostgreSQL builds. Safe for use by any thread. */
@ApplicationScoped
class InvocationStore {
    private static final String NEWEST = """
            select json_build_object('invocations', coalesce(json_agg(i), '[]'))::text from (
              select id, version, kind, at, request_id as "requestId", cause, depth, outcome, error, cold,
                queue_us as "queueMicros", init_us as "initMicros", run_us as "runMicros", billed_ms as "billedMillis",
                memory_mb as "memoryMegabytes", peak_kib as "peakKibibytes", logs
              from invocations where project_id = $1 and function_name = $2 order by at desc limit $3) i""";

    private final ControlDatabase database;

    @Inject
    InvocationStore(ControlDatabase database) {
        this.database = database;
    }

    Future<Buffer> newest(UUID project, String function, int limit) {
        return database.query(NEWEST, Tuple.of(project, function, limit))
                .map(rows -> Buffer.buffer(rows.iterator().next().getString(0)));
    }
}
