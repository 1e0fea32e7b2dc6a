package dev.basalt.data.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.data.rules.RuleDatabase.Caller;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules as policies of a real table, for whoever comes by SQL. */
class CollectionPoliciesTest {
    private static final RuleCompiler COMPILER = new RuleCompiler();
    private static final String ANN = RuleDatabase.ANN_ID;
    private static final String BOB = RuleDatabase.BOB_ID;

    /** What each rule lets whom read. Documents: see {@link #documents}. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            true                                                          ¦ abcdef ¦ abcdef ¦ abcdef
            false                                                         ¦        ¦        ¦
            auth != null                                                  ¦        ¦ abcdef ¦ abcdef
            resource.owner == auth.uid                                    ¦        ¦ ab     ¦ c
            resource.owner != auth.uid                                    ¦        ¦ cdef   ¦ abdef
            !(resource.owner == auth.uid)                                 ¦        ¦ cdef   ¦ abdef
            resource.owner == null                                        ¦ def    ¦ def    ¦ def
            resource.data.published || resource.owner == auth.uid         ¦ ac     ¦ abc    ¦ ac
            resource.data.published == true                               ¦ ac     ¦ ac     ¦ ac
            !resource.data.published                                      ¦ b      ¦ b      ¦ b
            has(resource.data.published) && !resource.data.published      ¦ b      ¦ b      ¦ b
            auth.uid in resource.data.members                             ¦        ¦ bc     ¦ be
            auth.claims.admin                                             ¦        ¦        ¦ abcdef
            auth.claims.admin == true || resource.data.published          ¦ ac     ¦ ac     ¦ abcdef
            resource.data.team == auth.claims.team                        ¦        ¦ ad     ¦
            resource.data.team in auth.claims.team                        ¦        ¦        ¦ ad
            auth.claims.team.exists(t, t == resource.data.team)           ¦        ¦        ¦ ad
            resource.data.level <= auth.claims.level                      ¦        ¦ ab     ¦
            resource.data.level >= 2 && resource.data.level < 3.5         ¦ bc     ¦ bc     ¦ bc
            auth.email == resource.data.email                             ¦        ¦ d      ¦
            has(auth.email) && auth.email.endsWith("@example.com")        ¦        ¦ abcdef ¦
            timestamp(resource.data.until) > request.time                 ¦ a      ¦ a      ¦ a
            resource.created_at > request.time - duration("1h")           ¦ abcdef ¦ abcdef ¦ abcdef
            resource.data.tags.all(t, t.matches("^[a-z]+$"))              ¦ ab     ¦ ab     ¦ ab
            resource.data.tags.exists(t, t == "News")                     ¦ c      ¦ c      ¦ c
            size(resource.data.tags) > 1                                  ¦ ac     ¦ ac     ¦ ac
            resource.id in ["a", "f"]                                     ¦ af     ¦ af     ¦ af
            resource.parent == "" && resource.version == 1                ¦ abcdef ¦ abcdef ¦ abcdef
            auth == null ? resource.data.published : true                 ¦ ac     ¦ abcdef ¦ abcdef
            auth.role == "authenticated" && resource.id.startsWith("a")   ¦        ¦ a      ¦ a
            """)
    void readsSeeWhatTheRuleAllows(String rule, @Nullable String nobody, @Nullable String ann, @Nullable String bob) {
        collection(new AccessRules(rule, null, null, null));
        assertThat(read(Caller.NOBODY)).isEqualTo(nobody == null ? "" : nobody);
        assertThat(read(Caller.ANN)).isEqualTo(ann == null ? "" : ann);
        assertThat(read(Caller.BOB)).isEqualTo(bob == null ? "" : bob);
        assertThat(read(Caller.SERVICE)).isEqualTo("abcdef");
    }

    @Test
    void creationsAreCheckedAsTheyWouldBeWritten() {
        collection(new AccessRules(
                "true",
                "request.owner == auth.uid && request.data.title.size() <= 5 && request.id != \"x\"",
                null,
                null));
        assertThat(create(Caller.ANN, "new", ANN, "short")).isTrue();
        assertThat(create(Caller.ANN, "other", BOB, "short")).isFalse();
        assertThat(create(Caller.ANN, "none", null, "short")).isFalse();
        assertThat(create(Caller.ANN, "long", ANN, "longer")).isFalse();
        assertThat(create(Caller.ANN, "x", ANN, "short")).isFalse();
        assertThat(create(Caller.NOBODY, "nobody", null, "short")).isFalse();
        assertThat(create(Caller.SERVICE, "service", null, "longer than allowed"))
                .isTrue();
        assertThat(read(Caller.SERVICE)).isEqualTo("abcdefnewservice");
    }

    @Test
    void anUpdateIsCheckedOnBothSides() {
        collection(new AccessRules(
                "true",
                null,
                "resource.owner == auth.uid && request.data.level < 10 && request.owner == resource.owner"
                        + " && (!has(resource.data.locked) || request.data.locked == resource.data.locked)",
                null));
        var lock = "data = data || '{\"level\": 4, \"locked\": true}'";
        // Not the owner's: not seen. Too high, given away or unlocked: refused.
        assertThat(update(Caller.BOB, "a", lock)).isZero();
        assertThat(update(Caller.NOBODY, "a", lock)).isZero();
        assertThat(update(Caller.ANN, "a", lock)).isOne();
        assertRefused(Caller.ANN, "a", "data = data || '{\"level\": 10}'", "row-level security");
        assertRefused(Caller.ANN, "a", "owner = '" + BOB + "'", "update rule of collection notes");
        assertRefused(Caller.ANN, "a", "owner = null", "update rule of collection notes");
        assertRefused(Caller.ANN, "a", "data = data || '{\"locked\": false}'", "update rule of collection notes");
        assertRefused(Caller.ANN, "a", "data = data - 'locked'", "update rule of collection notes");
        assertThat(update(Caller.ANN, "a", "data = data || '{\"level\": 5}'")).isOne();
        assertThat(
                        value(
                                "SELECT concat(owner, data ->> 'level', data ->> 'locked') FROM documents.notes WHERE id = 'a'"))
                .isEqualTo(ANN + "5true");
        // The service is bound by nothing.
        assertThat(update(Caller.SERVICE, "a", "owner = '" + BOB + "', data = '{}'"))
                .isOne();
    }

    @Test
    void anUpsertIsAnUpdateToo() {
        collection(new AccessRules("true", "true", "request.owner == resource.owner", null));
        assertThatThrownBy(() -> RuleDatabase.as(
                        Caller.BOB,
                        connection -> connection
                                .query("INSERT INTO documents.notes (id, data, owner) VALUES ('a', '{}', '" + BOB
                                        + "') ON CONFLICT (parent, id) DO UPDATE SET owner = excluded.owner")
                                .execute()))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("update rule of collection notes");
        assertThat(value("SELECT owner::text FROM documents.notes WHERE id = 'a'"))
                .isEqualTo(ANN);
    }

    @Test
    void deletionsRemoveWhatTheRuleAllows() {
        collection(new AccessRules("true", null, null, "resource.owner == auth.uid && resource.data.level < 2"));
        assertThat(delete(Caller.NOBODY)).isZero();
        assertThat(delete(Caller.BOB)).isZero();
        assertThat(delete(Caller.ANN)).isOne();
        assertThat(read(Caller.SERVICE)).isEqualTo("bcdef");
        assertThat(delete(Caller.SERVICE)).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(
            value = Caller.class,
            names = {"NOBODY", "ANN", "BOB"})
    void whatHasNoRuleIsAllowedToNobody(Caller caller) {
        collection(new AccessRules(null, null, null, null));
        assertThat(read(caller)).isEmpty();
        assertThat(create(caller, "new", caller.uid(), "x")).isFalse();
        assertThat(update(caller, "a", "version = 2")).isZero();
        assertThat(delete(caller)).isZero();
        assertThat(read(Caller.SERVICE)).isEqualTo("abcdef");
    }

    @Test
    void newRulesLeaveNothingOfTheOldOnes() {
        collection(new AccessRules("true", "true", "request.id == resource.id", "true"));
        RuleDatabase.run(CollectionPolicies.statements(
                "notes", COMPILER.compile(new AccessRules("resource.id == \"a\"", null, "true", null))));
        assertThat(read(Caller.ANN)).isEqualTo("a");
        assertThat(create(Caller.ANN, "new", ANN, "x")).isFalse();
        assertThat(delete(Caller.ANN)).isZero();
        assertThat(update(Caller.ANN, "a", "version = 5")).isOne();
        assertThat(value("SELECT count(*)::text FROM pg_trigger WHERE tgname = 'basalt_rule_change'"
                        + " AND tgrelid = 'documents.notes'::regclass"))
                .isEqualTo("0");
        RuleDatabase.run(CollectionPolicies.statements("notes", new CompiledRules(null, null, null, null)));
        assertThat(read(Caller.ANN)).isEmpty();
        assertThat(read(Caller.SERVICE)).isEqualTo("abcdef");
    }

    /** The owner of a project may have functions and operators in the way of PostgreSQL's own. */
    @Test
    void namesInRulesAreNotTheProjects() {
        RuleDatabase.run(
                List.of(
                        "CREATE OR REPLACE FUNCTION public.starts_with(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'"));
        RuleDatabase.collection("notes", COMPILER.compile(new AccessRules(null, null, null, null)));
        var statements = new ArrayList<>(List.of("SET LOCAL search_path = public, pg_catalog"));
        statements.addAll(CollectionPolicies.statements(
                "notes", COMPILER.compile(new AccessRules("resource.id.startsWith(\"b\")", null, null, null))));
        RuleDatabase.run(statements);
        documents();
        RuleDatabase.run(List.of("DROP FUNCTION public.starts_with(text, text)"));
        assertThat(read(Caller.ANN)).isEqualTo("b");
    }

