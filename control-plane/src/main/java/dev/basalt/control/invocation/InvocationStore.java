package dev.basalt.control.invocation;

import dev.basalt.control.invocation.InvocationQuery.Cursor;
import dev.basalt.kit.control.ControlDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The records of what functions did, as JSON that PostgreSQL builds. Safe for use by any thread. */
@ApplicationScoped
class InvocationStore {
    private static final String LOST = "(i.state in ('pending', 'running') and i.expires_at < now())";
    private static final String OUTCOME = "case when " + LOST + " then 'lost' else i.outcome end";
    private static final String FACTS = """
            i.id, i.function_name as function, i.version, i.qualifier, i.kind, i.at,
            case when %s then 'lost' else i.state end as state, %s as outcome, i.request_id as "requestId", i.event_id as "eventId", i.parent_id as "parentId",
            i.cause, i.depth""".formatted(LOST, OUTCOME);
    /** Lines are stored with their time since the handler's start, which came after the wait. */
    private static final String LOGS = """
            (select coalesce(json_agg(json_build_object(
                'at', i.at + (i.queue_us / 1000 + (l ->> 0)::bigint) * interval '1 millisecond',
                'level', (array['debug', 'info', 'warn', 'error'])[(l ->> 1)::int + 1], 'text', l ->> 2) order by n), '[]')
              from jsonb_array_elements(i.logs) with ordinality e (l, n)) as logs""";

    private static final String MEASURES = """
            i.error, i.cold, i.queue_us as "queueMicros", i.init_us as "initMicros", i.run_us as "runMicros", i.cpu_us as "cpuMicros",
            i.billed_ms as "billedMillis", i.billed_init_ms as "billedInitMillis", i.memory_mb as "memoryMegabytes",
            i.billed_ms * i.memory_mb as "megabyteMillis", i.peak_kib as "peakKibibytes", i.egress_bytes as "egressBytes",
            i.logs_cut as "logsCut\"""";
    private static final String WHOLE = FACTS + ", " + MEASURES + ", " + LOGS;
    private static final String WITHOUT_LOGS = FACTS + ", " + MEASURES;
    /** What else the same request or event made run, in the order of time: the rest of the chain that led here and on. */
    private static final String ONE = """
            select row_to_json(r)::text from (select %s,
              (select coalesce(json_agg(c), '[]') from (select %s from invocations i
                where i.project_id = $1 and i.request_id = one.request_id order by i.at, i.id limit 100) c) as chain
              from invocations i join invocations one on one.id = i.id where i.project_id = $1 and i.id = $2) r""".formatted(WHOLE, FACTS);

    private static final String ENDED = """
            select row_to_json(r)::text from (select %s from invocations i where i.project_id = $1 and i.id = any($2)
              order by i.at, i.id) r""".formatted(WITHOUT_LOGS);

    private final ControlDatabase database;

    @Inject
    InvocationStore(ControlDatabase database) {
        this.database = database;
    }

    /** {@code {invocations: […], cursor?}}; the cursor is there when more are. */
    Future<Buffer> page(UUID project, InvocationQuery query) {
        var where = new Where(project);
        where.and("i.function_name = $%d", query.function());
        where.and("i.kind = $%d", query.kind());
        where.and("i.at >= $%d", query.from());
        where.and("i.at < $%d", query.to());
        where.and("i.id = $%d", query.id());
        var outcome = query.outcome();
        if ("failed".equals(outcome)) {
            where.and(OUTCOME + " <> $%d", "ok");
        } else {
            where.and(OUTCOME + " = $%d", outcome);
        }
        var after = query.after();
        if (after != null) {
            where.and("i.at <= $%d", after.at());
            where.and("(i.at < $" + where.size() + " or i.id < $%d)", after.id());
        }
        var sql = "select r.id, r.at, row_to_json(r)::text from (select " + WHOLE + " from invocations i where " + where
                + " order by i.at desc, i.id desc limit " + (query.limit() + 1) + ") r";
        return database.query(sql, where.parameters()).map(rows -> {
            var page = Buffer.buffer("{\"invocations\":[");
            var count = 0;
            var last = new Cursor[1];
            for (var row : rows) {
                if (count == query.limit()) {
                    return page.appendString("],\"cursor\":\"" + last[0].encode() + "\"}");
                }
                page.appendString(count++ == 0 ? "" : ",").appendString(row.getString(2));
                last[0] = new Cursor(row.getOffsetDateTime(1), row.getUUID(0));
            }
            return page.appendString("]}");
        });
    }

    /** One record with its logs and, as {@code chain}, what else the same request or event made run. */
    Future<Optional<Buffer>> find(UUID project, @Nullable String function, UUID id) {
        return database.query(ONE, Tuple.of(project, id)).map(rows -> {
            if (rows.size() == 0) {
                return Optional.empty();
            }
            var text = rows.iterator().next().getString(0);
            return function == null || function.equals(new JsonObject(text).getString("function"))
                    ? Optional.of(Buffer.buffer(text))
                    : Optional.empty();
        });
    }

    /** Records without their logs, as JSON texts. */
    Future<List<String>> ended(UUID project, List<UUID> ids) {
        return database.query(ENDED, Tuple.tuple().addUUID(project).addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(rows -> {
                    var found = new ArrayList<String>();
                    rows.forEach(row -> found.add(row.getString(0)));
                    return found;
                });
    }

    /** Conditions and their parameters. */
    private static final class Where {
        private final StringBuilder sql = new StringBuilder("i.project_id = $1");
        private final List<Object> parameters = new ArrayList<>();

        Where(UUID project) {
            parameters.add(project);
        }

        void and(String condition, @Nullable Object value) {
            if (value != null) {
                parameters.add(value);
                sql.append(" and ").append(condition.formatted(parameters.size()));
            }
        }

        int size() {
            return parameters.size();
        }

        Tuple parameters() {
            return Tuple.from(parameters);
        }

        @Override
        public String toString() {
            return sql.toString();
        }
    }
}
