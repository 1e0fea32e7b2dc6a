package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What no SQL of a project reaches, whoever runs it: in a function with its caller's rights, in one with its owner's, and over
 * HTTP with the secret key. Each statement is refused for want of a right ({@code 42501}): what fails because something is
 * missing proves nothing.
 */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class ReachSecurityTest {
    private static final String DENIED = "42501";

    private static final List<String> SECRETS = List.of(
            "select encrypted_password from auth.users",
            "select recovery_token from auth.users",
            "select * from auth.sessions",
            "select * from auth.audit_log_entries",
            "update auth.users set role = 'service_role'",
            "delete from auth.sessions",
            "select * from basalt.events",
            "select * from pg_authid",
            "select * from pg_shadow",
            "select * from pg_user_mapping",
            "show data_directory",
            "select current_setting('hba_file')",
            "select * from pg_hba_file_rules");

    private static final List<String> FILES_AND_PROGRAMS = List.of(
            "copy (select 1) to program 'true'",
            "copy landing from program 'id'",
            "copy (select 1) to '/tmp/basalt-was-here'",
            "copy landing from '/etc/passwd'",
            "select pg_read_file('/etc/passwd')",
            "select pg_read_file('PG_VERSION')",
            "select pg_read_binary_file('/etc/passwd')",
            "select pg_ls_dir('.')",
            "select pg_ls_waldir()",
            "select pg_ls_tmpdir()",
            "select pg_stat_file('/etc/passwd')",
            "select lo_import('/etc/passwd')",
            "select lo_export(1, '/tmp/basalt-was-here')",
            "load '/tmp/basalt.so'",
            "create function landed() returns text language internal as 'pg_read_file'",
            "create function landed() returns int language c as '/tmp/basalt.so'");

    private static final List<String> OUTWARD = List.of(
            "create extension dblink",
            "create extension dblink schema public",
            "create extension postgres_fdw",
            "create extension file_fdw",
            "create foreign data wrapper outward",
            "select pg_create_logical_replication_slot('outward', 'pgoutput')");

    private static final List<String> ROLES_AND_SERVER = List.of(
            "set role postgres",
            "set role basalt_platform",
            "set session authorization postgres",
            "grant basalt_platform to current_user",
            "alter role current_user superuser",
            "create role landed",
            "set session_replication_role = replica",
            "set log_statement = 'all'",
            "select pg_reload_conf()",
            "select pg_switch_wal()",
            "create event trigger landed on ddl_command_end execute function landing_trigger()",
            "alter event trigger basalt_guard_ddl disable",
            "create table auth.landed (id int)",
            "create table basalt.landed (id int)",
            "drop table storage.objects");

    /** What no transaction allows, hence no function. */
    private static final List<String> ALONE = List.of(
            "create database landed",
            "alter system set fsync = off",
            "create subscription outward connection 'host=127.0.0.1' publication p");

    @Inject
    RestTestProject app;

    @Inject
    TestProjects projects;

    enum Caller {
        ANON,
        USER,
        SERVICE
    }

    @BeforeEach
    void functions() {
        app.sql("""
                create table if not exists landing (line text);
                create or replace function landing_trigger() returns event_trigger language plpgsql as $$ begin end $$;
                create or replace function attempt(statement text) returns text language plpgsql volatile as $$ begin
                  execute statement;
                  return 'done';
                exception when others then return sqlstate; end $$;
                create or replace function attempt_as_owner(statement text) returns text language plpgsql volatile
                  security definer as $$ begin
                  execute statement;
                  return 'done';
                exception when others then return sqlstate; end $$;
                create or replace function answer_of(statement text) returns text language plpgsql volatile as $$
                  declare answer text; begin execute statement into answer; return answer; end $$;
                """);
    }

    private RequestSpecification as(Caller caller) {
        return switch (caller) {
            case ANON -> app.anonymous();
            case USER -> app.user(RestTestProject.ANN);
            case SERVICE -> app.service();
        };
    }

    private static Stream<String> everything() {
        return Stream.of(SECRETS, FILES_AND_PROGRAMS, OUTWARD, ROLES_AND_SERVER).flatMap(List::stream);
    }

    private String call(Caller caller, String function, String statement) {
        var answer = as(caller)
                .contentType("application/json")
                .body(new JsonObject().put("statement", statement).encode())
                .post("/rest/v1/rpc/" + function)
                .then()
                .statusCode(200)
                .extract()
                .asString();
        return String.valueOf(Json.decodeValue(answer));
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionReachesNothingOfTheServerWithItsCallersRights(Caller caller) {
        assertThat(outcomes(caller, "attempt"))
                .allSatisfy(
                        (statement, state) -> assertThat(state).as(statement).isEqualTo(DENIED));
        nothingLanded();
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionReachesNothingOfTheServerWithItsOwnersRights(Caller caller) {
        assertThat(outcomes(caller, "attempt_as_owner"))
                .allSatisfy(
                        (statement, state) -> assertThat(state).as(statement).isEqualTo(DENIED));
        nothingLanded();
    }

    private Map<String, String> outcomes(Caller caller, String function) {
        var outcomes = new LinkedHashMap<String, String>();
        everything().forEach(statement -> outcomes.put(statement, call(caller, function, statement)));
        return outcomes;
    }

    @Test
    void sqlWithTheSecretKeyReachesNothingOfTheServer() {
        Stream.concat(everything(), ALONE.stream())
                .forEach(statement -> app.service()
                        .contentType("application/json")
                        .body(new JsonObject().put("query", statement).encode())
                        .post("/sql/v1")
                        .then()
                        .statusCode(403)
                        .body("sqlstate", equalTo(DENIED)));
        nothingLanded();
    }

    private void nothingLanded() {
        assertThat(Path.of("/tmp/basalt-was-here")).doesNotExist();
        assertThat(app.count("landing")).isZero();
        assertThat(app.count("pg_extension where extname in ('dblink', 'postgres_fdw', 'file_fdw')"))
                .isZero();
        assertThat(app.count("pg_proc where proname = 'landed'")).isZero();
        assertThat(app.count("pg_roles where rolname = 'landed'")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anotherProjectIsNeitherReadNorItsStatementsSeen(Caller caller) {
        var victim = projects.create("victim-" + UUID.randomUUID().toString().substring(0, 8));
        var database = projects.project(victim.ref()).database().name();
        assertThat(call(caller, "attempt", "select * from \"" + database + "\".auth.users"))
                .isEqualTo("0A000");
        assertThat(call(caller, "attempt", "alter database \"" + database + "\" set work_mem = '1MB'"))
                .isEqualTo(DENIED);
        assertThat(call(caller, "attempt", "drop database \"" + database + "\""))
                .isIn(DENIED, "25001");
        assertThat(call(caller, "answer_of", """
                select count(*) from pg_stat_activity where datname <> current_database()
                  and query not in ('', '<insufficient privilege>')""")).isEqualTo("0");
        assertThat(call(caller, "answer_of", "select has_database_privilege('" + database + "', 'connect')"))
                .isEqualTo("false");
        app.service()
                .header("Authorization", "Bearer " + victim.secretKey().value())
                .get("/rest/v1/landing")
                .then()
                .statusCode(401);
    }

    @Test
    void usersAreSeenWithoutTheirSecrets() {
        assertThat(call(Caller.SERVICE, "attempt_as_owner", "select id, email from auth.users"))
                .isEqualTo("done");
        assertThat(call(Caller.SERVICE, "attempt_as_owner", "select confirmation_token from auth.users"))
                .isEqualTo(DENIED);
    }
}