    /** The caller is looked up once a statement, and an index on the owner serves the rule. */
    @Test
    void theCallerIsEvaluatedOnceAndTheOwnersIndexIsUsed() {
        collection(new AccessRules(
                "resource.owner == auth.uid || resource.data.author == auth.uid || auth.claims.admin && has(auth.email)",
                null,
                null,
                null));
        assertThat(plan()).contains("InitPlan").doesNotContain("auth.uid()) ", "Filter: (auth", "SubPlan");
        collection(new AccessRules("resource.owner == auth.uid", null, null, null));
        RuleDatabase.run(List.of("CREATE INDEX notes_owner ON documents.notes (owner)"));
        assertThat(plan()).contains("Index Cond: (owner = (InitPlan");
    }

    private static String plan() {
        return RuleDatabase.as(
                Caller.ANN,
                connection -> connection
                        .query("SET LOCAL enable_seqscan = off; EXPLAIN SELECT * FROM documents.notes")
                        .execute()
                        .map(results -> {
                            var text = new StringBuilder();
                            results.next()
                                    .forEach(
                                            row -> text.append(row.getString(0)).append('\n'));
                            return text.toString();
                        }));
    }

    private static void collection(AccessRules rules) {
        RuleDatabase.collection("notes", COMPILER.compile(rules));
        documents();
    }

