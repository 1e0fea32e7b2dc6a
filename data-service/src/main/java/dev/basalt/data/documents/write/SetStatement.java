package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.write.Write.Must;
import io.vertx.sqlclient.Tuple;

/**
 * One document set whatever was there: what {@link MergeStatement} does too, and this for less of PostgreSQL's time. Stateless.
 */
final class SetStatement {
    private SetStatement() {}

    static boolean fits(Write write) {
        return write.isWhole() && write.must() == Must.ANY && write.versions().isEmpty();
    }

    /**
     * The statement, whose row is that of {@link MergeStatement#sql}. A document that has expired counts as absent. One that
     * the caller can't update counts as absent too, so that the insert fails because its id is taken.
     *
     * <p>{@code on conflict} would ask row-level security whether the caller may insert where there is nothing to insert.
     *
     * @param shown whether the document is to be returned: PostgreSQL prepares that for each run, even where a condition leaves it out
     */
    static String sql(String collection, boolean shown) {
        return """
            with updated as (
              update %1$s as d set data = $3::text::jsonb, version = basalt_documents.next_version(d.version), updated_at = now(),
                created_at = case when %2$s then d.created_at else now() end,
                owner = case when %2$s then d.owner else auth.uid() end,
                expires_at = case when %2$s then d.expires_at end
              where d.parent = $1 and d.id = $2
              returning d.version, %3$s as envelope),
            inserted as (
              insert into %1$s as d (parent, id, data)
              select $1, $2, $3::text::jsonb where not exists (select from updated)
              returning d.version, %3$s as envelope)
            select 1::bigint, 'UPDATE', version, envelope from updated
            union all select 1::bigint, 'INSERT', version, envelope from inserted\
            """.formatted(
                        DocumentSql.table(collection),
                        DocumentSql.ALIVE,
                        shown ? DocumentSql.envelope(collection) : "null::text");
    }

    static Tuple parameters(Write write) {
        return Tuple.of(write.path().collection().parent(), write.path().id(), write.data());
    }
}
