package dev.basalt.control.dump;

import dev.basalt.control.dump.DumpFormat.Sequence;
import dev.basalt.control.dump.DumpFormat.Table;
import dev.basalt.control.migration.MigrationFile;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PSQLException;

/**
 * One restore, in one transaction of the project's owner: users, then the migrations, then what else the schema had, then the rows. Of the
 * file's SQL only migrations and definitions run; the rest is made anew from what the comment lines say. Blocks; used by one thread.
 */
final class Restore {
    private static final String AUTH = "auth";
    /** Characters of migrations and definitions, which are held in memory as the rows are not. */
    private static final long MAX_SCHEMA = 64L * 1024 * 1024;

    private static final String BLANK = """
            select not exists (select from basalt.app_migrations) and not exists (select id from auth.users)
              and not exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_'
                  and n.nspowner in (select nspowner from pg_catalog.pg_namespace where nspname = 'public'))""";

    private final Connection connection;
    private final DumpReader reader;
    private final String token;
    private final Counts counts = new Counts();
    private final RestoredSchema schema;
    private final boolean hasObjects;
    private final List<SchemaObject> objects = new ArrayList<>();
    private List<String> differences = List.of();
    private @Nullable HeldBack heldBack;

    private Restore(Connection connection, DumpReader reader, String token, RestoredSchema schema, boolean hasObjects) {
        this.connection = connection;
        this.reader = reader;
        this.token = token;
        this.schema = schema;
        this.hasObjects = hasObjects;
    }

    /** What a restore did. */
    private static final class Counts {
        private int migrations;
        private int tables;
        private long schema;
        private long rows;
    }

