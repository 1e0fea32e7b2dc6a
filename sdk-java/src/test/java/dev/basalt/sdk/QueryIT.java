package dev.basalt.sdk;

import static dev.basalt.sdk.data.Column.column;
import static dev.basalt.sdk.data.Filter.all;
import static dev.basalt.sdk.data.Filter.any;
import static dev.basalt.sdk.data.Filter.json;
import static dev.basalt.sdk.data.Filter.not;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.basalt.sdk.data.Column;
import dev.basalt.sdk.data.Column.Search;
import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.data.Range;
import dev.basalt.sdk.data.ReadQuery.Count;
import dev.basalt.sdk.data.Selection;
import dev.basalt.sdk.data.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Every operator and modifier of a query of one table against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class QueryIT {
    private static final String ITEMS = "sdk_items_" + RunningBasalt.RUN;
    private static final String MOOD = "sdk_mood_" + RunningBasalt.RUN;
    private static final String ODD = "sdk odd, \"names\" " + RunningBasalt.RUN;
    private static BasaltClient service;

    enum Mood {
        HAPPY,
        @JsonProperty("so-so")
        SO_SO
    }

    record Item(
            long id,
            @Nullable String name,
            @Nullable BigDecimal price,
            @Nullable Mood mood,
            List<String> tags,
            Map<String, Object> data) {}

    @SuppressWarnings("ArrayRecordComponent") // What a bytea column is read as.
    record Typed(
            UUID id,
            Instant at,
            LocalDateTime local,
            LocalDate day,
            LocalTime hour,
            BigDecimal number,
            byte[] content) {}

    @BeforeAll
    static void createTables() throws Exception {
        RunningBasalt.sql("""
                create type %2$s as enum ('happy', 'so-so');
                create table %1$s (
                    id bigint primary key, name text, price numeric(30,10), mood %2$s, done boolean,
                    tags text[] not null default '{none}', span int4range, data jsonb not null default '{}');
                insert into %1$s values
                    (1, 'Ann', 1.5, 'happy', true, '{a,b}', '[1,5)', '{"city": "Lisbon", "n": [10, 20]}'),
                    (2, 'bob', 12345678901234567890.0123456789, 'so-so', false, '{b,c}', '[5,9)', '{"city": "Oslo"}'),
                    (3, 'Cid', 3, null, null, '{}', '[10,12)', '{}'),
                    (4, null, null, null, true, '{d}', null, '{"the cat": {"sat, on": "mat"}}');
                create table "%3$s" (id int primary key, "a,b" text, "select" text, "not" text, "say ""hi""\" text);
                insert into "%3$s" values (1, 'x', 'y', 'z', 'w');
                """.formatted(ITEMS, MOOD, ODD.replace("\"", "\"\"")));
        service = RunningBasalt.service();
    }

    @AfterAll
    static void dropTables() throws Exception {
        service.close();
        RunningBasalt.sql(
                "drop table %s; drop table \"%s\"; drop type %s".formatted(ITEMS, ODD.replace("\"", "\"\""), MOOD));
    }

    @Test
    void everyOperatorPicksItsRows() {
        Column id = column("id");
        Column name = column("name");
        Column tags = column("tags");
        Column span = column("span");
        assertThat(ids(id.eq(1))).containsExactly(1);
        assertThat(ids(id.neq(1))).containsExactly(2, 3, 4);
        assertThat(ids(id.gt(3))).containsExactly(4);
        assertThat(ids(id.gte(3))).containsExactly(3, 4);
        assertThat(ids(id.lt(2))).containsExactly(1);
        assertThat(ids(id.lte(2))).containsExactly(1, 2);
        assertThat(ids(id.eq(any(1, 3)))).containsExactly(1, 3);
        assertThat(ids(id.gt(all(1, 2)))).containsExactly(3, 4);
        assertThat(ids(name.like("A%"))).containsExactly(1);
        assertThat(ids(name.ilike("B*"))).containsExactly(2);
        assertThat(ids(name.like(any("A%", "C%")))).containsExactly(1, 3);
        assertThat(ids(name.match("^[A-C]"))).containsExactly(1, 3);
        assertThat(ids(name.imatch("^[A-B]"))).containsExactly(1, 2);
        assertThat(ids(name.is(null))).containsExactly(4);
        assertThat(ids(name.isNotNull())).containsExactly(1, 2, 3);
        assertThat(ids(column("done").is(true))).containsExactly(1, 4);
        assertThat(ids(column("done").isUnknown())).containsExactly(3);
        assertThat(ids(name.isDistinctFrom("Ann"))).containsExactly(2, 3, 4);
        assertThat(ids(id.in(List.of(2, 4)))).containsExactly(2, 4);
        assertThat(ids(id.in(List.of()))).isEmpty();
        assertThat(ids(column("mood").in(List.of(Mood.SO_SO)))).containsExactly(2);
        assertThat(ids(tags.contains(List.of("b")))).containsExactly(1, 2);
        assertThat(ids(tags.containedBy(List.of("a", "b")))).containsExactly(1, 3);
        assertThat(ids(tags.overlaps(List.of("a", "d")))).containsExactly(1, 4);
        assertThat(ids(column("data").contains(json(Map.of("city", "Oslo"))))).containsExactly(2);
        assertThat(ids(span.contains(Range.closed(2, 3)))).containsExactly(1);
        assertThat(ids(span.overlaps(Range.of(4, 6)))).containsExactly(1, 2);
        assertThat(ids(span.strictlyLeftOf(Range.of(6, 7)))).containsExactly(1);
        assertThat(ids(span.strictlyRightOf(Range.of(0, 9)))).containsExactly(3);
        assertThat(ids(span.notExtendsRightOf(Range.of(1, 9)))).containsExactly(1, 2);
        assertThat(ids(span.notExtendsLeftOf(Range.of(5, 6)))).containsExactly(2, 3);
        assertThat(ids(span.adjacentTo(Range.of(9, 10)))).containsExactly(2, 3);
        assertThat(ids(name.matches(Search.PLAIN, "ann"))).containsExactly(1);
        assertThat(ids(name.matches(Search.WEB, "ann or cid", "english"))).containsExactly(1, 3);
        assertThat(ids(name.matches(Search.OPERATORS, "ann | bob", "simple"))).containsExactly(1, 2);
        assertThat(ids(name.matches(Search.PHRASE, "bob"))).containsExactly(2);
    }

    @Test
    void conditionsAreNegatedNestedAndHoldInTreesAsTheyDoAlone() {
        List<Filter> conditions = List.of(
                column("id").eq(any(1, 3)),
                column("tags").overlaps(List.of("a", "d")),
                column("span").contains(Range.closed(2, 3)),
                column("name").matches(Search.WEB, "ann or cid", "english"),
                column("data").contains(json(Map.of("city", "Oslo"))),
                column("id").in(List.of(2, 4)));
        for (Filter condition : conditions) {
            assertThat(ids(Filter.anyOf(condition))).isEqualTo(ids(condition));
            assertThat(ids(not(Filter.allOf(condition)))).isEqualTo(ids(not(condition)));
        }
        assertThat(ids(Filter.anyOf(
                        Filter.allOf(
                                column("id").gt(1),
                                not(column("name").is(null)),
                                column("price").lt(5)),
                        column("data").text("city").eq("Lisbon"))))
                .containsExactly(1, 3);
    }

    @Test
    void placesInJsonAreFilteredSortedAndSelected() {
        assertThat(ids(column("data").key("n").textAt(1).eq("20"))).containsExactly(1);
        assertThat(ids(column("data").key("the cat").text("sat, on").eq("mat"))).containsExactly(4);
        assertThat(items().select(column("data").text("city").as("place"))
                        .in("data->>city", List.of("Lisbon", "Oslo"))
                        .order("data->>city", Order.DESCENDING)
                        .execute()
                        .list())
                .isEqualTo(List.of(Map.of("place", "Oslo"), Map.of("place", "Lisbon")));
    }

    @Test
    void oddNamesAreNames() {
        Map<String, @Nullable Object> row = service.from(ODD)
                .select(Selection.columns("a,b", "select", "say \"hi\""))
                .where(column("a,b").eq("x"))
                .where(column("select").eq("y"))
                .where(Filter.allOf(column("not").eq("z"), column("say \"hi\"").eq("w")))
                .order(column("a,b"), Order.ASCENDING)
                .single();

        assertThat(row).isEqualTo(Map.of("a,b", "x", "select", "y", "say \"hi\"", "w"));
    }

    @Test
    void rowsAreRecordsWithAllTheirDigits() {
        Item bob = items().select().eq("id", 2).single(Item.class);

        assertThat(bob.price()).isEqualTo(new BigDecimal("12345678901234567890.0123456789"));
        assertThat(bob.mood()).isEqualTo(Mood.SO_SO);
        assertThat(bob.tags()).containsExactly("b", "c");
        assertThat(bob.data()).containsEntry("city", "Oslo");
        assertThat(items().select("id,name,tags,data")
                        .eq("id", 4)
                        .single(Item.class)
                        .name())
                .isNull();
        assertThat(items().select(column("price").cast("text").as("name"), column("id"))
                        .eq("id", 1)
                        .single())
                .containsEntry("name", "1.5000000000");
    }

    @Test
    void valuesOfEveryTypeAreReadAsTheyWereWritten() throws Exception {
        String table = "sdk_typed_" + RunningBasalt.RUN;
        RunningBasalt.sql("""
                create table %s (id uuid primary key, at timestamptz, local timestamp, day date, hour time, number numeric,
                    content bytea, span int4range)""".formatted(table));
        try {
            var written = new Typed(
                    UUID.randomUUID(),
                    Instant.parse("2026-01-31T10:00:00.123456Z"),
                    LocalDateTime.of(2026, 1, 31, 10, 0, 1),
                    LocalDate.of(2026, 1, 31),
                    LocalTime.of(10, 0, 0, 500_000_000),
                    new BigDecimal("1234567890123456789012345678901234567890.10"),
                    new byte[] {0, 1, -1});
            Typed read = service.from(table).insert(written).returning().single(Typed.class);

            assertThat(read).usingRecursiveComparison().isEqualTo(written);
            for (Filter filter : List.of(
                    column("id").eq(written.id()),
                    column("at").eq(written.at()),
                    column("local").eq(written.local()),
                    column("day").eq(written.day()),
                    column("hour").eq(written.hour()),
                    column("number").eq(written.number()))) {
                assertThat(service.from(table).select().where(filter).count())
                        .as("%s", filter)
                        .isEqualTo(1);
            }
            service.from(table)
                    .update(Map.of("span", Range.closed(1, 3)))
                    .eq("id", written.id())
                    .execute();
            assertThat(service.from(table).select("span").single()).containsEntry("span", "[1,4)");
        } finally {
            RunningBasalt.sql("drop table " + table);
        }
    }

    @Test
    void pagesAreCountedListedStreamedAndWrittenAsCsv() {
        var page = items().select()
                .order("id", Order.DESCENDING)
                .range(1, 2)
                .withTotal()
                .execute(Item.class);
        assertThat(page.stream().map(Item::id)).containsExactly(3L, 2L);
        assertThat(page.total()).hasValue(4);
        assertThat(items().select().count(Count.ESTIMATED)).isEqualTo(4);

        try (var rows = items().select().order("id").as(Item.class).stream()) {
            assertThat(rows.map(Item::id)).containsExactly(1L, 2L, 3L, 4L);
        }
        assertThat(items().select("id,name").lt("id", 3).order("id").csv()).isEqualTo("id,name\n1,Ann\n2,bob");
        assertThat(items().select("id,name").eq("id", 4).withoutNulls().single())
                .isEqualTo(Map.of("id", 4));
        assertThat(items().select("id,name")
                        .gt("id", 3)
                        .withoutNulls()
                        .execute()
                        .list())
                .isEqualTo(List.of(Map.of("id", 4)));
    }

    @Test
    void anySchemaThatIsExposedCanBeNamed() {
        assertThat(service.schema("public").from(ITEMS).select().count()).isEqualTo(4);
    }

    private static Table items() {
        return service.from(ITEMS);
    }

    private static List<Integer> ids(Filter filter) {
        return items().select("id").where(filter).order("id").execute().stream()
                .map(row -> (Integer) row.get("id"))
                .toList();
    }
}
