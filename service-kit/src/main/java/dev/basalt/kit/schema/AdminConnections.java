package dev.basalt.kit.schema;

import dev.basalt.kit.control.ServerAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Plain JDBC as the administrator, for what is rare and takes long: making databases and migrating them. Blocks; safe for
 * use by any thread.
 */
final class AdminConnections {
    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    private static final int OLDEST_SERVER = 16;
    private static final String SUITABLE = """
            select current_setting('server_version'), current_setting('server_version_num')::int / 10000,
              (select rolsuper from pg_roles where rolname = current_user)""";

    private final ServerAddress server;

    AdminConnections(ServerAddress server) {
        this.server = server;
    }

    DataSource dataSource(String database) {
        var source = new PGSimpleDataSource();
        source.setURL(server.jdbcUrl(database));
        source.setUser(server.user());
        source.setPassword(server.password().value());
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setApplicationName("basalt-admin");
        return source;
    }

    Connection connect(String database) throws SQLException {
        return dataSource(database).getConnection();
    }

    /**
     * Makes sure that everything can be made here, before anything is.
     *
     * @throws IllegalStateException if PostgreSQL is too old or the user may not do all
     */
    void requireSuitable(String database) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(SUITABLE)) {
            row.next();
            if (row.getInt(2) < OLDEST_SERVER) {
                throw new IllegalStateException("PostgreSQL " + OLDEST_SERVER + " or newer is needed, and that at "
                        + server.host() + ":" + server.port() + " is " + row.getString(1));
            }
            if (!row.getBoolean(3)) {
                throw new IllegalStateException(
                        "the user of BASALT_DATABASE_URL must be a superuser of PostgreSQL, and " + server.user()
                                + " is none");
            }
        }
    }

    /** Brings a database to the latest version; two at once wait for each other by Flyway's lock. */
    void migrate(String database, String schema, String folder, List<String> migrations) {
        Flyway.configure()
                .dataSource(dataSource(database))
                .defaultSchema(schema)
                .createSchemas(true)
                .resourceProvider(new ClasspathMigrations(folder, migrations))
                .javaMigrationClassProvider(java.util.List::of)
                .validateMigrationNaming(true)
                .load()
                .migrate();
    }

    /** Runs statements one by one outside a transaction. */
    void execute(String database, List<String> statements) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    boolean databaseExists(String maintenance, String database) throws SQLException {
        try (var connection = connect(maintenance);
                var query = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
            query.setString(1, database);
            try (var rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
