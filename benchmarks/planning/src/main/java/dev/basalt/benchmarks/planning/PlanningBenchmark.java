package dev.basalt.benchmarks.planning;

import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.PlanCache;
import dev.basalt.data.plan.PlanSettings;
import dev.basalt.data.plan.Planner;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.RowPage;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.query.QueryParser;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.SchemaDocument;
import dev.basalt.embedded.postgres.EmbeddedPostgres;
import dev.basalt.embedded.postgres.EmbeddedPostgresOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a query string to SQL and its parameters, against a schema that PostgreSQL described. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class PlanningBenchmark {
    private static final String SCHEMA = "public";
    private static final long CACHE_BYTES = 16 * 1024 * 1024;
    private static final String BY_KEY = "select=id,title,price&id=eq.";
    private static final String THREE_EMBEDS =
            "select=id,title,price,authors(id,name,country),reviews(stars,body),tags(name)"
                    + "&authors.country=eq.CH&reviews.order=stars.desc&reviews.limit=5&or=(price.gt.10,title.ilike.*sea*)"
                    + "&order=price.desc.nullslast,id&id=gte.";

    private final PlanSettings settings = new PlanSettings(true, 1000);
    private final PlanCache plans = new PlanCache(CACHE_BYTES, settings, new SimpleMeterRegistry());
    private SchemaCache schema = SchemaDocument.read(List.of(SCHEMA), "{}");
    private int number;

    /** Makes tables in a PostgreSQL of its own, describes them, and stops it. */
    @Setup
    public void describe() throws IOException, InterruptedException, SQLException {
        var options = EmbeddedPostgresOptions.in(Files.createTempDirectory("planning-"));
        try (var server = EmbeddedPostgres.start(options);
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres",
                        server.superuser(),
                        server.password());
                var statement = connection.createStatement();
                var introspection = connection.prepareStatement(SchemaDocument.QUERY.replace("$1", "?"))) {
            statement.execute("""
                    create table authors (id bigint primary key, name text not null, country text);
                    create table books (
                      id bigint primary key, title text not null, price numeric, author_id bigint references authors);
                    create table reviews (id bigint primary key, book_id bigint references books, stars int, body text);
                    create table tags (id bigint primary key, name text);
                    create table book_tags (
                      book_id bigint references books, tag_id bigint references tags, primary key (book_id, tag_id));
                    """);
            var names = connection.createArrayOf("text", new String[] {SCHEMA});
            for (int i = 1; i <= introspection.getParameterMetaData().getParameterCount(); i++) {
                introspection.setArray(i, names);
            }
            try (var rows = introspection.executeQuery()) {
                rows.next();
                schema = SchemaDocument.read(List.of(SCHEMA), rows.getString(1));
            }
        }
    }

    /** A shape that was planned before, with a value of its own. */
    @Benchmark
    public String[] cachedByKey() {
        return cached(BY_KEY);
    }

    /** A shape with three embedded resources that was planned before, with a value of its own. */
    @Benchmark
    public String[] cachedThreeEmbeds() {
        return cached(THREE_EMBEDS);
    }

    /** The same, planned anew. */
    @Benchmark
    public Statement uncachedThreeEmbeds() {
        return Planner.plan(schema, settings, request(THREE_EMBEDS).data());
    }

    private String[] cached(String query) {
        var request = request(query);
        return plans.plan(schema, request.data()).parameters(request.values(), null, 20L, null);
    }

    private Request request(String query) {
        var parsed = QueryParser.parse(query + number++);
        return new Request(
                new DataRequest.Read(
                        SCHEMA,
                        "books",
                        parsed.shape(),
                        new RowPage(true, false),
                        false,
                        Representation.Standard.ARRAY),
                parsed.values());
    }

    private record Request(DataRequest data, List<String> values) {}
}
