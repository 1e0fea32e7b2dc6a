package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call what, what a function sees of its caller's rows, and that nothing is left on the connection. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class RpcSecurityTest {
    private static final String RPC = "/rest/v1/rpc/";

    @Inject
    RestTestProject app;

    @BeforeEach
    void functions() {
        app.sql("""
                drop table if exists letters cascade;
                create table letters (id int primary key, owner uuid not null);
                alter table letters enable row level security;
                create policy own on letters to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
                create or replace function my_letters() returns setof letters language sql stable
                  as $$ select * from letters order by id $$;
                create or replace function add_letter(id int, owner uuid) returns letters language sql volatile
                  as $$ insert into letters values ($1, $2) returning * $$;
                create or replace function drop_letters() returns bigint language sql volatile
                  as $$ with gone as (delete from letters where true returning 1) select count(*) from gone $$;
                create or replace function for_users() returns text language sql as $$ select current_user::text $$;
                revoke execute on function for_users() from public, anon, authenticated;
                grant execute on function for_users() to authenticated, service_role;
                create or replace function poison() returns text language plpgsql volatile as $$ begin
                  perform set_config('request.jwt.claims', '{"sub":"5d2c7f7e-1111-2222-3333-00000000000a"}', false);
                  perform set_config('my.secret', 'left', false);
                  perform set_config('response.headers', '[{"X-Left":"1"}]', false);
                  perform set_config('search_path', 'pg_temp', false);
                  perform pg_advisory_lock(4711);
                  if not exists (select from pg_prepared_statements where name = 'left_over') then
                    prepare left_over as select 1;
                  end if;
                  listen left_over;
                  return 'done'; end $$;
                create or replace function left_over() returns text language sql volatile as $$
                  select concat(current_setting('my.secret', true), current_setting('search_path') ~ '^pg_temp',
                    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
                    (select count(*) from pg_prepared_statements where name = 'left_over'),
                    (select count(*) from pg_listening_channels())) $$;
                """);
        app.sql(
                "insert into letters values (1, $1), (2, $1), (3, $2)",
                RestTestProject.ANN.toString(),
                RestTestProject.BOB.toString());
    }

    private RequestSpecification as(String who) {
        return switch (who) {
            case "anon" -> app.anonymous();
            case "ann" -> app.user(RestTestProject.ANN);
            case "bob" -> app.user(RestTestProject.BOB);
            default -> app.service();
        };
    }

    @ParameterizedTest
    @CsvSource({"anon,0", "ann,2", "bob,1", "service,3"})
    void aFunctionSeesTheRowsOfItsCaller(String who, int rows) {
        as(who).get(RPC + "my_letters").then().statusCode(200).body("size()", equalTo(rows));
        as(who).contentType("application/json")
                .post(RPC + "my_letters")
                .then()
                .statusCode(200)
                .body("size()", equalTo(rows));
        as(who).header("Prefer", "count=exact")
                .head(RPC + "my_letters")
                .then()
                .header("Content-Range", rows == 0 ? "*/0" : "0-" + (rows - 1) + "/" + rows);
    }

    @ParameterizedTest
    @CsvSource({"anon,401", "ann,200", "bob,403", "service,200"})
    void aFunctionWritesWhatItsCallerMay(String who, int status) {
        as(who).contentType("application/json")
                .body("{\"id\":9,\"owner\":\"" + RestTestProject.ANN + "\"}")
                .post(RPC + "add_letter")
                .then()
                .statusCode(status);
        assertThat(app.count("letters")).isEqualTo(status == 200 ? 4 : 3);
    }

    @ParameterizedTest
    @CsvSource({"anon,0", "ann,2", "bob,1", "service,3"})
    void aFunctionRemovesWhatItsCallerMay(String who, int rows) {
        as(who).contentType("application/json")
                .post(RPC + "drop_letters")
                .then()
                .statusCode(200)
                .body(equalTo(Integer.toString(rows)));
        assertThat(app.count("letters")).isEqualTo(3 - rows);
    }

    @ParameterizedTest
    @CsvSource({"anon,401,''", "ann,200,authenticated", "service,200,service_role"})
    void aFunctionNeedsTheRightToExecuteIt(String who, int status, String role) {
        var answer = as(who).get(RPC + "for_users").then().statusCode(status);
        if (status == 200) {
            answer.body(equalTo("\"" + role + "\""));
        } else {
            answer.body("code", equalTo("42501"));
        }
    }

    @Test
    void aRightThatIsTakenFromAUserIsForbiddenToThem() {
        app.sql("revoke execute on function for_users() from authenticated");
        app.user(RestTestProject.ANN)
                .get(RPC + "for_users")
                .then()
                .statusCode(403)
                .body("code", equalTo("42501"));
    }

    @Test
    void aGetWritesNothingWhoeverAsks() {
        for (var who : new String[] {"anon", "ann", "service"}) {
            as(who).get(RPC + "drop_letters").then().statusCode(405).body("code", equalTo("25006"));
            as(who).head(RPC + "drop_letters").then().statusCode(405);
        }
        assertThat(app.count("letters")).isEqualTo(3);
    }

    @Test
    void whatAFunctionSetsForItsSessionIsGoneInTheNextRequest() {
        for (int i = 0; i < 30; i++) {
            as("anon")
                    .contentType("application/json")
                    .post(RPC + "poison")
                    .then()
                    .statusCode(200);
        }
        for (int i = 0; i < 30; i++) {
            var answer = as("anon").get(RPC + "left_over").then().statusCode(200);
            assertThat(answer.extract().header("X-Left")).isNull();
            answer.body(equalTo("\"f000\""));
            as("anon").get(RPC + "my_letters").then().body("size()", equalTo(0));
        }
    }

    @Test
    void argumentsAreNeverSql() {
        app.sql("""
                create or replace function echo(t text) returns text language sql immutable as $$ select t $$;""");
        for (var hostile :
                new String[] {"'); drop table letters; --", "\\'; --", "$1", "${a}", "\"; select 1", "a\\b'"}) {
            var body = new io.vertx.core.json.JsonObject().put("t", hostile);
            var answer = app.anonymous()
                    .contentType("application/json")
                    .body(body.encode())
                    .post(RPC + "echo")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            assertThat(io.vertx.core.json.Json.decodeValue(answer)).isEqualTo(hostile);
        }
        app.anonymous()
                .get(RPC + "echo?t%22%29%3B%20drop%20table%20letters=1")
                .then()
                .statusCode(404);
        assertThat(app.count("letters")).isEqualTo(3);
    }
}