    /**
     * Restores a dump; the caller closes the connection, which rolls back what this did not commit.
     *
     * @return {@code {migrations, tables, rows, differences}}, the last what of the schema is not as it was
     */
    static JsonObject run(Connection connection, DumpReader reader) throws SQLException, IOException {
        try {
            var first = reader.line();
            if (first == null || !first.startsWith(DumpFormat.DUMP)) {
                throw invalid("it does not begin like a dump");
            }
            var header = new JsonObject(first.substring(DumpFormat.DUMP.length()));
            int format = header.getInteger("format", 0);
            if (format < DumpFormat.OLDEST || format > DumpFormat.VERSION) {
                throw invalid("it is of another format");
            }
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(BLANK)) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    throw ApiException.of(
                            DumpError.NOT_BLANK,
                            "A dump is restored into a project without tables, users and migrations");
                }
            }
            var schema = RestoredSchema.before(connection);
            return new Restore(connection, reader, DumpFormat.text(header, "token"), schema, format > DumpFormat.OLDEST)
                    .all();
        } catch (DecodeException | ClassCastException malformed) {
            throw invalid("a line that begins with -- basalt: is damaged");
        } catch (PSQLException refused) {
            throw failed(refused);
        }
    }

    private JsonObject all() throws SQLException, IOException {
        while (true) {
            var line = reader.line();
            if (line == null) {
                throw invalid("it ends before its end");
            }
            if (line.equals(DumpFormat.COMPLETE + token)) {
                break;
            }
            if (line.startsWith(DumpFormat.TABLE)) {
                table(Table.of(new JsonObject(line.substring(DumpFormat.TABLE.length()))));
            } else if (line.startsWith(DumpFormat.MIGRATION)) {
                migration(DumpFormat.text(new JsonObject(line.substring(DumpFormat.MIGRATION.length())), "name"));
            } else if (line.startsWith(DumpFormat.OBJECT)) {
                object(new JsonObject(line.substring(DumpFormat.OBJECT.length())));
            } else if (line.startsWith(DumpFormat.SEQUENCE)) {
                sequence(Sequence.of(new JsonObject(line.substring(DumpFormat.SEQUENCE.length()))));
            }
        }
        held().putBack();
        connection.commit();
        return new JsonObject()
                .put("migrations", counts.migrations)
                .put("tables", counts.tables)
                .put("rows", counts.rows)
                .put("differences", new JsonArray(differences));
    }

    private HeldBack held() throws SQLException {
        var known = heldBack;
        if (known == null) {
            if (hasObjects) {
                differences = schema.become(objects);
            }
            known = HeldBack.of(connection);
            heldBack = known;
        }
        return known;
    }

    private void migration(String name) throws SQLException, IOException {
        requireBeforeRows("migration " + name);
        var sql = text("migration " + name);
        MigrationFile.of(name, sql).apply(connection);
        counts.migrations++;
    }

    private void object(JsonObject header) throws IOException {
        var kind = DumpFormat.text(header, "kind");
        var identity = DumpFormat.text(header, "identity");
        requireBeforeRows(kind + " " + identity);
        var sql = text(kind + " " + identity);
        objects.add(new SchemaObject(kind, identity, header.getBoolean("made", false) ? sql : null, null));
    }

    private void requireBeforeRows(String what) {
        if (heldBack != null) {
            throw invalid("the " + what + " comes behind rows");
        }
    }

    /** The lines up to the end of a section. */
    private String text(String what) throws IOException {
        var sql = new StringBuilder();
        for (var line = reader.line(); !(DumpFormat.END + token).equals(line); line = reader.line()) {
            if (line == null) {
                throw invalid("it ends within the " + what);
            }
            counts.schema += line.length();
            if (counts.schema > MAX_SCHEMA) {
                throw invalid("its migrations and definitions have more than " + MAX_SCHEMA + " characters");
            }
            sql.append(sql.isEmpty() ? "" : "\n").append(line);
        }
        return sql.toString();
    }

    private void table(Table table) throws SQLException, IOException {
        reader.line(); // The COPY, for psql.
        counts.tables++;
        if (table.isOf(AUTH)) {
            users(table);
            return;
        }
        held();
        if (table.isOf("storage")) {
            try (var statement = connection.createStatement()) {
                // A migration may have made the same ones.
                statement.execute("delete from " + table.qualified());
            }
        }
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(table.copyIn());
        try {
            counts.rows += reader.rows(copy::writeToCopy);
        } catch (IOException cut) {
            cancel(copy, cut);
            throw cut;
        }
        copy.endCopy();
    }

    private static void cancel(CopyIn copy, IOException why) {
        try {
            copy.cancelCopy();
        } catch (SQLException refused) {
            why.addSuppressed(refused);
        }
    }

    private void users(Table table) throws SQLException, IOException {
        try (var insert = connection.prepareStatement("select basalt.restore_auth_row(?, ?, ?)")) {
            insert.setString(1, table.name());
            insert.setArray(2, connection.createArrayOf("text", table.columns().toArray()));
            for (var row = reader.line(); !DumpFormat.END_OF_ROWS.equals(row); row = reader.line()) {
                if (row == null) {
                    throw invalid("it ends within " + table.qualified());
                }
                insert.setArray(
                        3, connection.createArrayOf("text", CopyText.fields(row).toArray()));
                insert.execute();
                counts.rows++;
            }
        }
    }

    private void sequence(Sequence sequence) throws SQLException {
        try (var set = connection.prepareStatement("select pg_catalog.setval(?::pg_catalog.regclass, ?, ?)")) {
            set.setString(1, sequence.qualified());
            set.setLong(2, sequence.value());
            set.setBoolean(3, sequence.called());
            set.execute();
        }
    }

    private static ApiException invalid(String why) {
        return ApiException.of(DumpError.INVALID_DUMP, "The file can't be restored: " + why);
    }

    private static ApiException failed(PSQLException refused) {
        var message = refused.getServerErrorMessage();
        if (message == null || message.getSQLState() == null) {
            return ApiException.caused(dev.basalt.kit.error.KitError.DATABASE_UNAVAILABLE, refused);
        }
        var problem = ApiException.of(DumpError.FAILED, String.valueOf(message.getMessage()))
                .with("sqlstate", message.getSQLState());
        if (message.getDetail() != null) {
            problem = problem.with("details", message.getDetail());
        }
        return message.getWhere() == null ? problem : problem.with("where", message.getWhere());
    }
}
