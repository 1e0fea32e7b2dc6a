package dev.basalt.data.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.data.rest.RestTestProject;
import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SQL over HTTP does not reach, and what it does not leave to the next request. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class SqlSecurityTest {
    @Inject
    RestTestProject app;

    @BeforeEach
    void table() {
        app.sql("drop table if exists things; create table things (id int primary key, name text unique)");
    }

    @Test
    void aSessionLeavesNothingBehind() {
        app.sql("set search_path = nowhere; create temp table leftover (id int); listen gossip; "
                + "select pg_advisory_lock(42); prepare basalt_query as select 1");
        for (int i = 0; i < 6; i++) {
            assertThat(app.count("things")).isZero();
            assertThat(app.sql("select to_regclass('pg_temp.leftover') is null as gone")
                            .encode())
                    .contains("\"gone\":true");
            assertThat(app.sql("select id from things where id = $1", 1).getInteger("rowCount"))
                    .isZero();
        }
        assertThat(app.count("pg_locks where locktype = 'advisory'")).isZero();
    }

    @Test
    void anOpenTransactionDoesNotOutliveItsRequest() {
        app.sql("begin; insert into things values (1, 'x')");
        assertThat(app.count("things")).isZero();
    }

    @Test
    void theOwnerIsNoSuperuser() {
        app.send(new JsonObject().put("query", "copy things to program 'true'")).statusCode(403);
        app.send(new JsonObject().put("query", "select pg_read_file('/etc/passwd')"))
                .statusCode(403);
        app.send(new JsonObject().put("query", "select encrypted_password from auth.users"))
                .statusCode(403)
                .body("sqlstate", equalTo("42501"));
        app.send(new JsonObject().put("query", "drop table auth.users")).statusCode(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "copy things to program 'true'",
                "copy things from '/etc/passwd'",
                "select pg_read_file('/etc/passwd')",
                "select pg_ls_dir('.')",
                "select lo_import('/etc/passwd')",
                "set role basalt_platform",
                "set session authorization postgres",
                "alter system set work_mem = '1GB'",
                "create extension dblink",
                "create extension file_fdw",
                "create role intruder superuser",
                "alter role current_user superuser",
                "load 'auth_delay'",
                "select pg_reload_conf()",
                "create event trigger t on ddl_command_end execute function basalt.notify_ddl()",
                "drop event trigger basalt_guard_ddl",
                "select * from basalt.events",
                "select rolpassword from pg_authid",
                "create function f() returns int language c as 'x', 'y'",
                "create subscription s connection 'host=localhost' publication p",
            })
    void whatReachesBeyondTheProjectIsRefused(String sql) {
        app.send(new JsonObject().put("query", sql))
                .statusCode(403)
                .body("code", equalTo("sql_forbidden"), "sqlstate", equalTo("42501"));
    }

    @Test
    void noOtherDatabaseCanBeReached() {
        app.send(new JsonObject().put("query", "select dblink_connect('dbname=basalt')"))
                .statusCode(400)
                .body("sqlstate", equalTo("42883"));
        app.send(new JsonObject().put("query", "create server s foreign data wrapper postgres_fdw"))
                .statusCode(400)
                .body("sqlstate", equalTo("42704"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "set role anon                                 | current_user <> session_user",
                "set session characteristics as transaction read only | current_setting('default_transaction_read_only') = 'on'",
                "set search_path = nowhere                     | current_setting('search_path') = 'nowhere'",
                "set statement_timeout = 1                     | current_setting('statement_timeout') = '1ms'",
                "listen gossip                                 | exists (select from pg_listening_channels())",
                "select pg_advisory_lock(42)                   | exists (select from pg_locks where locktype = 'advisory')",
                "create temp table leftover (id int)           | to_regclass('pg_temp.leftover') is not null",
                "create temp view things as select 1           | to_regclass('pg_temp.things') is not null",
                "prepare basalt_query as select 1              | exists (select from pg_prepared_statements where name = 'basalt_query')",
                "declare c cursor with hold for select 1       | exists (select from pg_cursors)",
                "begin; insert into things values (1)          | exists (select from things)",
                "select set_config('request.jwt.claims', '{}', false) | current_setting('request.jwt.claims', true) <> ''",
            })
    void whatASessionHoldsIsGoneForTheNextRequest(String sql, String left) {
        for (int i = 0; i < 3; i++) {
            app.sql(sql);
            assertThat(app.sql("select (" + left + ") as left_over")
                            .getJsonArray("rows")
                            .getJsonObject(0)
                            .getBoolean("left_over"))
                    .isNotEqualTo(true);
        }
    }

    @Test
    void withAUsersTokenTheServersSqlRunsAsTheUser() {
        app.sql("drop table if exists diary; create table diary (owner uuid default auth.uid(), line text);"
                + " alter table diary enable row level security;"
                + " create policy own on diary to authenticated using (owner = auth.uid()) with check (owner = auth.uid());"
                + " insert into diary values ('" + RestTestProject.BOB + "', 'Bob''s')");
        asAnn(new JsonObject().put("query", "insert into diary (line) values ('Ann''s')"))
                .statusCode(200);
        asAnn(new JsonObject().put("query", "select line, (select count(*) from diary) as n from diary"))
                .body("rows.line", equalTo(java.util.List.of("Ann's")), "rows[0].n", equalTo(1));
        asAnn(new JsonObject().put("query", "insert into diary values ('" + RestTestProject.BOB + "', 'forged')"))
                .statusCode(403)
                .body("sqlstate", equalTo("42501"));
        asAnn(new JsonObject().put("query", "create table anns (id int)")).statusCode(403);
        asAnn(new JsonObject().put("query", "commit; select * from diary"))
                .statusCode(400)
                .body("code", equalTo("invalid_sql_request"));
        assertThat(app.count("diary")).isEqualTo(2);
    }

    private ValidatableResponse asAnn(JsonObject body) {
        return app.service()
                .header(
                        "Authorization",
                        "Bearer "
                                + app.token(
                                        RestTestProject.ANN,
                                        java.time.Instant.now().plusSeconds(600)))
                .contentType("application/json")
                .body(body.encode())
                .post("/sql/v1")
                .then();
    }

    @Test
    void onlyTheSecretKeyRunsSql() {
        var body = new JsonObject().put("query", "select 1").encode();
        app.anonymous()
                .contentType("application/json")
                .body(body)
                .post("/sql/v1")
                .then()
                .statusCode(403);
        app.user(RestTestProject.ANN)
                .contentType("application/json")
                .body(body)
                .post("/sql/v1")
                .then()
                .statusCode(403)
                .contentType(startsWith("application/problem+json"));
    }
}
