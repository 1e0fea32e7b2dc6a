package dev.basalt.data.rest;

import dev.basalt.data.plan.Statement;
import dev.basalt.data.rest.Preferences.Count;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;

/**
 * Reads whose total is what PostgreSQL's planner expects ({@code count=planned}), or counted as far as one page can reach and
 * expected beyond ({@code count=estimated}). Safe for use by any thread.
 */
@ApplicationScoped
class EstimatedCounts {
    private final RestExecutor executor;
    private final long maxRows;

    @Inject
    EstimatedCounts(RestExecutor executor, RestConfig config) {
        this.executor = executor;
        this.maxRows = config.maxRows();
    }

    /** A page and how many rows there are, more or less. */
    record Page(Row row, long total) {}

    /**
     * Reads a page.
     *
     * @param matching all rows that match
     */
    Future<Page> read(RestRequest request, Statement plan, Statement matching, RowRange range) {
        return executor.transaction(request, executor.start(request, Mode.READ, plan), connection -> {
            var page = executor.execute(connection, request, plan, null, range.limit(), range.offset());
            var counted = request.preferences().count() == Count.ESTIMATED
                    ? counted(connection, request, matching)
                    : Future.succeededFuture(-1L);
            var planned = planned(connection, request, matching);
            return Future.join(page, counted, planned)
                    .map(_ -> new Page(page.result(), total(counted.result(), planned.result())));
        });
    }

    private long total(long counted, long planned) {
        if (counted < 0) {
            return planned;
        }
        return maxRows > 0 && counted > maxRows ? Math.max(counted, planned) : counted;
    }

    /** At most one more than the largest page. */
    private Future<Long> counted(SqlConnection connection, RestRequest request, Statement matching) {
        var bound = maxRows > 0 ? " LIMIT " + (maxRows + 1) : "";
        return run(connection, request, "SELECT count(*) FROM (" + matching.sql() + bound + ") AS \"_c\"", matching)
                .map(rows -> Objects.requireNonNull(rows.iterator().next().getLong(0)));
    }

    private static Future<Long> planned(SqlConnection connection, RestRequest request, Statement matching) {
        return run(connection, request, new Explain(true, List.of()).sql(matching.sql()), matching)
                .map(rows -> ((JsonArray) rows.iterator().next().getValue(0))
                        .getJsonObject(0)
                        .getJsonObject("Plan")
                        .getLong("Plan Rows"));
    }

    private static Future<RowSet<Row>> run(
            SqlConnection connection, RestRequest request, String sql, Statement matching) {
        return connection.preparedQuery(sql).execute(RestExecutor.parameters(request, matching, null, null, null));
    }
}
