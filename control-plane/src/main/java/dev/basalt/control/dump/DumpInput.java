package dev.basalt.control.dump;

import dev.basalt.control.dump.DumpFormat.Sequence;
import dev.basalt.control.dump.DumpFormat.Table;
import dev.basalt.kit.secret.RandomToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/**
 * A dump as it is read: what PostgreSQL sends of a table is handed on, whatever its size. Owns its connection, on which one
 * snapshot is open until the end. Blocks; used by one thread at a time.
 */
final class DumpInput extends InputStream {
    /** Schemas that are the platform's, of which only some rows are the project's. */
    private static final String OWN_SCHEMAS = """
            n.nspname !~ '^pg_' and n.nspname not in
              ('information_schema', 'auth', 'storage', 'basalt', 'basalt_documents', 'realtime', 'extensions')""";

    private static final String COLUMNS = """
            select n.nspname, c.relname, array_agg(a.attname::text order by a.attnum)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where c.relkind = 'r' and not exists (select from pg_catalog.pg_depend d
              where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
            """;
    private static final String GROUPED = " group by c.oid, n.nspname, c.relname order by c.oid";
    private static final String OWN_TABLES = COLUMNS + " and " + OWN_SCHEMAS + GROUPED;
    private static final String PLATFORM_TABLES =
            COLUMNS + " and c.oid = any (array[%s]::pg_catalog.regclass[])" + GROUPED;
    private static final String SEQUENCES = """
            select n.nspname, c.relname, coalesce(s.last_value, s.start_value), s.last_value is not null
            from pg_catalog.pg_sequences s join pg_catalog.pg_namespace n on n.nspname = s.schemaname
            join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.sequencename where\s""" + OWN_SCHEMAS + " order by c.oid";
    private static final String MIGRATIONS = "select name, sql from basalt.app_migrations order by version";
    private static final int TOKEN_BYTES = 16;

    private final Connection connection;
    private final Iterator<Section> sections;
    private InputStream current = InputStream.nullInputStream();

    private DumpInput(Connection connection, Iterator<Section> sections) {
        this.connection = connection;
        this.sections = sections;
    }

    /** A part that is opened when it is its turn. */
    @FunctionalInterface
    private interface Section {
        InputStream open() throws SQLException;
    }

    /** Opens the snapshot; closes the connection if that fails. */
    static DumpInput open(Connection connection) throws SQLException {
        try {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            try (var statement = connection.createStatement()) {
                statement.execute("set local search_path = ''");
            }
            return new DumpInput(connection, sections(connection).iterator());
        } catch (SQLException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    private static List<Section> sections(Connection connection) throws SQLException {
        var token = RandomToken.hex(TOKEN_BYTES);
        var sections = new ArrayList<Section>();
        sections.add(text(DumpFormat.header(token)));
        for (var table : tables(connection, PLATFORM_TABLES.formatted("'auth.users', 'auth.identities'"))) {
            rows(connection, table).forEach(sections::add);
        }
        try (var statement = connection.createStatement();
                var migrations = statement.executeQuery(MIGRATIONS)) {
            while (migrations.next()) {
                sections.add(text(DumpFormat.migration(migrations.getString(1), migrations.getString(2), token)));
            }
        }
        for (var object : SchemaObject.all(connection)) {
            sections.add(text(DumpFormat.object(object, token)));
        }
        for (var table : tables(connection, PLATFORM_TABLES.formatted("'storage.buckets'"))) {
            rows(connection, table).forEach(sections::add);
        }
        for (var table : tables(connection, OWN_TABLES)) {
            rows(connection, table).forEach(sections::add);
        }
        try (var statement = connection.createStatement();
                var sequences = statement.executeQuery(SEQUENCES)) {
            while (sequences.next()) {
                sections.add(text(new Sequence(
                                sequences.getString(1),
                                sequences.getString(2),
                                sequences.getLong(3),
                                sequences.getBoolean(4))
                        .text()));
            }
        }
        sections.add(text(DumpFormat.COMPLETE + token + "\n"));
        return sections;
    }

    private static List<Table> tables(Connection connection, String query) throws SQLException {
        var tables = new ArrayList<Table>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                var columns = (String[]) rows.getArray(3).getArray();
                tables.add(new Table(rows.getString(1), rows.getString(2), Arrays.asList(columns)));
            }
        }
        return tables;
    }

    private static Stream<Section> rows(Connection connection, Table table) {
        return Stream.of(
                text(table.header()),
                () -> new PGCopyInputStream(connection.unwrap(PGConnection.class), table.copyOut()),
                text(DumpFormat.END_OF_ROWS + "\n"));
    }

    private static Section text(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            int read = current.read(into, offset, length);
            if (read >= 0 || !sections.hasNext()) {
                return read;
            }
            current.close();
            try {
                current = sections.next().open();
            } catch (SQLException e) {
                throw new IOException("a table could not be read", e);
            }
        }
    }

    /** Closing the connection ends a COPY that is under way. */
    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the connection did not close", e);
        }
    }
}
