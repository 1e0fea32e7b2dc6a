package dev.basalt.kit.database;

import static dev.basalt.test.TestProjects.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class ProjectDatabasesTest {
    @Inject
    ProjectDatabases databases;

    @Inject
    TestProjects projects;

    @Inject
    io.vertx.core.Vertx vertx;

    private Project project;
    private RequestContext service;

    @BeforeEach
    void project() {
        var ref = "d-" + UUID.randomUUID().toString().substring(0, 8);
        projects.create(ref);
        project = projects.project(ref);
        service = RequestContext.internal("test", project, 0);
    }

    private RowSet<Row> owner(String sql) {
        return await(
                databases.owner(service, connection -> connection.query(sql).execute()));
    }

    private String anon(String sql) {
        return as(new Caller.Anonymous(), sql);
    }

    private String as(Caller caller, String sql) {
        return await(databases
                .query(service.as(caller), Mode.WRITE, sql, Tuple.tuple())
                .map(rows -> rows.size() == 0
                        ? ""
                        : String.valueOf(rows.iterator().next().getValue(0))));
    }

    @Test
    void aFailingStatementFailsAndLeavesNothingBehind() {
        owner("create table t (id int primary key)");
        assertThatThrownBy(() -> anon("insert into t values (1), (1)")).isInstanceOf(PgException.class);
        assertThat(anon("select count(*) from t")).isEqualTo("0");
        assertThat(anon("select current_setting('request.jwt.claims')")).contains("anon");
    }

    @Test
    void whoCallsIsToldBySettingsOfTheirOwnAndByTheClaims() {
        var id = UUID.randomUUID();
        var claims = new JsonObject().put("sub", id.toString()).put("role", "authenticated");
        var ann = new Caller.User(id, id, Role.AUTHENTICATED, claims, claims.encode(), Instant.MAX);
        var who = "select concat_ws(' ', auth.uid(), auth.role())";
        assertThat(as(ann, who)).isEqualTo(id + " authenticated");
        assertThat(anon(who)).isEqualTo("anon");
        assertThat(as(new Caller.Service(), who)).isEqualTo("service_role");
        assertThat(as(ann, who + " from set_config('request.jwt.claims', '', true)"))
                .isEqualTo(id + " authenticated");
        assertThat(await(databases.platformQuery(service.as(ann), who, Tuple.tuple()))
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo(id + " authenticated");
        assertThat(owner("begin; set local request.jwt.claims = '" + claims.encode() + "'; " + who)
                        .next()
                        .next()
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo(id + " authenticated");
    }

    @Test
    void aReadOnlyTransactionWritesNothing() {
        owner("create table t (id int primary key)");
        assertThatThrownBy(() -> await(databases.query(service, Mode.READ, "insert into t values (1)", Tuple.tuple())))
                .isInstanceOf(PgException.class);
        assertThat(anon("select count(*) from t")).isEqualTo("0");
    }

    @Test
    void rowLevelSecurityHoldsForTheCaller() {
        owner("create table t (id int primary key); insert into t values (1); alter table t enable row level security");
        assertThat(anon("select count(*) from t")).isEqualTo("0");
        assertThat(await(databases.query(service, Mode.READ, "select count(*) from t", Tuple.tuple()))
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(1);
    }

    @Test
    void aTransactionRollsBackWhenItsWorkFails() {
        owner("create table t (id int primary key)");
        assertThatThrownBy(() -> await(databases.transaction(
                        service,
                        Mode.WRITE,
                        connection -> connection
                                .query("insert into t values (1)")
                                .execute()
                                .compose(inserted -> Future.failedFuture(new IllegalStateException("no"))))))
                .hasMessage("no");
        assertThat(anon("select count(*) from t")).isEqualTo("0");
    }

    @Test
    void oneProjectsLoginReachesNoOthersDatabaseAndNotTheControlDatabase() {
        projects.create("victim-" + project.ref());
        var victim = projects.project("victim-" + project.ref()).database();
        var own = project.database();
        for (var database : new String[] {victim.name(), "basalt", "basalt_template"}) {
            for (var login : new String[][] {
                {own.login("anon"), own.appPassword().value()},
                {own.login("basalt_platform"), own.appPassword().value()},
                {own.ownerRole(), own.ownerPassword().value()}
            }) {
                var options = new PgConnectOptions()
                        .setHost(own.host())
                        .setPort(own.port())
                        .setDatabase(database)
                        .setUser(login[0])
                        .setPassword(login[1]);
                var pool = PgBuilder.pool().connectingTo(options).using(vertx).build();
                assertThatThrownBy(() -> await(pool.query("select 1").execute()))
                        .hasMessageContaining("permission denied for database");
                await(pool.close());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authenticated", "service_role", "basalt_platform", "postgres"})
    void aRequestTakesNoOtherRole(String role) {
        owner("create function become(name text) returns text language plpgsql as $$ begin"
                + " execute format('set role %I', name); return current_user; end $$");
        assertThatThrownBy(() -> anon("select become('" + role + "')"))
                .isInstanceOfSatisfying(
                        PgException.class,
                        refused -> assertThat(refused.getSqlState()).isEqualTo("42501"));
        assertThatThrownBy(() -> anon("select set_config('role', '" + role + "', false)"))
                .isInstanceOf(PgException.class);
        assertThatThrownBy(() ->
                        await(databases.query(service, Mode.WRITE, "select become('basalt_platform')", Tuple.tuple())))
                .isInstanceOf(PgException.class);
        assertThat(anon("select current_user")).isEqualTo("anon");
    }

    @Test
    void aRequestThatGivesItsRoleUpHasNoRights() {
        owner("create table t (id int primary key)");
        assertThatThrownBy(() -> await(databases.transaction(
                        service,
                        Mode.WRITE,
                        connection -> connection
                                .query("set local role none")
                                .execute()
                                .compose(none ->
                                        connection.query("select * from t").execute()))))
                .isInstanceOfSatisfying(
                        PgException.class,
                        refused -> assertThat(refused.getSqlState()).isEqualTo("42501"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set role postgres",
                "set session authorization postgres",
                "set role basalt_platform",
                "select encrypted_password from auth.users",
                "select * from auth.sessions",
                "select * from basalt.events",
                "copy (select 1) to program 'true'",
                "select pg_read_file('/etc/hostname')",
                "create extension dblink",
                "create extension postgres_fdw",
                "drop table storage.objects",
                "alter table storage.objects disable row level security",
                "alter table auth.users add column x int",
                "create table auth.mine (id int)",
                "create function basalt.mine() returns int language sql as 'select 1'",
                "drop event trigger basalt_guard_ddl",
                "alter event trigger basalt_guard_ddl disable",
                "create database mine",
                "create role mine",
                "alter system set fsync = off"
            })
    void theOwnerCanNotReachBeyondItsProject(String sql) {
        // The state, not just a failure: what is refused because it does not exist proves nothing.
        assertThatThrownBy(() -> owner(sql))
                .isInstanceOfSatisfying(
                        PgException.class,
                        refused -> assertThat(refused.getSqlState()).isEqualTo("42501"));
    }

    @Test
    void theOwnerAddsPoliciesAndTriggersToThePlatformsTables() {
        owner("create policy p on storage.objects for select using (true)");
        owner("create function f() returns trigger language plpgsql as 'begin return new; end'");
        owner("create trigger t after insert on auth.users for each row execute function f()");
        owner("create table profiles (id uuid references auth.users (id))");
        // The trigger goes with its function: dropping it alone takes the ownership of auth.users.
        owner("drop function f() cascade; drop policy p on storage.objects");
        assertThat(owner("select count(*) from auth.users").iterator().next().getLong(0))
                .isZero();
    }

    @Test
    void nothingOfTheOwnersSessionReachesTheNextRequest() {
        owner("set search_path = nowhere; create temp table left_over (id int); select pg_advisory_lock(1); listen x");
        for (var attempt = 0; attempt < 4; attempt++) {
            assertThat(owner(
                                    "select to_regclass('left_over') is null and current_setting('search_path') like '%public%'"
                                            + " and not exists (select from pg_listening_channels())")
                            .iterator()
                            .next()
                            .getBoolean(0))
                    .isTrue();
        }
        assertThat(owner("select pg_try_advisory_lock(1)").iterator().next().getBoolean(0))
                .isTrue();
    }
}
