package dev.basalt.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pushing migrations, on real projects. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(MigrationTest.ShortWaits.class)
class MigrationTest {
    /** Bounds that a test can reach. */
    public static class ShortWaits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.control.migrations.statement-timeout", "PT3S",
                    "basalt.control.migrations.body-limit", "1M");
        }
    }

    @Inject
    TestProjects projects;

    @Inject
    ProjectDatabases databases;

    private NewProject app;

    @BeforeEach
    void project() {
        app = projects.create("m-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private static JsonObject file(String name, String sql) {
        return new JsonObject().put("name", name).put("sql", sql);
    }

    private String path() {
        return "/platform/v1/projects/" + app.ref() + "/migrations";
    }

    private RequestSpecification service() {
        return given().header("apikey", app.secretKey().value()).contentType("application/json");
    }

    private Response send(JsonObject... files) {
        return service().body(body(files)).post(path());
    }

    private static String body(JsonObject... files) {
        return new JsonObject().put("migrations", new JsonArray(List.of(files))).encode();
    }

    private ValidatableResponse push(JsonObject... files) {
        return send(files).then();
    }

    private List<String> applied() {
        return service().get(path()).then().statusCode(200).extract().path("migrations.name");
    }

    private RequestContext context() {
        return RequestContext.internal("test", projects.project(app.ref()), 0);
    }

    private Object value(String sql) {
        return TestProjects.await(databases.owner(
                        context(), connection -> connection.query(sql).execute()))
                .iterator()
                .next()
                .getValue(0);
    }

    private boolean exists(String relation) {
        return (boolean) value("select to_regclass('" + relation + "') is not null");
    }

    @Test
    void filesAreAppliedOnceInTheOrderOfTheirNumbers() {
        var files = new JsonObject[] {
            file("10_fill.sql", "insert into notes (id) values (1), (2);"),
            file("9_notes.sql", "create table notes (id int primary key);"),
            file("20240101000000_more.sql", "alter table notes add column body text default 'é😀';")
        };
        push(files)
                .statusCode(200)
                .body("applied", equalTo(List.of("9_notes.sql", "10_fill.sql", "20240101000000_more.sql")))
                .body("unchanged", equalTo(0));
        push(files).statusCode(200).body("applied", hasSize(0)).body("unchanged", equalTo(3));
        service()
                .get(path())
                .then()
                .body("migrations.version", equalTo(List.of("9", "10", "20240101000000")))
                .body("migrations[0].checksum", matchesPattern("[0-9a-f]{64}"))
                .body("migrations[0].appliedAt", matchesPattern("\\d{4}-.*"));
        assertThat(value("select count(*) from notes")).isEqualTo(2L);
    }

    @Test
    void aFileThatFailsLeavesNothingAndTellsWhere() {
        push(
                        file("1_a.sql", "create table a (id int);"),
                        file("2_b.sql", "create table b (id int);\n\ncreate table é (id nonsense);"),
                        file("3_c.sql", "create table c (id int);"))
                .statusCode(422)
                .contentType("application/problem+json")
                .body(
                        "code",
                        equalTo("migration_failed"),
                        "migration",
                        equalTo("2_b.sql"),
                        "sqlstate",
                        equalTo("42704"))
                .body("line", equalTo(3), "detail", containsString("2_b.sql, line 3: "), "applied", hasItem("1_a.sql"));
        assertThat(applied()).containsExactly("1_a.sql");
        assertThat(exists("b")).isFalse();
        assertThat(exists("c")).isFalse();
        push(file("1_a.sql", "create table a (id int);"), file("2_b.sql", "create table b (id int);"))
                .statusCode(200)
                .body("applied", equalTo(List.of("2_b.sql")));
    }

    @Test
    void aConstraintThatIsCheckedAtTheCommitLeavesNothing() {
        push(file("1_a.sql", """
                        create table p (id int primary key);
                        create table k (p int references p deferrable initially deferred);
                        insert into k values (7);""")).statusCode(422).body("sqlstate", equalTo("23503"));
        assertThat(applied()).isEmpty();
        assertThat(exists("p")).isFalse();
    }

    @Test
    void anEditedMigrationIsRefusedByNameAndNothingIsApplied() {
        push(file("1_a.sql", "create table a (id int);\n")).statusCode(200);
        push(file("1_a.sql", "create table a (id bigint);\n"), file("2_b.sql", "create table b (id int)"))
                .statusCode(409)
                .body("code", equalTo("migration_edited"), "migration", equalTo("1_a.sql"))
                .body("detail", containsString("1_a.sql"));
        assertThat(applied()).containsExactly("1_a.sql");
        assertThat(exists("b")).isFalse();
        // A checkout with other line ends is the same file.
        push(file("1_a.sql", "create table a (id int);\r\n")).statusCode(200).body("unchanged", equalTo(1));
    }

    @Test
    void aFileThatComesBeforeAnAppliedOneIsRefusedUnlessAskedFor() {
        push(file("5_e.sql", "create table e (id int)")).statusCode(200);
        var late = file("3_c.sql", "create table c (id int)");
        push(late)
                .statusCode(409)
                .body("code", equalTo("migration_out_of_order"), "migration", equalTo("3_c.sql"))
                .body("detail", containsString("5_e.sql"));
        assertThat(exists("c")).isFalse();
        service()
                .body(new JsonObject()
                        .put("migrations", new JsonArray().add(late))
                        .put("includeAll", true)
                        .encode())
                .post(path())
                .then()
                .statusCode(200);
        assertThat(applied()).containsExactly("3_c.sql", "5_e.sql");
    }

    @Test
    void pushesAtOnceApplyEachFileOnce() {
        var files = IntStream.range(1, 9)
                .mapToObj(i -> file(
                        i + "_step.sql",
                        (i == 1 ? "create table steps (n int);" : "") + "insert into steps values (" + i
                                + "); select pg_sleep(0.02)"))
                .toArray(JsonObject[]::new);
        var pushes = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> send(files)))
                .toList();
        var done = new ArrayList<String>();
        for (var one : pushes) {
            assertThat(one.join().statusCode()).isEqualTo(200);
            done.addAll(one.join().path("applied"));
        }
        assertThat(done).hasSize(8);
        assertThat(new HashSet<>(done)).hasSize(8);
        assertThat(value("select string_agg(n::text, ',') from steps")).isEqualTo("1,2,3,4,5,6,7,8");
    }

    @Test
    void aPushWhoseClientGoesAwayLeavesWholeFilesOnly() throws Exception {
        var body = body(
                file("1_a.sql", "create table a (id int)"),
                file("2_b.sql", "create table b (id int); select pg_sleep(2.5); create table b2 (id int)"),
                file("3_c.sql", "create table c (id int)"));
        var client = HttpClient.newHttpClient();
        var pushing = client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path()))
                        .header("apikey", app.secretKey().value())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> sleepers() == 1);
        pushing.cancel(true);
        client.shutdownNow();
        await().until(() -> sleepers() == 0);
        assertThat(applied()).containsExactly("1_a.sql");
        assertThat(exists("b")).isFalse();
        assertThat(exists("c")).isFalse();
    }

    private long sleepers() {
        return (long) value("select count(*) from pg_stat_activity where datname = current_database()"
                + " and pid <> pg_backend_pid() and state <> 'idle' and query like '%pg_sleep%'");
    }

    @Test
    void whatCantRunInATransactionSaysHowItCan() {
        push(file("1_a.sql", "create table a (id int); create index concurrently a_id on a (id)"))
                .statusCode(422)
                .body("sqlstate", equalTo("25001"), "detail", containsString("-- basalt: no-transaction"));
        assertThat(exists("a")).isFalse();
        push(
                        file("1_a.sql", "create table a (id int)"),
                        file("2_index.sql", "-- basalt: no-transaction\ncreate index concurrently a_id on a (id);"),
                        file("3_vacuum.sql", "--basalt:no-transaction\r\nvacuum a"))
                .statusCode(200)
                .body("applied", hasSize(3));
        assertThat(exists("a_id")).isTrue();
        push(file("4_two.sql", "-- basalt: no-transaction\nvacuum a; vacuum a"))
                .statusCode(422)
                .body("code", equalTo("invalid_migration"), "migration", equalTo("4_two.sql"));
    }

    @Test
    void pushesAtOnceOfAConcurrentIndexDoNotWaitForEachOther() {
        push(file("1_a.sql", "create table a (id int)")).statusCode(200);
        var index = file("2_index.sql", "-- basalt: no-transaction\ncreate index concurrently a_id on a (id)");
        var pushes = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> send(index)))
                .toList();
        assertThat(pushes).allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(200));
        assertThat(applied()).containsExactly("1_a.sql", "2_index.sql");
    }

    @Test
    void aTransactionThatAFileWrapsAroundItselfIsTheFilesOwn() {
        push(file("1_a.sql", "-- header\nBEGIN;\ncreate table a (id int);\nCOMMIT;\n"))
                .statusCode(200);
        push(file("2_b.sql", "begin;\ncreate table b (id int);\nselect 1/0;\nend transaction"))
                .statusCode(422)
                .body("sqlstate", equalTo("22012"));
        assertThat(exists("b")).isFalse();
        assertThat(applied()).containsExactly("1_a.sql");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "create table x (id int); commit; create table y (id int)",
                "commit",
                "begin; create table x (id int)",
                "begin; create table x (id int); rollback",
                "begin isolation level serializable; select 1; commit",
                "prepare transaction 'x'",
                "copy x from stdin",
            })
    void aFileCantLeaveItsTransaction(String sql) {
        push(file("1_a.sql", "select 1;\n" + sql + ";"))
                .statusCode(422)
                .body("code", equalTo("invalid_migration"), "line", equalTo(2));
        assertThat(applied()).isEmpty();
        assertThat(exists("x")).isFalse();
    }

    @Test
    void aCommitInAProcedureOfAFileIsRefusedByPostgres() {
        push(file("1_a.sql", "create table x (id int); do $$ begin commit; end $$"))
                .statusCode(422)
                .body("sqlstate", equalTo("2D000"));
        assertThat(exists("x")).isFalse();
    }

    @Test
    void whatAFileSetsDoesNotReachTheNext() {
        push(
                        file(
                                "1_a.sql",
                                "select pg_catalog.set_config('search_path', '', false); set role anon;"
                                        + " create temp table leftover (id int)"),
                        file(
                                "2_b.sql",
                                "create table b (id int); do $$ begin if to_regclass('pg_temp.leftover') is not null"
                                        + " then raise 'left over'; end if; end $$"))
                .statusCode(422)
                .body("sqlstate", equalTo("42501"));
        push(
                        file(
                                "1_a.sql",
                                "select pg_catalog.set_config('search_path', '', false); create temp table leftover"
                                        + " (id int); set role anon"),
                        file(
                                "2_b.sql",
                                "create table b (id int); do $$ begin if to_regclass('pg_temp.leftover') is not null"
                                        + " then raise 'left over'; end if; end $$"))
                .statusCode(200);
        assertThat(exists("public.b")).isTrue();
    }

    @Test
    void aStatementPastItsTimeIsCancelled() {
        push(file("1_a.sql", "create table a (id int);\nselect pg_sleep(30)"))
                .statusCode(422)
                .body("sqlstate", equalTo("57014"), "migration", equalTo("1_a.sql"));
        assertThat(exists("a")).isFalse();
    }

    @Test
    void aMigrationWrittenForSupabaseRunsUnchanged() {
        push(file("20240101000000_init.sql", """
                        create extension if not exists "uuid-ossp" with schema extensions;
                        create extension if not exists pgcrypto;
                        create table public.profiles (
                          id uuid references auth.users on delete cascade not null primary key,
                          username text unique check (char_length(username) >= 3),
                          token uuid default extensions.uuid_generate_v4()
                        );
                        alter table profiles enable row level security;
                        create policy "Profiles are viewable by everyone." on profiles for select using (true);
                        create policy "Users can update own profile." on profiles for update
                          to authenticated using ((select auth.uid()) = id);
                        create function public.handle_new_user() returns trigger set search_path = '' as $$
                        begin
                          insert into public.profiles (id, username) values (new.id, new.raw_user_meta_data ->> 'username');
                          return new;
                        end;
                        $$ language plpgsql security definer;
                        create trigger on_auth_user_created after insert on auth.users
                          for each row execute procedure public.handle_new_user();
                        insert into storage.buckets (id, name) values ('avatars', 'avatars');
                        create policy "Avatar images are publicly accessible." on storage.objects
                          for select using (bucket_id = 'avatars');
                        grant select on table public.profiles to anon, authenticated, service_role;
                        notify pgrst, 'reload schema';
                        """)).statusCode(200);
        assertThat(value("select count(*) from storage.buckets")).isEqualTo(1L);
        assertThat(value("select count(*) from pg_policies where tablename in ('profiles', 'objects')"))
                .isEqualTo(3L);
    }

    @Test
    void aMigrationHasTheOwnersRightsAlone() {
        push(file("1_a.sql", "drop table auth.users")).statusCode(422).body("sqlstate", equalTo("42501"));
        push(file("1_a.sql", "delete from basalt.app_migrations"))
                .statusCode(422)
                .body("sqlstate", equalTo("42501"));
        push(file("1_a.sql", "select * from basalt.events")).statusCode(422).body("sqlstate", equalTo("42501"));
        push(file("1_a.sql", "create table x (id int); copy x from program 'true'"))
                .statusCode(422)
                .body("sqlstate", equalTo("42501"));
        assertThat(applied()).isEmpty();
    }

    @Test
    void nobodyElsePushesOrSeesThem() {
        var other = projects.create("m-" + UUID.randomUUID().toString().substring(0, 8));
        var body = body(file("1_a.sql", "create table a (id int)"));
        for (var key : List.of(app.publishableKey(), other.publishableKey())) {
            given().header("apikey", key)
                    .contentType("application/json")
                    .body(body)
                    .post(path())
                    .then()
                    .statusCode(403);
            given().header("apikey", key).get(path()).then().statusCode(403);
        }
        given().header("apikey", other.secretKey().value())
                .contentType("application/json")
                .body(body)
                .post(path())
                .then()
                .statusCode(404)
                .body("code", equalTo("project_not_found"));
        assertThat(exists("a")).isFalse();
        given().header("apikey", BasaltTestResource.PLATFORM_KEY)
                .contentType("application/json")
                .body(body)
                .post(path())
                .then()
                .statusCode(200);
        assertThat(exists("a")).isTrue();
        assertThatThrownBy(() -> TestProjects.await(databases.query(
                        context(), ProjectDatabases.Mode.READ, "select * from basalt.app_migrations", Tuple.tuple())))
                .hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                          | 422",
                "{\"migrations\":5}                                          | 422",
                "{\"migrations\":[5]}                                        | 422",
                "{\"migrations\":[{\"name\":\"1_a.sql\"}]}                   | 422",
                "{\"migrations\":[],\"includeAll\":\"yes\"}                  | 422",
                "{\"migrations\":[{\"name\":\"a.sql\",\"sql\":\"select 1\"}]}      | 422",
                "{\"migrations\":[{\"name\":\"1_../a.sql\",\"sql\":\"select 1\"}]} | 422",
                "{\"migrations\":[{\"name\":\"1_a.txt\",\"sql\":\"select 1\"}]}    | 422",
                "{\"migrations\":[{\"name\":\"1_a.sql\",\"sql\":\"a\\u0000b\"}]}   | 422",
                "{\"migrations\":[{\"name\":\"1_a.sql\",\"sql\":\"\"},{\"name\":\"0001_b.sql\",\"sql\":\"\"}]} | 422",
                "{\"migrations\":                                            | 400",
            })
    void badInputIsRefused(String body, int status) {
        service().body(body).post(path()).then().statusCode(status);
        assertThat(applied()).isEmpty();
    }

    @Test
    void aPushOverTheLimitIsRefusedAndOneBelowIsNot() {
        push(file("1_a.sql", "-- " + "x".repeat(1_100_000))).statusCode(413).body("code", equalTo("body_too_large"));
        push(file("1_a.sql", "-- " + "x".repeat(1_000_000))).statusCode(200);
    }
}
