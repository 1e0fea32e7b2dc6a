package dev.basalt.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
    DumpClient client;

    @Inject
    ProjectDatabases databases;

    private NewProject source;
    private NewProject target;

    @BeforeEach
    void twoProjects() {
        source = client.create();
        target = client.create();
    }

    private void fill() {
        client.push(source, "1_schema.sql", SCHEMA);
        client.push(
                source,
                "2_index.sql",
                "-- basalt: no-transaction\ncreate index concurrently log_what on public.log (what);");
        TestProjects.await(databases.platformQuery(client.context(source), """
                insert into auth.users (id, email, encrypted_password, raw_user_meta_data, banned_until)
                values ('5d2c7f7e-1111-2222-3333-00000000000a', 'ann@example.com', '$argon2id$v=19$x', '{"a": [1, "é\\t"]}', 'infinity')""", Tuple.tuple()));
        client.sql(source, """
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
        var dump = client.dump(source);
        client.restore(target, dump).statusCode(200).body("migrations", equalTo(2));
        assertThat(client.value(target, CHECKSUMS)).isEqualTo(client.value(source, CHECKSUMS));
        assertThat(client.value(target, "select nextval('app.tickets')")).isEqualTo(3L);
        assertThat(client.value(target, "insert into public.\"odd \"\" name\" (body) values ('next') returning id"))
                .isEqualTo(4L);
        assertThat(
                        client.value(
                                target,
                                "select string_agg(tgname || tgenabled::text, ',' order by tgname) from pg_trigger"
                                        + " where not tgisinternal and tgrelid in ('public.log'::regclass, 'public.\"odd \"\" name\"'::regclass)"))
                .isEqualTo("notedO,silentD");
        assertThat(client.value(
                        target,
                        "select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
                                + " and convalidated"))
                .isEqualTo(3L);
        assertThat(client.value(target, "select to_regclass('public.log_what') is not null"))
                .isEqualTo(true);
        var user = TestProjects.await(databases.platformQuery(
                        client.context(target),
                        "select encrypted_password, raw_user_meta_data::text, banned_until = 'infinity' from auth.users",
                        Tuple.tuple()))
                .iterator()
                .next();
        assertThat(user.getString(0)).isEqualTo("$argon2id$v=19$x");
        assertThat(new JsonObject(user.getString(1)).getJsonArray("a").getString(1))
                .isEqualTo("é\t");
        assertThat(user.getBoolean(2)).isTrue();
        DumpClient.operator()
                .contentType("application/json")
                .body(new JsonObject()
                        .put(
                                "migrations",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "1_schema.sql")
                                                .put("sql", SCHEMA)))
                        .encode())
                .post(DumpClient.path(target, "/migrations"))
                .then()
                .statusCode(200)
                .body("unchanged", equalTo(1));
        client.sql(target, "refresh materialized view public.totals");
        // What came back can be dumped and restored again.
        var third = client.create();
        client.restore(third, client.dump(target)).statusCode(200);
        assertThat(client.value(third, CHECKSUMS)).isEqualTo(client.value(target, CHECKSUMS));
    }

    @Test
    void aProjectWithDataIsNotRestoredInto() {
        fill();
        var dump = client.dump(source);
        client.sql(target, "create table mine (id int); insert into mine values (1)");
        client.restore(target, dump).statusCode(409).body("code", equalTo("project_not_blank"));
        assertThat(client.value(target, "select count(*) from mine")).isEqualTo(1L);
        assertThat(client.value(target, "select to_regclass('public.log') is null"))
                .isEqualTo(true);
        client.restore(source, dump).statusCode(409);
    }

    @Test
    void aDumpThatIsCutOrDamagedLeavesNothing() {
        fill();
        var dump = client.dump(source);
        for (int kept :
                new int[] {0, 5, 60, dump.length() / 4, dump.length() / 2, dump.length() - 60, dump.length() - 2}) {
            client.restore(target, dump.substring(0, kept)).statusCode(422).body("code", equalTo("invalid_dump"));
        }
        client.restore(target, dump.replace("\"format\":2", "\"format\":9")).statusCode(422);
    }

    @Test
    void aRowThatBreaksAKeyUndoesAll() {
        fill();
        var dump = client.dump(source);
        var broken = dump.replaceFirst(
                "(?m)^1\t5d2c7f7e-1111-2222-3333-00000000000a", "1\t5d2c7f7e-1111-2222-3333-00000000000b");
        assertThat(broken).isNotEqualTo(dump);
        client.restore(target, broken)
                .statusCode(422)
                .body("code", equalTo("restore_failed"), "sqlstate", equalTo("23503"));
        assertThat(client.value(target, "select to_regclass('public.log') is null"))
                .isEqualTo(true);
        assertThat(client.value(target, "select count(id) from auth.users")).isEqualTo(0L);
        client.restore(target, dump).statusCode(200);
    }

    @Test
    void aDumpHasNoMoreRightsThanTheProjectsOwner() {
        client.push(source, "1_a.sql", "create table a (id int)");
        client.sql(source, "insert into a values (1)");
        var dump = client.dump(source);
        for (var evil : new String[] {
            "select pg_read_file('/etc/passwd')",
            "drop table auth.users",
            "copy pg_temp.x from program 'true'",
            "set role basalt_platform"
        }) {
            client.restore(target, dump.replace("create table a (id int)", "create table a (id int); " + evil))
                    .statusCode(422)
                    .body("code", equalTo("restore_failed"));
            assertThat(client.value(target, "select to_regclass('public.a') is null"))
                    .isEqualTo(true);
        }
        client.restore(
                        target,
                        dump.replace(
                                "{\"schema\":\"public\",\"name\":\"a\"", "{\"schema\":\"auth\",\"name\":\"sessions\""))
                .statusCode(422);
        client.restore(
                        target,
                        dump.replace(
                                "{\"schema\":\"public\",\"name\":\"a\"", "{\"schema\":\"basalt\",\"name\":\"events\""))
                .statusCode(422)
                .body("sqlstate", equalTo("42501"));
    }

    @Test
    void onlyTheOperatorDumpsAndRestores() {
        for (var key : new String[] {source.secretKey().value(), source.publishableKey()}) {
            given().header("apikey", key)
                    .get(DumpClient.path(source, "/dump"))
                    .then()
                    .statusCode(403)
                    .contentType("application/problem+json");
            given().header("apikey", key)
                    .body("x")
                    .post(DumpClient.path(source, "/restore"))
                    .then()
                    .statusCode(403);
        }
        DumpClient.operator().get("/platform/v1/projects/no-such/dump").then().statusCode(404);
        DumpClient.operator().post(DumpClient.path(target, "/restore")).then().statusCode(422);
    }

    @Test
    void aDumpIsOneSnapshotAndSlowReadersHoldPlacesUntilTheyGo() throws IOException {
        client.push(source, "1_a.sql", "create table a (t text); create table z (t text)");
        client.sql(source, "insert into a select repeat('x', 1000) from generate_series(1, 40000)");
        var one = new Reading(source);
        var two = new Reading(source);
        try (one) {
            try (two) {
                assertThat(one.in.read()).isEqualTo('H');
                assertThat(two.in.read()).isEqualTo('H');
                assertThat(dumping()).isEqualTo(2);
                DumpClient.operator()
                        .get(DumpClient.path(source, "/dump"))
                        .then()
                        .statusCode(429)
                        .header("Retry-After", equalTo("10"));
            }
            client.sql(source, "insert into z values ('after the snapshot')");
            var text = new String(one.in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("basalt:complete").doesNotContain("after the snapshot");
        }
        await().until(() ->
                DumpClient.operator().get(DumpClient.path(target, "/dump")).statusCode() == 200);
        await().until(() -> dumping() == 0);
    }

    /** Connections of the administrator, which only a dump has here. */
    private long dumping() {
        return (long)
                client.value(
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
                    .write(("GET " + DumpClient.path(project, "/dump")
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
