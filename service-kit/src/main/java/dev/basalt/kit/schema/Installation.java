package dev.basalt.kit.schema;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.control.ServerAddress;
import dev.basalt.kit.project.ProjectStore;
import dev.basalt.kit.project.ProjectsConfig;
import dev.basalt.kit.secret.RandomToken;
import dev.basalt.kit.secret.SecretBox;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The databases of this installation: the control database, the template of project databases, and the stock of blank
 * ones that new projects claim. Safe to run from several replicas at once: what must happen once holds a PostgreSQL
 * advisory lock. Migrations only go forward. Blocking work runs on worker threads.
 */
@ApplicationScoped
public class Installation {
    private static final Logger LOG = Logger.getLogger(Installation.class);
    private static final String MAINTENANCE = "postgres";
    private static final String TEMPLATE = "basalt_template";
    private static final String APP = "_app";
    private static final String SERVER = "main";
    /** Held while databases are created or dropped, so that replicas don't overfill the stock. */
    private static final long LOCK = 0x6261_7361_6c74L;

    private static final String PROJECT_SCHEMA = "basalt";
    private static final String INTERRUPTED_AGE = "10 minutes";

    private final Vertx vertx;
    private final ServerAddress server;
    private final AdminConnections admin;
    private final SecretBox secrets;
    private final int stock;

    @Inject
    public Installation(Vertx vertx, ControlDatabase control, SecretBox secrets, ProjectsConfig config) {
        this.vertx = vertx;
        this.server = control.address();
        this.admin = new AdminConnections(server);
        this.secrets = secrets;
        this.stock = config.stock();
    }

    /** Creates and migrates the control database, the template and every project's database. Blocks. */
    public void migrate() {
        try {
            admin.requireSuitable(MAINTENANCE);
            createDatabase(server.database());
            admin.migrate(server.database(), "public", "control", ClasspathMigrations.CONTROL);
            locked(control -> {
                registerServer(control);
                createDatabase(TEMPLATE);
                migrateProject(TEMPLATE);
                migrateProjects(control);
                separateLogins(control);
            });
        } catch (SQLException e) {
            throw new IllegalStateException("the databases could not be set up: " + e.getMessage(), e);
        }
    }

    /** Fills the stock up and clears what an interrupted filling left; runs on a worker thread. */
    public Future<Void> replenish() {
        return Blocking.run(
                vertx,
                () -> locked(control -> {
                    dropUnwanted(control);
                    while (stocked(control) < stock) {
                        build(control);
                    }
                }));
    }

    private interface Work {
        void run(Connection control) throws SQLException;
    }

    private void locked(Work work) throws SQLException {
        try (var control = admin.connect(server.database());
                var statement = control.createStatement()) {
            statement.execute("select pg_advisory_lock(" + LOCK + ")");
            // Closing the session releases the lock, also when the process dies.
            work.run(control);
        }
    }

    private void createDatabase(String name) throws SQLException {
        if (admin.databaseExists(MAINTENANCE, name)) {
            return;
        }
        try {
            admin.execute(
                    MAINTENANCE, List.of("create database " + name, "revoke all on database " + name + " from public"));
        } catch (SQLException e) {
            // Another replica was faster.
            if (!admin.databaseExists(MAINTENANCE, name)) {
                throw e;
            }
        }
    }

    private void migrateProject(String database) {
        admin.migrate(database, PROJECT_SCHEMA, "project", ClasspathMigrations.PROJECT);
    }

    private void registerServer(Connection control) throws SQLException {
        try (var insert = control.prepareStatement("""
                insert into servers (id, host, port) values (?, ?, ?)
                on conflict (id) do update set host = excluded.host, port = excluded.port""")) {
            insert.setString(1, SERVER);
            insert.setString(2, server.host());
            insert.setInt(3, server.port());
            insert.executeUpdate();
        }
    }

    private void migrateProjects(Connection control) throws SQLException {
        var latest = ClasspathMigrations.latest(ClasspathMigrations.PROJECT);
        for (var database : names(control, "state in ('stock', 'assigned') and schema_version <> '" + latest + "'")) {
            migrateProject(database);
            try (var update =
                    control.prepareStatement("update project_databases set schema_version = ? where name = ?")) {
                update.setString(1, latest);
                update.setString(2, database);
                update.executeUpdate();
            }
            LOG.infof("migrated the project database %s to version %s", database, latest);
        }
    }

    /** Gives databases that were made with one login for all roles a login for each. */
    private void separateLogins(Connection control) throws SQLException {
        try (var statement = control.createStatement();
                var rows = statement.executeQuery("""
                        select app_role, app_password from project_databases join pg_roles on rolname = app_role
                        where rolcanlogin and state in ('stock', 'assigned')""")) {
            while (rows.next()) {
                var logins = new RequestLogins(rows.getString(1));
                admin.execute(MAINTENANCE, logins.create(open(rows.getBytes(2))));
                admin.execute(MAINTENANCE, logins.demote());
            }
        }
    }

