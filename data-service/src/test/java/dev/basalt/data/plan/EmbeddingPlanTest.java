package dev.basalt.data.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.basalt.data.error.RestError;
import dev.basalt.data.query.ParsedQuery;
import dev.basalt.data.query.QueryParser;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statements of embedded resources: which indexes serve them, and where their limits are. */
class EmbeddingPlanTest {
    private static final TestPostgres POSTGRES = TestPostgres.get();
    private static final PlanSettings SETTINGS = new PlanSettings(true, 10);
    private static @Nullable SchemaCache schema;

    @BeforeAll
    static void createTables() {
        POSTGRES.run("""
                drop schema if exists embedded cascade;
                create schema embedded;
                create table embedded.authors (id int primary key, name text, mentor int references embedded.authors);
                create table embedded.books (id int primary key, title text, author int references embedded.authors);
                create index on embedded.books (author);
                insert into embedded.authors select n, 'author ' || n, nullif(n - 1, 0) from generate_series(1, 3000) n;
                insert into embedded.books select n, 'title ' || n, 1 + n / 11 from generate_series(1, 20000) n;
                """);
        POSTGRES.run("vacuum analyze embedded.authors");
        POSTGRES.run("vacuum analyze embedded.books");
        schema = POSTGRES.introspect("embedded");
    }

    @AfterAll
    static void drop() {
        POSTGRES.run("drop schema embedded cascade");
    }

    @Test
    void indexesServeEmbeddedResources() {
        assertThat(explain("books", "select=title,authors(name)&order=id"))
                .contains("Index Scan using authors_pkey")
                .contains("Index Scan using books_pkey");
        assertThat(explain("authors", "select=name,books(title)&id=eq.5"))
                .contains("books_author_idx")
                .contains("Index Scan using authors_pkey");
        assertThat(explain("authors", "select=name,books!inner(title)&id=eq.5")).doesNotContain("Seq Scan");
    }

    @Test
    void jsonIsBuiltForThePageAlone() {
        // By a column without an index: everything is sorted, but only the page looks for its books.
        var plan =
                explain("authors", "select=name,books(title)&order=name", "explain (analyze, costs off, timing off) ");
        assertThat(plan).containsPattern("(?s)SubPlan.*rows=1(\\.00)? loops=2\\b");
        assertThat(plan).doesNotContain("loops=3000");
    }

    @Test
    void anEmbeddedResourceHasAtMostTheConfiguredRows() {
        assertThat(embedded(SETTINGS, "select=books(id)&id=eq.2")).isEqualTo(10);
        assertThat(embedded(SETTINGS, "select=books(id)&id=eq.2&books.limit=9")).isEqualTo(9);
        assertThat(embedded(SETTINGS, "select=books(id)&id=eq.2&books.limit=11"))
                .isEqualTo(10);
        assertThat(embedded(new PlanSettings(true, 11), "select=books(id)&id=eq.2"))
                .isEqualTo(11);
        assertThat(embedded(new PlanSettings(true, 0), "select=books(id)&id=eq.2"))
                .isEqualTo(11);
    }

    @Test
    void embeddingNestsAsDeepAsTheGrammarAllows() {
        var deepest = "select=name," + "mentor(name,".repeat(QueryParser.MAX_DEPTH - 1) + "mentor(name)"
                + ")".repeat(QueryParser.MAX_DEPTH - 1) + "&id=eq.40";
        assertThat(read(SETTINGS, "authors", deepest)).contains("\"author " + (40 - QueryParser.MAX_DEPTH) + "\"");
        var inner = deepest.replace("mentor(", "mentor!inner(");
        assertThat(read(SETTINGS, "authors", inner)).contains("\"author " + (40 - QueryParser.MAX_DEPTH) + "\"");
        assertThat(read(SETTINGS, "authors", inner.replace("id=eq.40", "id=eq.32")))
                .isEqualTo("[]");
    }

    @Test
    void aggregatesCanBeTurnedOff() {
        var off = new PlanSettings(false, 10);
        for (var select : new String[] {"id.max()", "count()", "books(id.count())", "...authors(id.max())"}) {
            assertThatThrownBy(() -> plan(off, "authors", QueryParser.parse("select=" + select)))
                    .asInstanceOf(type(ApiException.class))
                    .satisfies(refusal -> {
                        assertThat(refusal.error()).isEqualTo(RestError.AGGREGATES_DISABLED);
                        assertThat(refusal.error().code()).isEqualTo("PGRST123");
                        assertThat(refusal.detail()).isEqualTo("Use of aggregate functions is not allowed");
                    });
        }
        // Clients that count related rows do it without an aggregate's parentheses.
        assertThat(read(off, "authors", "select=books(count)&id=eq.2")).isEqualTo("[{\"books\":[{\"count\":11}]}]");
    }

    private static int embedded(PlanSettings settings, String query) {
        return new JsonArray(read(settings, "authors", query))
                .getJsonObject(0)
                .getJsonArray("books")
                .size();
    }

    private static String read(PlanSettings settings, String table, String query) {
        var parsed = QueryParser.parse(query);
        return POSTGRES.execute(plan(settings, table, parsed), parsed.values(), null, 2L, null)
                .getBuffer("body")
                .toString(StandardCharsets.UTF_8);
    }

    private static String explain(String table, String query) {
        return explain(table, query, "explain (costs off) ");
    }

    private static String explain(String table, String query, String how) {
        var parsed = QueryParser.parse(query);
        var plan = plan(SETTINGS, table, parsed);
        var sql = plan.sql();
        var parameters = plan.parameters(parsed.values(), null, 2L, null);
        for (int i = parameters.length; i > 0; i--) {
            sql = sql.replace("$" + i + "::text", "'" + parameters[i - 1] + "'::text");
        }
        var explained = new StringBuilder();
        POSTGRES.query(how + sql)
                .forEach(row -> explained.append(row.getString(0)).append('\n'));
        return explained.toString();
    }

    private static Statement plan(PlanSettings settings, String table, ParsedQuery query) {
        if (schema == null) {
            throw new IllegalStateException("not introspected");
        }
        return Planner.plan(
                schema,
                settings,
                new DataRequest.Read(
                        "embedded",
                        table,
                        query.shape(),
                        new RowPage(true, false),
                        false,
                        Representation.Standard.ARRAY));
    }
}
