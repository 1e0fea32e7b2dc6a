package dev.basalt.control.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** A migration that was applied once, to be applied again in a transaction that holds more. Immutable; blocks. */
public final class MigrationFile {
    private static final Pattern CONCURRENTLY = Pattern.compile("(?i)\\bconcurrently\\b");
    private static final Pattern VACUUM = Pattern.compile("(?i)^\\s*(vacuum|reindex|cluster)\\b");

    private final Migration migration;

    private MigrationFile(Migration migration) {
        this.migration = migration;
    }

    /**
     * Reads a file.
     *
     * @throws dev.basalt.kit.error.ApiException if it is no migration
     */
    public static MigrationFile of(String name, String sql) {
        return new MigrationFile(Migration.of(name, sql));
    }

    /**
     * Runs it in the connection's transaction and writes its row. What can't run in one is done without: an index is built while
     * others wait, which nobody does, and upkeep is left out.
     */
    public void apply(Connection connection) throws SQLException {
        var sql = migration.runs();
        try (var statement = connection.createStatement()) {
            if (migration.transactional()) {
                statement.execute(sql);
            } else if (!VACUUM.matcher(withoutComments(sql)).find()) {
                statement.execute(CONCURRENTLY.matcher(sql).replaceFirst(""));
            }
            statement.execute("reset role; reset all");
        }
        try (var insert = connection.prepareStatement("select basalt.record_app_migration(?, ?, ?, ?, 0)")) {
            insert.setBigDecimal(1, migration.version());
            insert.setString(2, migration.name());
            insert.setString(3, migration.checksum());
            insert.setString(4, migration.sql());
            insert.execute();
        }
    }

    private static String withoutComments(String sql) {
        return sql.replaceAll("(?m)^\\s*--.*$", "");
    }
}
