package dev.basalt.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dumps and restores of real projects. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class DumpTest {
    private static final String SCHEMA = """
            create table public.owners (id uuid primary key references auth.users (id), best bigint);
            create table public."odd "" name" (
              id bigint generated always as identity primary key, owner uuid references owners, body text, data jsonb, raw bytea,
              "Sum" numeric, twice numeric generated always as ("Sum" * 2) stored, at timestamptz, tags text[], span int4range);
            alter table owners add constraint best_of foreign key (best) references public."odd "" name" (id);
            create table public.log (what text);
            create function public.note() returns trigger language plpgsql as
              $$ begin insert into public.log values (tg_op); return new; end $$;
            create trigger noted after insert on public."odd "" name" for each row execute function public.note();
            create trigger silent after insert on public.log for each row execute function public.note();
            alter table log disable trigger silent;
            create table public.parts (id int, kind text) partition by list (kind);
            create table public.parts_a partition of public.parts for values in ('a');
            create materialized view public.totals as select count(*) as n from public.log;
            create schema app;
            create sequence app.tickets;
            create function public.handle_new_user() returns trigger language plpgsql security definer set search_path = '' as
              $$ begin insert into public.owners (id) values (new.id); return new; end $$;
            create trigger made after insert on auth.users for each row execute function public.handle_new_user();
            insert into storage.buckets (id, name) values ('avatars', 'avatars');
            insert into public.log values ('by migration');
            """;

    private static final String CHECKSUMS = """
            select (select md5(string_agg(t::text, '|' order by t.id)) from public."odd "" name" t)
              || (select md5(string_agg(t::text, '|' order by t.id)) from public.owners t)
              || (select string_agg(what, ',' order by what) from public.log)
              || (select string_agg(t::text, ',') from public.parts t) || (select n from public.totals)
              || (select string_agg(id || public, ',') from storage.buckets)""";

    @Inject
    TestProjects projects;

    @Inject
    ProjectDatabases databases;

    private NewProject source;
    private NewProject target;

    @BeforeEach
    void twoProjects() {
        source = projects.create("d-" + UUID.randomUUID().toString().substring(0, 8));
        target = projects.create("d-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private static RequestSpecification operator() {
        return given().header("apikey", BasaltTestResource.PLATFORM_KEY);
    }

    private static String path(NewProject project, String below) {
        return "/platform/v1/projects/" + project.ref() + below;
    }

    private RequestContext context(NewProject project) {
        return RequestContext.internal("test", projects.project(project.ref()), 0);
    }

    private RowSet<Row> sql(NewProject project, String sql) {
        return TestProjects.await(databases.owner(
                context(project), connection -> connection.query(sql).execute()));
    }

    private Object value(NewProject project, String sql) {
        return sql(project, sql).iterator().next().getValue(0);
    }

    private void push(NewProject project, String name, String sql) {
        operator()
                .contentType("application/json")
                .body(new JsonObject()
                        .put(
                                "migrations",
                                new JsonArray()
                                        .add(new JsonObject().put("name", name).put("sql", sql)))
                        .encode())
                .post(path(project, "/migrations"))
                .then()
                .statusCode(200);
    }

    private String dump(NewProject project) {
        return operator()
                .get(path(project, "/dump"))
                .then()
                .statusCode(200)
                .contentType("application/sql")
                .extract()
                .asString();
    }

    private ValidatableResponse restore(NewProject project, String dump) {
        return operator()
                .contentType("application/sql")
                .body(dump.getBytes(StandardCharsets.UTF_8))
                .post(path(project, "/restore"))
                .then();
    }

    private void fill() {
        push(source, "1_schema.sql", SCHEMA);
        push(
                source,
                "2_index.sql",
                "-- basalt: no-transaction\ncreate index concurrently log_what on public.log (what);");
        TestProjects.await(databases.platformQuery(context(source), """
                insert into auth.users (id, email, encrypted_password, raw_user_meta_data, banned_until)
                values ('5d2c7f7e-1111-2222-3333-00000000000a', 'ann@example.com', '$argon2id$v=19$x', '{"a": [1, "é\\t"]}', 'infinity')""", Tuple.tuple()));
        sql(source, """
                insert into public."odd "" name" (owner, body, data, raw, "Sum", at, tags, span) values
                  ('5d2c7f7e-1111-2222-3333-00000000000a', E'tab\\t new\\nline \\\\ \\\\. é😀', '{"n": 12345678901234567890.10}',
                   '\\x00ff5c', 0.10, '2020-01-02 03:04:05.678901+02', '{"a,b",NULL,"{}"}', '[1,5)'),
                  (null, '\\.', null, null, 'NaN', 'infinity', '{}', null), (null, '', null, null, null, null, null, null);
                update public.owners set best = 2;
                insert into public.parts values (1, 'a');
                refresh materialized view public.totals;
                update storage.buckets set public = true;
                select nextval('app.tickets'), nextval('app.tickets')""");
    }

    @Test
    void aProjectComesBackAsItWas() {
        fill();
        var dump = dump(source);
        restore(target, dump).statusCode(200).body("migrations", equalTo(2));
        assertThat(value(target, CHECKSUMS)).isEqualTo(value(source, CHECKSUMS));
        assertThat(value(target, "select nextval('app.tickets')")).isEqualTo(3L);
        assertThat(value(target, "insert into public.\"odd \"\" name\" (body) values ('next') returning id"))
                .isEqualTo(4L);
        assertThat(
                        value(
                                target,
                                "select string_agg(tgname || tgenabled::text, ',' order by tgname) from pg_trigger"
                                        + " where not tgisinternal and tgrelid in ('public.log'::regclass, 'public.\"odd \"\" name\"'::regclass)"))
                .isEqualTo("notedO,silentD");
        assertThat(value(
                        target,
                        "select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
                                + " and convalidated"))
                .isEqualTo(3L);
        assertThat(value(target, "select to_regclass('public.log_what') is not null"))
                .isEqualTo(true);
        var user = TestProjects.await(databases.platformQuery(
                        context(target),
                        "select encrypted_password, raw_user_meta_data::text, banned_until = 'infinity' from auth.users",
                        Tuple.tuple()))
                .iterator()
                .next();
        assertThat(user.getString(0)).isEqualTo("$argon2id$v=19$x");
        assertThat(new JsonObject(user.getString(1)).getJsonArray("a").getString(1))
                .isEqualTo("é\t");
        assertThat(user.getBoolean(2)).isTrue();
        operator()
                .contentType("application/json")
                .body(new JsonObject()
                        .put(
                                "migrations",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "1_schema.sql")
                                                .put("sql", SCHEMA)))
                        .encode())
                .post(path(target, "/migrations"))
                .then()
                .statusCode(200)
                .body("unchanged", equalTo(1));
        sql(target, "refresh materialized view public.totals");
        // What came back can be dumped and restored again.
        var third = projects.create("d-" + UUID.randomUUID().toString().substring(0, 8));
        restore(third, dump(target)).statusCode(200);
        assertThat(value(third, CHECKSUMS)).isEqualTo(value(target, CHECKSUMS));
    }

    @Test
    void aProjectWithDataIsNotRestoredInto() {
        fill();
        var dump = dump(source);
        sql(target, "create table mine (id int); insert into mine values (1)");
        restore(target, dump).statusCode(409).body("code", equalTo("project_not_blank"));
        assertThat(value(target, "select count(*) from mine")).isEqualTo(1L);
        assertThat(value(target, "select to_regclass('public.log') is null")).isEqualTo(true);
        restore(source, dump).statusCode(409);
    }

    @Test
    void aDumpThatIsCutOrDamagedLeavesNothing() {
        fill();
        var dump = dump(source);
        for (int kept :
                new int[] {0, 5, 60, dump.length() / 4, dump.length() / 2, dump.length() - 60, dump.length() - 2}) {
            restore(target, dump.substring(0, kept)).statusCode(422).body("code", equalTo("invalid_dump"));
        }
        restore(target, dump.replace("\"format\":1", "\"format\":2")).statusCode(422);
    }

    @Test
    void aRowThatBreaksAKeyUndoesAll() {
        fill();
        var dump = dump(source);
        var broken = dump.replaceFirst(
                "(?m)^1\t5d2c7f7e-1111-2222-3333-00000000000a", "1\t5d2c7f7e-1111-2222-3333-00000000000b");
        assertThat(broken).isNotEqualTo(dump);
        restore(target, broken).statusCode(422).body("code", equalTo("restore_failed"), "sqlstate", equalTo("23503"));
        assertThat(value(target, "select to_regclass('public.log') is null")).isEqualTo(true);
        assertThat(value(target, "select count(id) from auth.users")).isEqualTo(0L);
        restore(target, dump).statusCode(200);
    }

    @Test
    void aDumpHasNoMoreRightsThanTheProjectsOwner() {
        push(source, "1_a.sql", "create table a (id int)");
        sql(source, "insert into a values (1)");
        var dump = dump(source);
        for (var evil : new String[] {
            "select pg_read_file('/etc/passwd')",
            "drop table auth.users",
            "copy pg_temp.x from program 'true'",
            "set role basalt_platform"
        }) {
            restore(target, dump.replace("create table a (id int)", "create table a (id int); " + evil))
                    .statusCode(422)
                    .body("code", equalTo("restore_failed"));
            assertThat(value(target, "select to_regclass('public.a') is null")).isEqualTo(true);
        }
        restore(
                        target,
                        dump.replace(
                                "{\"schema\":\"public\",\"name\":\"a\"", "{\"schema\":\"auth\",\"name\":\"sessions\""))
                .statusCode(422);
        restore(
                        target,
                        dump.replace(
                                "{\"schema\":\"public\",\"name\":\"a\"", "{\"schema\":\"basalt\",\"name\":\"events\""))
                .statusCode(422)
                .body("sqlstate", equalTo("42501"));
    }

    @Test
    void aTableThatNoMigrationMadeIsNamed() {
        sql(source, "create table by_hand (id int); insert into by_hand values (1)");
        restore(target, dump(source))
                .statusCode(422)
                .body("sqlstate", equalTo("42P01"), "detail", containsString("by_hand"));
    }

    @Test
    void onlyTheOperatorDumpsAndRestores() {
        for (var key : new String[] {source.secretKey().value(), source.publishableKey()}) {
            given().header("apikey", key)
                    .get(path(source, "/dump"))
                    .then()
                    .statusCode(403)
                    .contentType("application/problem+json");
            given().header("apikey", key)
                    .body("x")
                    .post(path(source, "/restore"))
                    .then()
                    .statusCode(403);
        }
        operator().get("/platform/v1/projects/no-such/dump").then().statusCode(404);
        operator().post(path(target, "/restore")).then().statusCode(422);
    }

    @Test
    void aDumpIsOneSnapshotAndSlowReadersHoldPlacesUntilTheyGo() throws IOException {
        push(source, "1_a.sql", "create table a (t text); create table z (t text)");
        sql(source, "insert into a select repeat('x', 1000) from generate_series(1, 40000)");
        var one = new Reading(source);
        var two = new Reading(source);
        try (one) {
            try (two) {
                assertThat(one.in.read()).isEqualTo('H');
                assertThat(two.in.read()).isEqualTo('H');
                assertThat(dumping()).isEqualTo(2);
                operator().get(path(source, "/dump")).then().statusCode(429).header("Retry-After", equalTo("10"));
            }
            sql(source, "insert into z values ('after the snapshot')");
            var text = new String(one.in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("basalt:complete").doesNotContain("after the snapshot");
        }
        await().until(() -> operator().get(path(target, "/dump")).statusCode() == 200);
        await().until(() -> dumping() == 0);
    }

    /** Connections of the administrator, which only a dump has here. */
    private long dumping() {
        return (long)
                value(
                        source,
                        "select count(*) from pg_stat_activity where datname = current_database() and usename not like 'basalt_p%'");
    }

    /** A client that reads as slowly as it likes. */
    private static final class Reading implements AutoCloseable {
        private final Socket socket = new Socket();
        private final InputStream in;

        Reading(NewProject project) throws IOException {
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress("localhost", RestAssured.port));
            socket.getOutputStream()
                    .write(("GET " + path(project, "/dump")
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\napikey: "
                                    + BasaltTestResource.PLATFORM_KEY + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            in = socket.getInputStream();
        }

        @Override
        public void close() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
