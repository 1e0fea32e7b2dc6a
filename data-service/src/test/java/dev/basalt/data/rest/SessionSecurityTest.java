package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever SQL leaves in a session of a pool: the next requests on it see nothing of it. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class SessionSecurityTest {
    /** Enough for every part of a pool to be used, which has one for each event loop. */
    private static final int REQUESTS = 6;

    @Inject
    RestTestProject app;

    /** What is left behind, and what a later request would see of it; nothing is {@code f}. */
    enum Poison {
        SETTING("set my.secret = 'left'", "coalesce(current_setting('my.secret', true), '') <> ''"),
        SESSION_SETTING("set session my.secret = 'left'", "coalesce(current_setting('my.secret', true), '') <> ''"),
        CLAIMS(
                "select set_config('request.jwt.claims', '{\"sub\":\"5d2c7f7e-1111-2222-3333-00000000000b\"}', false)",
                "auth.uid() = '5d2c7f7e-1111-2222-3333-00000000000b'"),
        SEARCH_PATH("set search_path = pg_temp", "current_setting('search_path') like '%pg_temp%'"),
        STATEMENT_TIMEOUT("set statement_timeout = 1", "current_setting('statement_timeout') = '1ms'"),
        ROLE("set role none", "current_user not in ('anon', 'authenticated', 'service_role')"),
        TEMPORARY_TABLE("select hide_treasures()", "to_regclass('pg_temp.treasures') is not null"),
        PREPARED_STATEMENT(
                "do $$ begin if not exists (select from pg_prepared_statements where name = 'left_over')"
                        + " then prepare left_over as select 1; end if; end $$",
                "exists (select from pg_prepared_statements where name = 'left_over')"),
        ADVISORY_LOCK(
                "select pg_advisory_lock_shared(4900)",
                "exists (select from pg_locks where locktype = 'advisory' and objid = 4900 and pid = pg_backend_pid())"),
        LISTENING("listen left_over", "exists (select from pg_listening_channels())"),
        HELD_CURSOR(
                "do $$ begin if not exists (select from pg_cursors where name = 'left_over')"
                        + " then execute 'declare left_over cursor with hold for select 1'; end if; end $$",
                "exists (select from pg_cursors where name = 'left_over')"),
        SEQUENCE("select nextval('steps')", "left_in_sequence()");

        private final String statement;
        private final String seen;

        Poison(String statement, String seen) {
            this.statement = statement;
            this.seen = seen;
        }
    }

    /** By what SQL comes to run. */
    enum Way {
        CALL,
        CALL_THAT_FAILS,
        TRIGGER,
        POLICY,
        VIEW,
        COMPUTED_COLUMN,
        OWNER_SQL
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Poison.values())
                .flatMap(poison -> Stream.of(Way.values())
                        .filter(way -> mayRun(poison, way))
                        .flatMap(way -> callers(way).map(who -> Arguments.of(poison, way, who))));
    }

    /** A transaction that only reads makes no table and moves no sequence. */
    private static boolean mayRun(Poison poison, Way way) {
        boolean reads = way == Way.POLICY || way == Way.VIEW || way == Way.COMPUTED_COLUMN;
        return !reads || (poison != Poison.TEMPORARY_TABLE && poison != Poison.SEQUENCE);
    }

    /** Policies do not hold for the service, and SQL over HTTP is the secret key's alone. */
    private static Stream<String> callers(Way way) {
        return Stream.of("anon", "user", "service")
                .filter(who ->
                        way == Way.OWNER_SQL ? who.equals("service") : way != Way.POLICY || !who.equals("service"));
    }

    @BeforeEach
    void poisonable() {
        app.sql("""
                drop table if exists wells, treasures, notes cascade;
                drop sequence if exists steps cascade;
                create sequence steps;
                create table treasures (id int primary key, owner text);
                insert into treasures values (1, 'real');
                create or replace function left_in_sequence() returns boolean language plpgsql volatile as $$ begin
                  perform lastval(); return true; exception when object_not_in_prerequisite_state then return false; end $$;
                create or replace function poison(statement text) returns text language plpgsql volatile as $$ begin
                  if statement <> '' then execute statement; end if; return 'done'; end $$;
                create or replace function poison_and_fail(statement text) returns text language plpgsql volatile as $$ begin
                  execute statement; raise sqlstate 'PT409' using message = 'failed'; end $$;
                -- Nobody but the owner may make a temporary table.
                create or replace function hide_treasures() returns void language plpgsql volatile security definer as $$ begin
                  create temporary table if not exists treasures as select 0 as id, 'fake' as owner;
                  grant select on pg_temp.treasures to anon, authenticated, service_role; end $$;
                create or replace function looks(condition text) returns boolean language plpgsql volatile as $$
                  declare seen boolean; begin execute 'select ' || condition into seen; return coalesce(seen, false); end $$;
                create or replace function treasure() returns text language sql volatile as $$
                  select string_agg(owner, ',') from treasures $$;
                create table wells (id int primary key, statement text not null);
                create or replace function drop_in() returns trigger language plpgsql as $$ begin
                  perform poison(new.statement); return new; end $$;
                create trigger drop_in before insert on wells for each row execute function drop_in();
                create table notes (id int primary key, statement text not null);
                alter table notes enable row level security;
                create policy poisoned on notes using (poison(statement) = 'done');
                create or replace view well_view as select id, poison(statement) as done from wells;
                create or replace function dipped(wells) returns text language sql volatile as $$
                  select poison($1.statement) $$;
                """);
    }

    private RequestSpecification as(String who) {
        return switch (who) {
            case "anon" -> app.anonymous();
            case "user" -> app.user(RestTestProject.ANN);
            default -> app.service();
        };
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void theNextRequestSeesNothing(Poison poison, Way way, String who) {
        if (way != Way.CALL && way != Way.CALL_THAT_FAILS && way != Way.TRIGGER) {
            app.sql("insert into notes values (1, $1)", poison.statement);
            app.sql("alter table wells disable trigger drop_in");
            app.sql("insert into wells values (0, $1)", poison.statement);
            app.sql("alter table wells enable trigger drop_in");
        }
        for (int i = 1; i <= REQUESTS; i++) {
            leave(poison, way, who, i);
        }
        for (int i = 0; i < REQUESTS; i++) {
            call(who, "looks", new JsonObject().put("condition", poison.seen), 200)
                    .body(equalTo("false"));
            call(who, "treasure", new JsonObject(), 200).body(equalTo("\"real\""));
        }
    }

    private void leave(Poison poison, Way way, String who, int number) {
        var statement = new JsonObject().put("statement", poison.statement);
        switch (way) {
            case CALL -> call(who, "poison", statement, 200);
            case CALL_THAT_FAILS -> call(who, "poison_and_fail", statement, 409);
            case TRIGGER ->
                came(
                        poison,
                        as(who).contentType("application/json")
                                .body(statement.copy().put("id", number).encode())
                                .post("/rest/v1/wells"),
                        201);
            case POLICY -> came(poison, as(who).get("/rest/v1/notes"), 200);
            case VIEW -> came(poison, as(who).get("/rest/v1/well_view"), 200);
            case COMPUTED_COLUMN -> came(poison, as(who).get("/rest/v1/wells?select=dipped"), 200);
            case OWNER_SQL -> app.sql(poison.statement);
        }
    }

    /** Who gives their role up may see nothing of what the statement goes on with. */
    private static void came(Poison poison, Response response, int status) {
        assertThat(response.statusCode()).isIn(poison == Poison.ROLE ? List.of(status, 401, 403) : List.of(status));
    }

    private ValidatableResponse call(String who, String function, JsonObject arguments, int status) {
        return as(who).contentType("application/json")
                .body(arguments.encode())
                .post("/rest/v1/rpc/" + function)
                .then()
                .statusCode(status);
    }
}