    private static void documents() {
        put(
                "a",
                ANN,
                "{'published': true, 'team': 'red', 'level': 1, 'tags': ['x', 'y'], 'until': '2199-01-01T00:00:00Z'}");
        put(
                "b",
                ANN,
                "{'published': false, 'level': 2, 'members': ['" + ANN + "', '" + BOB
                        + "'], 'tags': ['x'], 'until': '2001-01-01T00:00:00Z'}");
        put(
                "c",
                BOB,
                "{'published': true, 'level': 3.25, 'members': ['" + ANN
                        + "'], 'tags': ['x', 'News'], 'until': 'never'}");
        put(
                "d",
                null,
                "{'published': 'yes', 'team': 'red', 'level': '1', 'email': 'ann@example.com', 'members': 'all'}");
        put(
                "e",
                null,
                "{'published': null, 'email': '', 'members': {'" + BOB + "': 1}, 'tags': {'X': 1}, 'level': null}");
        put("f", null, "{'email': null, 'tags': [1]}");
    }

    private static void put(String id, @Nullable String owner, String data) {
        var values = new ArrayList<@Nullable Object>();
        values.add(id);
        values.add(owner);
        values.add(data.replace('\'', '"'));
        RuleDatabase.as(
                Caller.SERVICE,
                connection -> connection
                        .preparedQuery(
                                "INSERT INTO documents.notes (id, owner, data) VALUES ($1, $2::text::uuid, $3::text::jsonb)")
                        .execute(Tuple.from(values)));
    }

    private static String read(Caller caller) {
        return RuleDatabase.as(
                caller,
                connection -> connection
                        .query("SELECT coalesce(string_agg(id, '' ORDER BY id), '') FROM documents.notes")
                        .execute()
                        .map(rows -> rows.iterator().next().getString(0)));
    }

    private static boolean create(Caller caller, String id, @Nullable String owner, String title) {
        var values = new ArrayList<@Nullable Object>();
        values.add(id);
        values.add(owner);
        values.add(new JsonObject().put("title", title).encode());
        try {
            RuleDatabase.as(
                    caller,
                    connection -> connection
                            .preparedQuery(
                                    "INSERT INTO documents.notes (id, owner, data) VALUES ($1, $2::text::uuid, $3::text::jsonb)")
                            .execute(Tuple.from(values)));
            return true;
        } catch (PgException refused) {
            assertThat(refused.getSqlState()).isEqualTo("42501");
            return false;
        }
    }

    private static int update(Caller caller, String id, String set) {
        return RuleDatabase.as(
                caller,
                connection -> connection
                        .query("UPDATE documents.notes SET " + set + " WHERE id = '" + id + "'")
                        .execute()
                        .map(done -> done.rowCount()));
    }

    private static void assertRefused(Caller caller, String id, String set, String message) {
        assertThatThrownBy(() -> update(caller, id, set))
                .isInstanceOfSatisfying(
                        PgException.class,
                        refused -> assertThat(refused.getSqlState()).isEqualTo("42501"))
                .hasMessageContaining(message);
    }

    private static int delete(Caller caller) {
        return RuleDatabase.as(
                caller,
                connection -> connection
                        .query("DELETE FROM documents.notes")
                        .execute()
                        .map(done -> done.rowCount()));
    }

    private static String value(String sql) {
        return RuleDatabase.query(sql).iterator().next().getString(0);
    }
}
