package dev.basalt.data.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.query.QueryParser;
import dev.basalt.data.schema.SchemaCache;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any string, through any operator, at any place of the grammar where a value may stand, ends as a parameter: the SQL of a
 * hostile value is the SQL of a harmless one.
 */
class ParameterPropertyTest {
    private static final SchemaCache SCHEMA = schema();
    private static final String HARMLESS = "harmless";

    @Property(tries = 3000)
    void aFilterValueNeverReachesTheSql(@ForAll("operators") String operator, @ForAll("hostile") String value) {
        assertIsParameter("c=" + operator + ".", encode(value), value, operator);
    }

    @Property(tries = 3000)
    void aQuotedValueInAGroupNeverReachesTheSql(@ForAll("operators") String operator, @ForAll("hostile") String value) {
        var quoted = "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        assertIsParameter("or=(c." + operator + ".", encode(quoted) + ",c.eq.x)", value, operator);
    }

    @Property(tries = 3000)
    void aListMemberNeverReachesTheSql(@ForAll("hostile") String value) {
        var quoted = "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        var parsed = QueryParser.parse("c=in.(" + encode(quoted) + ",x)");
        assertThat(plan(parsed.shape()).sql())
                .isEqualTo(plan(QueryParser.parse("c=in.(y,x)").shape()).sql());
        assertThat(parsed.values().getFirst())
                .isEqualTo("{\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\",\"x\"}");
    }

    /** Unquoted, a value may end early or be refused, but what is accepted has the harmless shape. */
    @Property(tries = 3000)
    void whatIsAcceptedUnquotedInAGroupHasTheHarmlessShape(@ForAll("hostile") String value) {
        if (value.indexOf(',') >= 0 || value.indexOf(')') >= 0 || value.startsWith("\"")) {
            return;
        }
        assertIsParameter("or=(c.eq.", encode(value) + ",c.eq.x)", value, "eq");
    }

    /** The same of what filters an embedded resource, however it is embedded. */
    @Property(tries = 3000)
    void anEmbeddedFilterValueNeverReachesTheSql(
            @ForAll("operators") String operator,
            @ForAll("embeddings") String embedding,
            @ForAll("hostile") String value) {
        assertIsParameter("select=" + embedding + "&u.c=" + operator + ".", encode(value), value, operator);
    }

    @Property(tries = 1000)
    void anEmbeddedListMemberNeverReachesTheSql(
            @ForAll("embeddings") String embedding, @ForAll("hostile") String value) {
        var quoted = "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        var query = "select=" + embedding + "&u.not.or=(c.in.(%s,x),and(c.eq.%s,c.is.null))&u.limit=1";
        var hostile = QueryParser.parse(query.formatted(encode(quoted), encode(quoted)));
        var harmless = QueryParser.parse(query.formatted("y", "y"));
        assertThat(hostile.shape()).isEqualTo(harmless.shape());
        assertThat(plan(hostile.shape()).sql()).isEqualTo(plan(harmless.shape()).sql());
        assertThat(plan(hostile.shape()).parameters(hostile.values(), null, null, null))
                .contains(value);
    }

    @Provide
    Arbitrary<String> embeddings() {
        return Arbitraries.of("u(*)", "u!inner(c)", "...u(c)", "c,u(),u()&u=is.null", "c,u(c,t(c,u(*)))", "u(count)");
    }

    /** Names are part of the SQL: always inside double quotes that they cannot leave. */
    @Property(tries = 3000)
    void anAliasStaysInsideItsQuotes(@ForAll("hostile") String alias) {
        if (alias.isEmpty()) {
            return;
        }
        // Here for a value and there for an embedded resource.
        var quoted = "\"" + alias.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        var sql = plan(QueryParser.parse("select=" + encode(quoted + ":c")).shape())
                .sql();
        assertThat(sql).contains(" AS \"" + alias.replace("\"", "\"\"") + "\" FROM ");
        var embedded = plan(QueryParser.parse("select=" + encode(quoted + ":u(c)"))
                        .shape())
                .sql();
        assertThat(embedded).contains(" AS \"" + alias.replace("\"", "\"\"") + "\" FROM ");
    }

    @Property(tries = 3000)
    void aJsonKeyStaysInsideItsQuotes(@ForAll("hostile") String key) {
        if (key.isEmpty()) {
            return;
        }
        var quoted = "\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        var sql = plan(QueryParser.parse("order=" + encode("c->>" + quoted)).shape())
                .sql();
        var literal = key.contains("\\")
                ? "E'" + key.replace("\\", "\\\\").replace("'", "''") + "'"
                : "'" + key.replace("'", "''") + "'";
        assertThat(sql).contains("->>" + literal + ")");
    }

    private static void assertIsParameter(String before, String encoded, String value, String operator) {
        var hostile = QueryParser.parse(before + encoded);
        var harmless = QueryParser.parse(before + (before.startsWith("or=") ? HARMLESS + ",c.eq.x)" : HARMLESS));
        assertThat(hostile.shape()).isEqualTo(harmless.shape());
        var plan = plan(hostile.shape());
        assertThat(plan.sql()).isEqualTo(plan(harmless.shape()).sql());
        var expected = operator.contains("like") ? value.replace('*', '%') : value;
        assertThat(plan.parameters(hostile.values(), null, null, null)).contains(expected);
    }

    private static Statement plan(dev.basalt.data.query.QueryShape query) {
        return Planner.plan(
                SCHEMA,
                new PlanSettings(true, 1000),
                new DataRequest.Read("hostile", "t", query, RowPage.WHOLE, false, Representation.Standard.ARRAY));
    }

    private static SchemaCache schema() {
        TestPostgres.get().run("""
                drop schema if exists hostile cascade;
                create schema hostile;
                create table hostile.t (c text primary key);
                create table hostile.u (c text, t text references hostile.t);
                """);
        return TestPostgres.get().introspect("hostile");
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<String> operators() {
        return Arbitraries.of(
                        "eq",
                        "neq",
                        "gt",
                        "gte",
                        "lt",
                        "lte",
                        "like",
                        "ilike",
                        "match",
                        "imatch",
                        "isdistinct",
                        "cs",
                        "cd",
                        "ov",
                        "sl",
                        "sr",
                        "nxl",
                        "nxr",
                        "adj",
                        "fts",
                        "plfts",
                        "phfts",
                        "wfts",
                        "eq(any)",
                        "like(all)",
                        "fts(english)")
                .flatMap(operator -> Arbitraries.of(operator, "not." + operator));
    }

    @Provide
    Arbitrary<String> hostile() {
        var pieces = Arbitraries.of(
                "'",
                "\"",
                "\\",
                "--",
                "/*",
                ";",
                "$1",
                "$$",
                "::",
                ")",
                "(",
                ",",
                ".",
                "{",
                "}",
                "%",
                "*",
                "\n",
                "é",
                "😀",
                "' or '1'='1",
                "drop table t",
                "E'",
                "null",
                "not.",
                "and(",
                " ");
        var anything = Arbitraries.strings().ofMaxLength(40).filter(ParameterPropertyTest::isText);
        return Arbitraries.oneOf(anything, pieces.list().ofMaxSize(12).map(list -> String.join("", list)));
    }

    /** Strings that UTF-8 can carry and PostgreSQL can hold. */
    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
