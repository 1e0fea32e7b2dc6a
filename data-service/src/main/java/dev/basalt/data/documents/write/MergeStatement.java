package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentPath;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Any number of writes to different documents of one collection as one statement, which returns a row for each that took
 * place. A write whose precondition does not hold returns none. Stateless.
 */
final class MergeStatement {
    private MergeStatement() {}

    /**
     * The statement. A document that has expired counts as absent.
     *
     * <p>{@code on conflict} would do for sets alone; MERGE also knows deletions and preconditions, and asks row-level
     * security for each action that it takes. Its limit tells PostgreSQL that the arrays are short, and so lets it keep the
     * plan: planning takes longer than one write.
     */
    static String sql(String collection) {
        var envelope = DocumentSql.envelope(collection);
        return """
            merge into %s as d
            using (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              with ordinality as w(op, parent, id, data, transforms, must, versions, n) limit $8::bigint) as w
            on d.parent = w.parent and d.id = w.id
            when matched and case when d.expires_at <= now() then w.must = 'PRESENT'
              else w.must = 'ABSENT' or d.version <> all (w.versions::bigint[]) end then do nothing
            when matched and w.op = 'DELETE' then delete
            when matched and d.expires_at <= now() then update set
              data = basalt_documents.written(w.op, w.data::jsonb, w.transforms::jsonb, null), created_at = now(),
              version = basalt_documents.next_version(d.version), updated_at = now(), owner = auth.uid(), expires_at = null
            when matched then update set
              data = case when w.op = 'SET' and w.transforms is null then w.data::jsonb
                else basalt_documents.written(w.op, w.data::jsonb, w.transforms::jsonb, d.data) end,
              version = basalt_documents.next_version(d.version), updated_at = now()
            when not matched and w.op <> 'DELETE' and w.must <> 'PRESENT' then insert (parent, id, data) values
              (w.parent, w.id, case when w.op = 'SET' and w.transforms is null then w.data::jsonb
                else basalt_documents.written(w.op, w.data::jsonb, w.transforms::jsonb, null) end)
            returning w.n, merge_action(), d.version, case when w.op <> 'DELETE' and $9::boolean then %s end\
            """.formatted(DocumentSql.table(collection), envelope);
    }

    /** The writes in the order in which they are sent: whoever locks documents does it in the same order. */
    static List<Write> ordered(List<Write> writes) {
        return writes.stream()
                .sorted(Comparator.comparing(
                                (Write write) -> write.path().collection().parent())
                        .thenComparing(write -> write.path().id()))
                .toList();
    }

    /** @param shown whether the documents are to be returned, which costs as much as writing them */
    static Tuple parameters(List<Write> writes, boolean shown) {
        return parameters(writes).addBoolean(shown);
    }

    static Tuple parameters(List<Write> writes) {
        return Tuple.tuple()
                .addArrayOfString(column(writes, write -> write.op().name()))
                .addArrayOfString(
                        column(writes, write -> write.path().collection().parent()))
                .addArrayOfString(column(writes, write -> write.path().id()))
                .addArrayOfString(column(writes, Write::data))
                .addArrayOfString(column(writes, Write::transforms))
                .addArrayOfString(column(writes, write -> write.must().name()))
                .addArrayOfString(column(writes, MergeStatement::versions))
                .addLong((long) writes.size());
    }

    private static @Nullable String[] column(List<Write> writes, Function<Write, @Nullable String> member) {
        var column = new @Nullable String[writes.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = member.apply(writes.get(i));
        }
        return column;
    }

    private static @Nullable String versions(Write write) {
        return write.versions().isEmpty()
                ? null
                : write.versions().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    /** What became of the writes that took place, in the order of the statement. */
    static List<Written> results(List<Write> writes, RowSet<Row> rows) {
        var results = new ArrayList<Written>(rows.size());
        for (var row : rows) {
            results.add(new Written(
                    writes.get((int) (row.getLong(0) - 1)),
                    Operation.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                    row.getLong(2),
                    row.getString(3)));
        }
        return results;
    }

    /**
     * Writes in groups that can be one statement each: of one collection, and no document twice. Groups run in their order,
     * so that writes to one document do.
     */
    static List<List<Write>> groups(List<Write> writes) {
        record Key(int round, String collection) {}
        var rounds = new HashMap<DocumentPath, Integer>();
        var groups = new TreeMap<Key, List<Write>>(
                Comparator.comparingInt(Key::round).thenComparing(Key::collection));
        for (var write : writes) {
            int round = rounds.merge(write.path(), 0, (before, _) -> before + 1);
            groups.computeIfAbsent(new Key(round, write.path().collection().collection()), _ -> new ArrayList<>())
                    .add(write);
        }
        return groups.values().stream().map(MergeStatement::ordered).toList();
    }
}
