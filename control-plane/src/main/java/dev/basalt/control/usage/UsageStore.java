package dev.basalt.control.usage;

import dev.basalt.kit.control.ControlDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.ZoneOffset;
import java.util.UUID;

/** Sums of the usage ledger, as JSON that PostgreSQL builds. Safe for use by any thread. */
@ApplicationScoped
class UsageStore {
    private static final String SUMS = """
            with series as (
              select date_trunc($4, minute, 'UTC') as at, service, operation, sum(requests)::bigint as requests,
                sum(errors)::bigint as errors, sum(bytes_in)::bigint as "bytesIn", sum(bytes_out)::bigint as "bytesOut",
                sum(database_us)::bigint as "databaseMicros", sum(function_ms)::bigint as "functionMillis",
                sum(function_mb_ms)::bigint as "functionMegabyteMillis",
                sum(function_init_ms)::bigint as "functionInitMillis", sum(function_cpu_us)::bigint as "functionCpuMicros",
                sum(egress_bytes)::bigint as "functionEgressBytes"
              from usage_minutes where project_id = $1 and minute >= $2 and minute < $3
              group by 1, 2, 3 order by 1, 2, 3)
            select json_build_object('from', $2::timestamptz, 'to', $3::timestamptz, 'granularity', $4::text,
              'totals', (select json_build_object('requests', coalesce(sum(requests), 0),
                'errors', coalesce(sum(errors), 0), 'bytesIn', coalesce(sum("bytesIn"), 0),
                'bytesOut', coalesce(sum("bytesOut"), 0), 'databaseMicros', coalesce(sum("databaseMicros"), 0),
                'functionMillis', coalesce(sum("functionMillis"), 0),
                'functionMegabyteMillis', coalesce(sum("functionMegabyteMillis"), 0),
                'functionInitMillis', coalesce(sum("functionInitMillis"), 0),
                'functionCpuMicros', coalesce(sum("functionCpuMicros"), 0),
                'functionEgressBytes', coalesce(sum("functionEgressBytes"), 0)) from series),
              'series', (select coalesce(json_agg(series), '[]') from series))::text""";

    private final ControlDatabase control;

    @Inject
    UsageStore(ControlDatabase control) {
        this.control = control;
    }

    Future<Buffer> sums(UUID projectId, UsageQuery query) {
        var parameters = Tuple.of(
                projectId,
                query.from().atOffset(ZoneOffset.UTC),
                query.to().atOffset(ZoneOffset.UTC),
                query.granularity());
        return control.query(SUMS, parameters)
                .map(rows -> Buffer.buffer(rows.iterator().next().getString(0)));
    }
}
