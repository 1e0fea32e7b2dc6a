package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.write.Write.Must;
import dev.basalt.data.documents.write.Write.Op;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes that depend on more than PostgreSQL knows: JSON patches, and what a project's before hooks look at. The documents are
 * read, the outcome is worked out here, and it is written on the condition that they are still what was read; so nothing is
 * locked while a hook runs. Safe for use by any thread.
 */
@ApplicationScoped
class PreparedWrites {
    private final DocumentHooks hooks;

    @Inject
    PreparedWrites(DocumentHooks hooks) {
        this.hooks = hooks;
    }

    /** Whether a write needs to be prepared. */
    boolean needs(RequestContext context, Write write) {
        return write.op() == Op.PATCH
                || (write.op() == Op.DELETE
                        ? !triggers(context, write, Operation.DELETE).isEmpty()
                        : !triggers(context, write, Operation.INSERT).isEmpty()
                                || !triggers(context, write, Operation.UPDATE).isEmpty());
    }

    /** The writes of one collection with their outcome worked out where that is needed; what has no effect is left out. */
    Future<List<Write>> prepare(SqlConnection connection, RequestContext context, List<Write> writes) {
        if (writes.stream().noneMatch(write -> needs(context, write))) {
            return Future.succeededFuture(writes);
        }
        var collection = writes.getFirst().path().collection().collection();
        return connection
                .preparedQuery(sql(collection))
                .execute(MergeStatement.parameters(writes))
                .compose(rows -> {
                    var ready = new ArrayList<Write>();
                    Future<?> last = Future.succeededFuture();
                    for (var row : rows) {
                        var write = writes.get((int) (row.getLong(0) - 1));
                        last = last.compose(_ -> prepare(context, write, row)).onSuccess(done -> {
                            if (done != null) {
                                ready.add(done);
                            }
                        });
                    }
                    return last.map(_ -> ready);
                });
    }

    private static String sql(String collection) {
        return """
            select w.n, d.version, d.data::text,
              case when w.op in ('SET', 'MERGE')
                then basalt_documents.written(w.op, w.data::jsonb, w.transforms::jsonb, d.data) end::text
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              with ordinality as w(op, parent, id, data, transforms, must, versions, n)
            left join %s as d on d.parent = w.parent and d.id = w.id and %s
            order by w.n limit $8::bigint\
            """.formatted(DocumentSql.table(collection), DocumentSql.ALIVE);
    }

    private Future<@Nullable Write> prepare(RequestContext context, Write write, Row row) {
        Long version = row.getLong(1);
        if (version == null
                ? write.must() == Must.PRESENT
                : write.must() == Must.ABSENT
                        || (!write.versions().isEmpty() && !write.versions().contains(version))) {
            return Future.failedFuture(write.refused());
        }
        var old = row.getString(2);
        if (write.op() == Op.DELETE && old == null) {
            return Future.succeededFuture(null);
        }
        var document = switch (write.op()) {
            case DELETE -> null;
            case PATCH -> patched(write, Objects.requireNonNull(old, "a patch needs a document"));
            case SET, MERGE -> Objects.requireNonNull(row.getString(3));
        };
        var operation = document == null ? Operation.DELETE : old == null ? Operation.INSERT : Operation.UPDATE;
        var triggers = triggers(context, write, operation);
        return triggers.isEmpty()
                ? Future.succeededFuture(write.workedOut(document, version))
                : hooks.before(context, triggers, operation, write, document, old)
                        .map(shaped -> write.workedOut(shaped, version));
    }

    private static String patched(Write write, String old) {
        try {
            return JsonPatches.apply(Objects.requireNonNull(write.data()), old);
        } catch (ApiException refused) {
            throw write.located(refused);
        }
    }

    static List<DataTrigger> triggers(RequestContext context, Write write, Operation operation) {
        return context.project()
                .triggers(
                        Moment.BEFORE, "documents." + write.path().collection().collection(), operation);
    }
}
