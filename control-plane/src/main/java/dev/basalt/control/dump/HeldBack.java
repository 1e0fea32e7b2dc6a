package dev.basalt.control.dump;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What would judge rows while they come: foreign keys, triggers and policies that hold for the owner too, of the project's tables. Keys are checked over all rows when
 * they are put back. Used by one thread.
 */
final class HeldBack {
    private static final String OWN = """
            n.nspname !~ '^pg_' and n.nspowner in (select nspowner from pg_catalog.pg_namespace where nspname = 'public')""";

    private static final String KEYS = """
            select pg_catalog.format('alter table %%I.%%I drop constraint %%I', n.nspname, c.relname, k.conname),
              pg_catalog.format('alter table %%I.%%I add constraint %%I %%s', n.nspname, c.relname, k.conname,
                pg_catalog.pg_get_constraintdef(k.oid))
            from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where k.contype = 'f' and k.conparentid = 0 and %s order by k.oid""".formatted(OWN);

    private static final String TRIGGERS = """
            select pg_catalog.format('alter table %%I.%%I disable trigger %%I', n.nspname, c.relname, t.tgname),
              pg_catalog.format('alter table %%I.%%I enable %%s trigger %%I', n.nspname, c.relname,
                case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, t.tgname)
            from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where not t.tgisinternal and t.tgparentid = 0 and t.tgenabled <> 'D' and c.relkind in ('r', 'p') and %s
            order by t.oid""".formatted(OWN);

    private static final String FORCED = """
            select pg_catalog.format('alter table %%I.%%I no force row level security', n.nspname, c.relname),
              pg_catalog.format('alter table %%I.%%I force row level security', n.nspname, c.relname)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relforcerowsecurity and %s order by c.oid""".formatted(OWN);

    private static final String TABLES = """
            select pg_catalog.string_agg(pg_catalog.format('%%I.%%I', n.nspname, c.relname), ', ')
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and %s""".formatted(OWN);

    private static final String VIEWS = """
            select pg_catalog.format('refresh materialized view %%I.%%I', n.nspname, c.relname), ''
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'm' and c.relispopulated and %s order by c.oid""".formatted(OWN);

    private final Connection connection;
    private final List<String> putBack;

    private HeldBack(Connection connection, List<String> putBack) {
        this.connection = connection;
        this.putBack = List.copyOf(putBack);
    }

    /** Takes keys, triggers and such policies away, and the rows that migrations wrote, which the dump has in their last state. */
    static HeldBack of(Connection connection) throws SQLException {
        var putBack = new ArrayList<String>();
        try (var statement = connection.createStatement()) {
            statement.execute("set constraints all immediate");
            for (var query : List.of(KEYS, TRIGGERS, FORCED)) {
                var away = new ArrayList<String>();
                try (var rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        away.add(rows.getString(1));
                        putBack.add(rows.getString(2));
                    }
                }
                for (var sql : away) {
                    statement.execute(sql);
                }
            }
            String tables;
            try (var rows = statement.executeQuery(TABLES)) {
                rows.next();
                tables = rows.getString(1);
            }
            if (tables != null) {
                statement.execute("truncate " + tables);
            }
        }
        return new HeldBack(connection, putBack);
    }

    /** Puts them back, and fills materialised views. */
    void putBack() throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : putBack) {
                statement.execute(sql);
            }
            var views = new ArrayList<String>();
            try (var rows = statement.executeQuery(VIEWS)) {
                while (rows.next()) {
                    views.add(rows.getString(1));
                }
            }
            for (var sql : views) {
                statement.execute(sql);
            }
        }
    }
}
