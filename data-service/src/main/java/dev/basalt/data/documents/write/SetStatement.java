package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.write.Write.Must;
import io.vertx.sqlclient.Tuple;

/**
 * One document set whatever was there: what {@link MergeStatement} does too, and this for less of PostgreSQL's time. Stateless.
 */
final class SetStatement {
    /** What else an update sets; of a document that has expired nothing is left. */
    private static final String RENEWED = """
            version = basalt_documents.next_version(d.version), updated_at = now(),
              created_at = case when %1$s then d.created_at else now() end,
              owner = case when %1$s then d.owner else auth.uid() end,
              expires_at = case when %1$s then d.expires_at end\
            """.formatted(DocumentSql.ALIVE);

    private SetStatement() {}

    static boolean fits(Write write) {
        return write.isWhole() && write.must() == Must.ANY && write.versions().isEmpty();
    }

    /**
     * The statement, whose row is that of {@link MergeStatement#sql}. A document that has expired counts as absent.
     *
     * <p>It asks row-level security whether the caller may insert even where it updates. Whom it refuses is to have {@link #apart}.
     *
     * @param shown whether the document is to be returned: PostgreSQL prepares that for each run, even where a condition leaves it out
     */
    static String sql(String collection, boolean shown) {
        return """
            insert into %1$s as d (parent, id, data) values ($1, $2, $3::text::jsonb)
            on conflict (parent, id) do update set data = excluded.data, %2$s
            returning 1::bigint, case when d.xmax = 0 then 'INSERT' else 'UPDATE' end, d.version, %3$s as envelope\
            """.formatted(DocumentSql.table(collection), RENEWED, envelope(collection, shown));
    }

    /**
     * The same in two steps, of which each asks only for what it does, for a quarter more of PostgreSQL's time. A document that
     * the caller can't update counts as absent too, so that the insert fails because its id is taken.
     */
    static String apart(String collection, boolean shown) {
        return """
            with updated as (
              update %1$s as d set data = $3::text::jsonb, %2$s
              where d.parent = $1 and d.id = $2
              returning d.version, %3$s as envelope),
            inserted as (
              insert into %1$s as d (parent, id, data)
              select $1, $2, $3::text::jsonb where not exists (select from updated)
              returning d.version, %3$s as envelope)
            select 1::bigint, 'UPDATE', version, envelope from updated
            union all select 1::bigint, 'INSERT', version, envelope from inserted\
            """.formatted(DocumentSql.table(collection), RENEWED, envelope(collection, shown));
    }

    private static String envelope(String collection, boolean shown) {
        return shown ? DocumentSql.envelope(collection) : "null::text";
    }

    static Tuple parameters(Write write) {
        return Tuple.of(write.path().collection().parent(), write.path().id(), write.data());
    }
}
