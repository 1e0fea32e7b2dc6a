package dev.basalt.data.rules;

import static dev.basalt.data.plan.TestPostgres.await;

import dev.basalt.data.plan.TestPostgres;
import dev.basalt.data.quoting.Quoted;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A project's database with collections in it, made once a JVM by the migrations that make every project's. */
final class RuleDatabase {
    static final String ANN_ID = "5d2c7f7e-1111-2222-3333-00000000000a";
    static final String BOB_ID = "5d2c7f7e-1111-2222-3333-00000000000b";

    private static final RuleCompiler COMPILER = new RuleCompiler();
    private static final String MIGRATION = "/dev/basalt/kit/schema/project/V1__schemas_auth_storage_events.sql";
    private static final String COLUMNS = "parent text, id text, data jsonb, version bigint, owner uuid,"
            + " created_at timestamptz, updated_at timestamptz";
    private static final Pool POOL = create();

    private RuleDatabase() {}

    /** Who asks. */
    enum Caller {
        NOBODY("anon", new JsonObject().put("role", "anon")),
        ANN("authenticated", user(ANN_ID, "ann@example.com").put("team", "red").put("level", 3)),
        BOB("authenticated", user(BOB_ID, "").put("admin", true).put("team", new JsonArray(List.of("red", "blue")))),
        SERVICE("service_role", new JsonObject().put("role", "service_role"));

        final String role;
        private final String claims;

        Caller(String role, JsonObject claims) {
            this.role = role;
            this.claims = claims.encode();
        }

        JsonObject claims() {
            return new JsonObject(claims);
        }

        /** Null for who is no user. */
        @Nullable
        String uid() {
            return claims().getString("sub");
        }

        private static JsonObject user(String id, String email) {
            return new JsonObject().put("sub", id).put("role", "authenticated").put("email", email);
        }
    }

    /** What a condition says of one row, and when. */
    record Outcome(@Nullable Boolean value, Instant time) {}

    /** A read rule's condition. */
    static String condition(String rule) {
        return Objects.requireNonNull(
                COMPILER.compile(new AccessRules(rule, null, null, null)).read());
    }

    /** An update rule's conditions. */
    static CompiledRules.Update update(String rule) {
        return Objects.requireNonNull(
                COMPILER.compile(new AccessRules(null, null, rule, null)).update());
    }

    /**
     * A condition over each of several rows of a collection, by no policy.
     *
     * @param rows objects with the collection's columns
     */
    static List<Outcome> evaluate(Caller caller, String condition, JsonArray rows) {
        return outcomes(caller, "SELECT (" + condition + "), now() FROM " + recordset(rows));
    }

    /** A condition over each row as the old one, with the next one as the new. */
    static List<Outcome> evaluateChange(Caller caller, String condition, JsonArray rows) {
        return outcomes(caller, """
                WITH numbered AS MATERIALIZED (SELECT t.*, row_number() OVER () AS n, count(*) OVER () AS total
                  FROM %s)
                SELECT (%s), now() FROM numbered AS old JOIN numbered AS new ON new.n = old.n %% old.total + 1 ORDER BY old.n""".formatted(recordset(rows), condition));
    }

    private static String recordset(JsonArray rows) {
        return "jsonb_to_recordset(" + Quoted.literal(rows.encode()) + "::jsonb) AS t(" + COLUMNS + ")";
    }

    private static List<Outcome> outcomes(Caller caller, String sql) {
        return as(
                caller,
                connection -> connection.query(sql).execute().map(found -> {
                    var outcomes = new ArrayList<Outcome>();
                    for (var row : found) {
                        outcomes.add(new Outcome(
                                row.getBoolean(0), row.getOffsetDateTime(1).toInstant()));
                    }
                    return outcomes;
                }));
    }

    /** A transaction with a caller's role and claims. */
    static <T> T as(Caller caller, Function<SqlConnection, Future<T>> work) {
        return await(POOL.withTransaction(connection -> connection
                .preparedQuery("SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true)")
                .execute(Tuple.of(caller.role, caller.claims))
                .compose(set -> work.apply(connection))));
    }

    /** Statements of the owner, in one transaction. */
    static void run(List<String> statements) {
        await(POOL.withTransaction(connection -> {
            Future<?> last = Future.succeededFuture();
            for (var statement : statements) {
                last = last.compose(done -> connection.query(statement).execute());
            }
            return last.mapEmpty();
        }));
    }

    static RowSet<Row> query(String sql, Object... parameters) {
        return await(POOL.preparedQuery(sql).execute(Tuple.from(List.of(parameters))));
    }

    /** An empty collection under these rules. */
    static void collection(String name, CompiledRules rules) {
        var table = "documents." + Quoted.name(name);
        run(List.of(
                "SET LOCAL client_min_messages = warning",
                "DROP TABLE IF EXISTS " + table,
                "CREATE TABLE " + table + "(" + COLUMNS + ", PRIMARY KEY (parent, id))",
                "ALTER TABLE " + table
                        + " ALTER created_at SET DEFAULT now(), ALTER version SET DEFAULT 1, ALTER parent SET DEFAULT ''",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON " + table + " TO anon, authenticated, service_role"));
        run(CollectionPolicies.statements(name, rules));
    }

    private static Pool create() {
        var server = TestPostgres.get();
        server.run("DROP DATABASE IF EXISTS rules");
        server.run("CREATE DATABASE rules");
        var pool = server.pool("rules");
        await(pool.query("CREATE SCHEMA basalt").execute());
        await(pool.query(migration()).execute());
        return pool;
    }

    private static String migration() {
        try (var script = RuleDatabase.class.getResourceAsStream(MIGRATION)) {
            if (script == null) {
                throw new IllegalStateException("no " + MIGRATION);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