    private static List<String> names(Connection control, String condition) throws SQLException {
        try (var statement = control.createStatement();
                var rows = statement.executeQuery("select name from project_databases where " + condition)) {
            var names = new ArrayList<String>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static int stocked(Connection control) throws SQLException {
        return names(control, "state = 'stock'").size();
    }

    /** Makes one blank database: its row first, so that an interruption leaves a trace to clear. */
    private void build(Connection control) throws SQLException {
        var name = "basalt_p_" + RandomToken.hex(8);
        var app = name + APP;
        var owner = name + "_owner";
        var appPassword = RandomToken.hex(24);
        var ownerPassword = RandomToken.hex(24);
        try (var insert = control.prepareStatement("""
                insert into project_databases (name, server_id, state, app_role, app_password, owner_role,
                  owner_password, schema_version) values (?, ?, 'building', ?, ?, ?, ?, ?)""")) {
            insert.setString(1, name);
            insert.setString(2, SERVER);
            insert.setString(3, app);
            insert.setBytes(4, seal(appPassword));
            insert.setString(5, owner);
            insert.setBytes(6, seal(ownerPassword));
            insert.setString(7, ClasspathMigrations.latest(ClasspathMigrations.PROJECT));
            insert.executeUpdate();
        }
        admin.execute(MAINTENANCE, List.of("create role " + app + " nologin"));
        admin.execute(MAINTENANCE, new RequestLogins(app).create(appPassword));
        admin.execute(
                MAINTENANCE,
                List.of(
                        "create role " + owner + " login password '" + ownerPassword + "'",
                        "grant anon, authenticated, service_role to " + owner + " with inherit false, set true",
                        "create database " + name + " template " + TEMPLATE,
                        "revoke all on database " + name + " from public",
                        "grant connect on database " + name + " to " + app + ", " + owner,
                        "grant create, temporary on database " + name + " to " + owner,
                        "alter database " + name + " set search_path = \"$user\", public, extensions"));
        admin.execute(name, ownership(owner));
        try (var update = control.prepareStatement("update project_databases set state = 'stock' where name = ?")) {
            update.setString(1, name);
            update.executeUpdate();
        }
    }

    /** What the owner of one project database may do there: everything in its own schemas, additions to the platform's. */
    private static List<String> ownership(String owner) {
        var statements = new ArrayList<String>();
        statements.add("alter schema public owner to " + owner);
        statements.add("alter schema documents owner to " + owner);
        statements.add("grant usage on schema auth, storage, extensions, basalt to " + owner);
        statements.add("grant select on basalt.app_migrations to " + owner);
        statements.add("grant execute on function basalt.record_app_migration(numeric, text, text, text, integer),"
                + " basalt.restore_auth_row(text, text[], text[]), basalt.restore_collection(text, jsonb) to " + owner);
        statements.add("grant select on basalt_documents.collections to " + owner);
        // Policies can only be added by a table's owner; basalt.guard_platform() holds back everything else.
        statements.add("alter table storage.buckets owner to " + owner);
        statements.add("alter table storage.objects owner to " + owner);
        statements.add("grant references, trigger on auth.users to " + owner);
        statements.add("grant select (id, aud, role, email, email_confirmed_at, invited_at, last_sign_in_at,"
                + " raw_app_meta_data, raw_user_meta_data, created_at, updated_at, phone, phone_confirmed_at,"
                + " confirmed_at, banned_until, deleted_at, is_sso_user, is_anonymous) on auth.users to " + owner);
        for (var schema : List.of("public", "documents")) {
            for (var privilege : List.of("all on tables", "all on sequences", "execute on functions")) {
                statements.add("alter default privileges for role " + owner + " in schema " + schema + " grant "
                        + privilege + " to anon, authenticated, service_role");
            }
            statements.add("grant usage on schema " + schema + " to anon, authenticated, service_role");
        }
        return statements;
    }

    /** Drops databases whose making was interrupted and those of deleted projects. */
    private void dropUnwanted(Connection control) throws SQLException {
        var interrupted = names(
                control,
                "state = 'dropping' or (state = 'building' and created_at < now() - interval '" + INTERRUPTED_AGE
                        + "')");
        for (var name : interrupted) {
            admin.execute(
                    MAINTENANCE,
                    List.of(
                            "drop database if exists " + name + " with (force)",
                            "drop role if exists " + name + "_owner"));
            admin.execute(MAINTENANCE, new RequestLogins(name + APP).drop());
            try (var delete = control.prepareStatement("delete from project_databases where name = ?")) {
                delete.setString(1, name);
                delete.executeUpdate();
            }
            LOG.infof("dropped the project database %s", name);
        }
    }

    private String open(byte[] sealed) {
        return new String(secrets.open(ProjectStore.PASSWORD_PURPOSE, sealed), StandardCharsets.UTF_8);
    }

    private byte[] seal(String password) {
        return secrets.seal(ProjectStore.PASSWORD_PURPOSE, password.getBytes(StandardCharsets.UTF_8));
    }
}
