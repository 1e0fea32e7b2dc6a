package dev.basalt.functions.invoke;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.Report;
import dev.basalt.kit.request.FunctionUse;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code invocations}.
 *
 * @param parent the invocation whose function asked for this one
 * @param state {@code pending}, {@code running} or {@code done}
 * @param outcome null before the end
 * @param error a JSON object, or null where there was none
 * @param expiresAt when its host would have ended it; null once it has
 * @param again whether a row of the invocation may have been written before
 */
record InvocationRecord(
        UUID id,
        UUID project,
        String function,
        int version,
        String kind,
        OffsetDateTime at,
        String request,
        Origin origin,
        @Nullable UUID parent,
        int depth,
        String state,
        @Nullable String outcome,
        @Nullable String error,
        int memoryMb,
        Report report,
        FunctionUse use,
        RecordedLogs logs,
        @Nullable OffsetDateTime expiresAt,
        boolean again) {
    /**
     * Writes many that were not written before: arrays by column cost PostgreSQL a fraction of what one JSON document costs
     * it, and unnested one by one less than as a table.
     */
    static final String INSERT = """
            insert into invocations as i (id, project_id, function_name, version, kind, at, request_id, cause, depth, outcome,
              error, cold, queue_us, init_us, run_us, billed_ms, memory_mb, peak_kib, logs, state, qualifier, event_id,
              billed_init_ms, cpu_us, egress_bytes, logs_cut, expires_at, parent_id)
            select unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::int[]), unnest($5::text[]),
              unnest($6::timestamptz[]), unnest($7::text[]), unnest($8::text[]), unnest($9::int[]), unnest($10::text[]),
              unnest($11::text[])::jsonb, unnest($12::bool[]), unnest($13::bigint[]), unnest($14::bigint[]), unnest($15::bigint[]),
              unnest($16::bigint[]), unnest($17::int[]), unnest($18::int[]), unnest($19::text[])::jsonb, unnest($20::text[]),
              unnest($21::text[]), unnest($22::uuid[]), unnest($23::bigint[]), unnest($24::bigint[]), unnest($25::bigint[]),
              unnest($26::int[]), unnest($27::timestamptz[]), unnest($28::uuid[])""";

    /** Writes many of which some may be there. An end is never undone, whatever comes late. */
    static final String UPSERT = INSERT + """
             on conflict (id) do update set state = excluded.state, outcome = excluded.outcome, error = excluded.error,
              cold = excluded.cold, queue_us = excluded.queue_us, init_us = excluded.init_us, run_us = excluded.run_us,
              billed_ms = excluded.billed_ms, peak_kib = excluded.peak_kib, logs = excluded.logs,
              billed_init_ms = excluded.billed_init_ms, cpu_us = excluded.cpu_us, egress_bytes = excluded.egress_bytes,
              logs_cut = excluded.logs_cut, expires_at = excluded.expires_at
            where i.state <> 'done'""";

    private static final String DONE = "done";
    /** Where the first line of a stack says that it is, in the words of V8. */
    private static final Pattern PLACE =
            Pattern.compile("^\\s*at (?:.*\\()?([^\\s():]{1,200}):([0-9]{1,7}):([0-9]{1,7})\\)?$", Pattern.MULTILINE);

    /** The record of what has not ended. */
    static InvocationRecord open(
            AcceptedInvocation accepted, AcceptedInvocation.State state, Duration grace, boolean again) {
        var end = accepted.acceptedMillis
                + accepted.function.manifest().timeout().plus(grace).toMillis();
        return of(
                accepted,
                state.name().toLowerCase(Locale.ROOT),
                null,
                null,
                Report.NONE,
                FunctionUse.NONE,
                RecordedLogs.NONE,
                time(end),
                again);
    }

    /** The record of what has. */
    static InvocationRecord ended(AcceptedInvocation accepted, Outcome outcome, FunctionUse use, int maxLog) {
        return of(
                accepted,
                DONE,
                outcome.word(),
                error(outcome),
                outcome.report(),
                use,
                RecordedLogs.of(outcome.report().logs(), maxLog),
                null,
                accepted.written != null);
    }

    private static InvocationRecord of(
            AcceptedInvocation accepted,
            String state,
            @Nullable String outcome,
            @Nullable String error,
            Report report,
            FunctionUse use,
            RecordedLogs logs,
            @Nullable OffsetDateTime expiresAt,
            boolean again) {
        var context = accepted.context;
        return new InvocationRecord(
                accepted.id,
                context.project().id(),
                accepted.function.name(),
                accepted.function.version(),
                accepted.kind.label(),
                time(accepted.acceptedMillis),
                context.requestId(),
                accepted.origin,
                context.invocation(),
                context.triggerDepth(),
                state,
                outcome,
                error,
                accepted.function.manifest().memoryMb(),
                report,
                use,
                logs,
                expiresAt,
                again);
    }

    /** The same where nobody knows whether it was written. */
    InvocationRecord oneMore() {
        return new InvocationRecord(
                id, project, function, version, kind, at, request, origin, parent, depth, state, outcome, error,
                memoryMb, report, use, logs, expiresAt, true);
    }

    boolean done() {
        return state.equals(DONE);
    }

    /** The parameters of {@link #INSERT} and {@link #UPSERT}; no id twice. */
    static Tuple parameters(List<InvocationRecord> records) {
        return Tuple.wrap(new Object[] {
            column(records, InvocationRecord::id, UUID[]::new),
            column(records, InvocationRecord::project, UUID[]::new),
            column(records, InvocationRecord::function, String[]::new),
            column(records, InvocationRecord::version, Integer[]::new),
            column(records, InvocationRecord::kind, String[]::new),
            column(records, InvocationRecord::at, OffsetDateTime[]::new),
            column(records, InvocationRecord::request, String[]::new),
            column(records, row -> row.origin.cause(), String[]::new),
            column(records, InvocationRecord::depth, Integer[]::new),
            column(records, InvocationRecord::outcome, String[]::new),
            column(records, InvocationRecord::error, String[]::new),
            column(records, row -> row.report.cold(), Boolean[]::new),
            column(records, row -> row.report.queueMicros(), Long[]::new),
            column(records, row -> row.report.initMicros(), Long[]::new),
            column(records, row -> row.report.runMicros(), Long[]::new),
            column(records, row -> row.use.millis(), Long[]::new),
            column(records, InvocationRecord::memoryMb, Integer[]::new),
            column(records, row -> row.report.peakKib(), Integer[]::new),
            column(records, row -> row.logs.json(), String[]::new),
            column(records, InvocationRecord::state, String[]::new),
            column(records, row -> row.origin.qualifier(), String[]::new),
            column(records, row -> row.origin.event(), UUID[]::new),
            column(records, row -> row.use.initMillis(), Long[]::new),
            column(records, row -> row.use.cpuMicros(), Long[]::new),
            column(records, row -> row.use.egressBytes(), Long[]::new),
            column(records, row -> row.logs.cut(), Integer[]::new),
            column(records, InvocationRecord::expiresAt, OffsetDateTime[]::new),
            column(records, InvocationRecord::parent, UUID[]::new)
        });
    }

    private static <T> Object column(
            List<InvocationRecord> records, Function<InvocationRecord, @Nullable T> value, IntFunction<T[]> array) {
        return records.stream().map(value).toArray(array);
    }

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String error(Outcome outcome) {
        if (!(outcome.result() instanceof Outcome.Result.Failed(Failure failure))) {
            return null;
        }
        var file = failure.file();
        var line = failure.line();
        var column = failure.column();
        var place = file == null ? PLACE.matcher(failure.stack()) : null;
        if (place != null && place.find()) {
            file = place.group(1);
            line = Integer.parseInt(place.group(2));
            column = Integer.parseInt(place.group(3));
        }
        return new JsonObject()
                .put("name", RecordedLogs.text(failure.name()))
                .put("message", RecordedLogs.text(failure.message()))
                .put("stack", RecordedLogs.text(failure.stack()))
                .put("file", file)
                .put("line", line)
                .put("column", column)
                .encode();
    }
}
