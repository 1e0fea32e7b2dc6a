package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Arguments;
import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.Passing;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.RoutineChoice;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.query.ArrayLiteral;
import dev.basalt.data.query.ParsedQuery;
import dev.basalt.data.query.QueryString;
import dev.basalt.data.schema.Routine;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.DataTrigger.Moment;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls of functions.
 *
 * <p>Only a volatile function that is not asked for by GET may write; any other runs in a transaction that reads. Safe for use
 * by any thread.
 */
@ApplicationScoped
class RpcService {
    private final RestExecutor executor;
    private final Instance<EventSink> events;
    private final long maxRows;
    private final boolean plans;

    @Inject
    RpcService(RestExecutor executor, Instance<EventSink> events, RestConfig config) {
        this.executor = executor;
        this.events = events;
        this.maxRows = config.maxRows();
        this.plans = config.plans();
    }

    /**
     * The arguments as they came.
     *
     * @param values by name, where they come by name; a name that repeats has several
     * @param names what the arguments are called
     * @param body the body as text, where they come as one
     */
    record Call(
            Passing passing,
            Map<String, List<String>> values,
            Set<String> names,
            @Nullable String body) {
        static Call named(Passing passing, List<QueryString.Parameter> parameters) {
            var values = new LinkedHashMap<String, List<String>>();
            for (var parameter : parameters) {
                values.computeIfAbsent(parameter.name(), _ -> new ArrayList<>()).add(parameter.value());
            }
            return new Call(passing, values, values.keySet(), null);
        }

        static Call body(Passing passing, Set<String> names, String body) {
            return new Call(passing, Map.of(), names, body);
        }

        /** This call with those arguments alone, as {@code columns=} asks. */
        Call only(Set<String> columns) {
            return new Call(passing, values, columns, body);
        }
    }

    Future<Reply> call(RestRequest request, Call call, boolean withBody) {
        return executor.withSchema(request, schema -> run(request, call, withBody, schema));
    }

    private Future<Reply> run(RestRequest request, Call call, boolean withBody, SchemaCache schema) {
        var choice = RoutineChoice.of(schema, request.schema(), request.table(), call.names(), call.passing());
        var routine = choice.routine();
        if (request.preferences().strictMaxAffected() != null && !routine.set()) {
            throw Refusal.of(RestError.NOT_A_SET);
        }
        boolean nothing = routine.result() instanceof Routine.Result.Nothing;
        var query = request.query();
        var mediaType =
                nothing ? MediaType.JSON : request.accept().best(Answerable.result(schema, routine, query, plans));
        var values = new ArrayList<>(query.values());
        var arguments = arguments(choice, call, values);
        var bound = request.answering(mediaType)
                .with(new ParsedQuery(query.shape(), values, query.limit(), query.offset()));
        var range = routine.set()
                ? RowRange.of(query.limit(), query.offset(), request.range(), maxRows)
                : new RowRange(0, null);
        var data = new DataRequest.Call(
                request.schema(),
                request.table(),
                choice.overload(),
                query.shape(),
                arguments,
                range.limit() != null,
                range.offset() > 0,
                request.countedCall(),
                withBody && !nothing ? mediaType.representation() : Representation.Standard.NONE);
        return execute(bound, routine, call, executor.plan(schema, data), range, nothing);
    }

    private Future<Reply> execute(
            RestRequest request, Routine routine, Call call, Statement plan, RowRange range, boolean nothing) {
        boolean reads = call.passing() == Passing.QUERY || routine.volatility() != Routine.Volatility.VOLATILE;
        var start = executor.start(request, reads ? Mode.READ : Mode.WRITE, routine);
        var explain = request.mediaType().explain();
        if (explain != null) {
            return executor.explain(request, start, explain, plan, call.body(), range.limit(), range.offset())
                    .map(lines -> RestReply.explained(request, lines));
        }
        boolean judges = request.mediaType().representation().isSingular()
                || request.preferences().strictMaxAffected() != null
                || request.preferences().rollsBack();
        Future<Row> row = judges
                ? executor.transaction(
                        request,
                        start,
                        connection -> executor.execute(
                                        connection, request, plan, call.body(), range.limit(), range.offset())
                                .compose(result -> RestReply.judged(request, result)))
                : executor.execute(request, start, plan, call.body(), range.limit(), range.offset());
        return row.map(result -> RestReply.called(request, result, range.offset(), nothing))
                .onSuccess(_ -> nudge(request, reads));
    }

    /** How the arguments reach the function; values that come by name join the query's. */
    private static Arguments arguments(RoutineChoice choice, Call call, List<String> values) {
        if (choice.wholeBody()) {
            return new Arguments.Body();
        }
        if (call.body() != null) {
            return new Arguments.Members(List.copyOf(call.names()));
        }
        var named = new ArrayList<Arguments.Argument>();
        for (var parameter : choice.routine().parameters()) {
            var given = call.values().get(parameter.name());
            if (given != null && call.names().contains(parameter.name())) {
                named.add(new Arguments.Argument(parameter.name(), values.size()));
                values.add(parameter.variadic() ? ArrayLiteral.of(given) : given.getLast());
            }
        }
        return new Arguments.Named(named);
    }

    private void nudge(RestRequest request, boolean reads) {
        var project = request.context().project();
        if (!reads
                && request.session() == null
                && events.isResolvable()
                && project.triggers().stream().anyMatch(trigger -> trigger.moment() == Moment.AFTER)) {
            events.get().nudge(project);
        }
    }
}
