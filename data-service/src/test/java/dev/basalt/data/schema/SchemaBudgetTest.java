package dev.basalt.data.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.plan.TestPostgres;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a large schema costs: 2,000 tables of ten columns, each with a foreign key. */
class SchemaBudgetTest {
    private static final Logger LOG = Logger.getLogger(SchemaBudgetTest.class);
    private static final TestPostgres POSTGRES = TestPostgres.get();
    private static final int TABLES = 2_000;

    /** A transaction locks what it creates, and the server has room for some thousand locks. */
    private static final int BATCH = 200;

    @BeforeAll
    static void create() {
        drop();
        POSTGRES.run("create schema budget");
        inBatches(i -> "create table budget.resource_" + i + " (id bigint primary key, parent_id bigint"
                + (i == 0 ? "" : " references budget.resource_" + (i / 2)) + ", name_" + i
                + " text not null, price numeric, tags text[], data jsonb, created_at timestamptz default now(),"
                + " updated_at timestamptz, done boolean default false, owner uuid)");
    }

    @AfterAll
    static void drop() {
        inBatches(i -> "drop table if exists budget.resource_" + (TABLES - 1 - i));
        POSTGRES.run("drop schema if exists budget");
    }

    private static void inBatches(java.util.function.IntFunction<String> statement) {
        for (int start = 0; start < TABLES; start += BATCH) {
            POSTGRES.run(
                    IntStream.range(start, start + BATCH).mapToObj(statement).collect(Collectors.joining("; ")));
        }
    }

    @Test
    void twoThousandTablesLoadInTimeAndHoldLittleMemory() {
        POSTGRES.introspect("budget"); // The first one compiles.
        var start = System.nanoTime();
        var schema = POSTGRES.introspect("budget");
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(schema.size()).isEqualTo(TABLES);
        assertThat(schema.relationships(table(schema, 1), "resource_2", null)).hasSize(1);
        var held = heldBytes();
        LOG.infof("%d tables load in %d ms and hold %d KiB", TABLES, took.toMillis(), held / 1024);
        // The budget is 2 s; a machine that runs tests is busy with other things.
        assertThat(took).isLessThan(Duration.ofSeconds(10));
        assertThat(held).isLessThan(20 * 1024 * 1024);
    }

    private static Table table(SchemaCache schema, int number) {
        var table = schema.table("budget", "resource_" + number);
        if (table == null) {
            throw new AssertionError("resource_" + number + " is not known");
        }
        return table;
    }

    /** What one more schema cache adds to the heap, as the mean of several. */
    private static long heldBytes() {
        int copies = 5;
        var caches = new ArrayList<SchemaCache>(List.of(POSTGRES.introspect("budget")));
        long before = usedHeap();
        for (int i = 0; i < copies; i++) {
            caches.add(POSTGRES.introspect("budget"));
        }
        long after = usedHeap();
        assertThat(caches).hasSize(copies + 1);
        return (after - before) / copies;
    }

    private static long usedHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
