package dev.basalt.sdk;

import static dev.basalt.sdk.data.Filter.allOf;
import static dev.basalt.sdk.data.Filter.any;
import static dev.basalt.sdk.data.Filter.anyOf;
import static dev.basalt.sdk.data.Filter.eq;
import static dev.basalt.sdk.data.Filter.json;
import static dev.basalt.sdk.data.Filter.not;
import static dev.basalt.sdk.documents.Aggregate.avg;
import static dev.basalt.sdk.documents.Aggregate.count;
import static dev.basalt.sdk.documents.Aggregate.max;
import static dev.basalt.sdk.documents.Aggregate.min;
import static dev.basalt.sdk.documents.Aggregate.sum;
import static dev.basalt.sdk.documents.Field.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.Column;
import dev.basalt.sdk.data.Column.Search;
import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.documents.Commit;
import dev.basalt.sdk.documents.Document;
import dev.basalt.sdk.documents.DocumentCollection;
import dev.basalt.sdk.documents.DocumentQuery;
import dev.basalt.sdk.documents.Field;
import dev.basalt.sdk.documents.Group;
import dev.basalt.sdk.documents.Page;
import dev.basalt.sdk.error.DocumentException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Queries on documents against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class DocumentQueryIT {
    private static final String THINGS = "sdk_things_" + RunningBasalt.RUN;
    private static final String PARTS = "sdk_parts_" + RunningBasalt.RUN;
    private static BasaltClient service;
    private static DocumentCollection<Map<String, @Nullable Object>> things;

    @BeforeAll
    static void write() {
        service = RunningBasalt.service();
        things = service.documents().collection(THINGS);
        service.documents().commit(commit -> {
            put(
                    commit,
                    "number",
                    Map.of("v", 5, "n", 1, "tags", List.of("a", "b"), "who", Map.of("first-name", "Ann")));
            put(commit, "text", Map.of("v", "5", "n", 2, "tags", List.of("b"), "in", Map.of("eq", "odd")));
            put(
                    commit,
                    "truth",
                    Map.of("v", true, "n", 3, "tags", List.of(), "order", "first", "a.b", Map.of("c,d", 1)));
            put(commit, "list", Map.of("v", List.of(5, "x,)"), "n", 4, "tags", List.of("x,) \"y\\", "{z}")));
            put(commit, "object", Map.of("v", Map.of("k", 1), "n", 5, "note", "Foxes (all, of \"them\") jumped"));
            put(commit, "none", Map.of("n", new BigDecimal("6.5"), "note", "*%"));
        });
    }

    private static void put(Commit commit, String id, Map<String, @Nullable Object> data) {
        commit.set(things.document(id), data);
    }

    @AfterAll
    static void dropCollections() throws Exception {
        service.close();
        RunningBasalt.dropCollection(THINGS);
        RunningBasalt.dropCollection(PARTS);
    }

    @Test
    void aTextEqualsTextsAndANumberWhatIsSpelledLikeOne() {
        assertThat(found(eq("v", "5"))).containsExactly("text");
        assertThat(found(eq("v", 5))).containsExactly("number", "text");
        assertThat(found(eq("v", true))).containsExactly("truth");
        assertThat(found(field("v").eq(List.of(5, "x,)")))).containsExactly("list");
        assertThat(found(field("v").eq(json(Map.of("k", 1))))).containsExactly("object");
        assertThat(found(field("v").eq(any("5", true, "none")))).containsExactly("text", "truth");
        assertThat(found(field("v").in(List.of("x", 5)))).containsExactly("number", "text");
        assertThat(found(field("v").neq("5"))).contains("number").doesNotContain("text", "none");
        assertThat(found(field("v").is(null))).containsExactly("none");
        assertThat(found(field("v").isNotNull())).hasSize(5);
        assertThat(found(field("n").gt(2))).containsExactly("truth", "list", "object", "none");
        assertThat(found(field("n").lte(new BigDecimal("6.50")))).hasSize(6);
    }

    @Test
    void everyConditionMeansTheSameInATree() {
        List<Filter> conditions = List.of(
                eq("v", "5"),
                eq("v", 5),
                field("v").eq(json(Map.of("k", 1))),
                field("v").eq(any("5", true)),
                field("v").in(List.of("x,)", 5)),
                field("tags").contains(List.of("a", "b")),
                field("tags").contains(List.of("x,) \"y\\", "{z}")),
                field("tags").contains("b"),
                field("tags").contains(List.of()),
                field("tags").overlaps(List.of("a", "q")),
                field("tags").containedBy(List.of("b")),
                field("tags").containedBy(List.of("b", "c,)")),
                field("tags").overlaps(List.of("{z}", "]")),
                field("v").eq(List.of(5, "x,)")),
                field("note").eq(json("*%")),
                field("note").like("Foxes (%, of \"them\")%"),
                field("note").like(any("*%", "Foxes%")),
                field("note").ilike("foxes%"),
                field("note").match("^Foxes \\(all"),
                field("note").matches(Search.PLAIN, "fox jump", "english"),
                field("note").isDistinctFrom("*%"),
                field("in.eq").eq("odd"),
                field("\"a.b\".\"c,d\"").eq(1),
                field("who.first-name").eq("Ann"),
                field("tags.0").eq("a"),
                field("order").eq("first"),
                Field.ID.eq("text"),
                Field.ID.in(List.of("text", "none")),
                Field.OWNER.is(null));
        for (Filter condition : conditions) {
            List<String> alone = found(condition);
            assertThat(alone).as(condition.toString()).isNotEmpty();
            assertThat(found(anyOf(condition, eq("n", -1))))
                    .as(condition.toString())
                    .isEqualTo(alone);
            assertThat(found(allOf(condition, not(eq("n", -1)))))
                    .as(condition.toString())
                    .isEqualTo(alone);
            assertThat(found(not(condition))).as(condition.toString()).doesNotContainAnyElementsOf(alone);
            assertThat(found(anyOf(not(condition), eq("n", -1))))
                    .as(condition.toString())
                    .isEqualTo(found(not(condition)));
        }
        assertThat(found(field("tags").contains(List.of("x,) \"y\\", "{z}")))).containsExactly("list");
        assertThat(found(field("note").match("^Foxes \\(all"))).containsExactly("object");
    }

    @Test
    void pagesFollowEachOtherByCursorAndStreamsReadThemAll() {
        DocumentQuery<Map<String, @Nullable Object>> sorted =
                things.query().order("n", Order.DESCENDING).limit(4).withTotal();

        Page<Map<String, @Nullable Object>> first = sorted.page();
        assertThat(ids(first.documents())).containsExactly("none", "object", "list", "truth");
        assertThat(first.total()).hasValue(6);
        Page<Map<String, @Nullable Object>> second =
                sorted.after(first.cursor().orElseThrow()).page();
        assertThat(ids(second.documents())).containsExactly("text", "number");
        assertThat(second.cursor()).isEmpty();
        for (int size : List.of(1, 2, 3, 6, 7)) {
            assertThat(ids(things.query().order("n").limit(size).stream().toList()))
                    .containsExactly("number", "text", "truth", "list", "object", "none");
        }
        assertThat(things.query().order("n").first().orElseThrow().id()).isEqualTo("number");
        assertThat(things.query().eq("n", -1).first()).isEmpty();
        assertThatThrownBy(() -> things.query()
                        .order("v")
                        .after(first.cursor().orElseThrow())
                        .page())
                .isInstanceOf(DocumentException.InvalidRequest.class);
        assertThatThrownBy(() -> things.query().limit(1001).page())
                .isInstanceOf(DocumentException.InvalidRequest.class);
    }

    @Test
    void partsOfDocumentsAreReadAsAnotherType() {
        record Part(int n, @Nullable Map<String, String> who) {}

        assertThat(things.query()
                        .select("n", "who.first-name")
                        .eq("n", 1)
                        .as(Part.class)
                        .list())
                .extracting(Document::data)
                .containsExactly(new Part(1, Map.of("first-name", "Ann")));
        assertThat(things.query()
                        .select("\"a.b\".\"c,d\"")
                        .eq("n", 3)
                        .list()
                        .getFirst()
                        .data())
                .isEqualTo(Map.of("a.b", Map.of("c,d", 1)));
    }

    @Test
    void aggregatesGroupAndKeepTheirDigits() {
        Group all = things.query()
                .gte("n", 1)
                .aggregate(count(), sum("n"), avg("n"), min("note"), max("n"), avg("note"), sum("v"))
                .single();
        assertThat(all.count()).isEqualTo(6);
        assertThat(all.sum("n")).isEqualByComparingTo("21.5");
        assertThat(all.avg("n").orElseThrow()).isBetween(new BigDecimal("3.58"), new BigDecimal("3.59"));
        assertThat(all.min("note", String.class)).hasValue("*%");
        assertThat(all.max("n", BigDecimal.class)).hasValue(new BigDecimal("6.5"));
        assertThat(all.avg("note")).isEmpty();
        assertThat(all.sum("v")).isEqualByComparingTo("5");
        assertThatThrownBy(() -> all.sum("other")).isInstanceOf(IllegalArgumentException.class);

        List<Group> groups = things.query()
                .lt("n", 3)
                .aggregate(count(), sum("n"))
                .groupBy("who.first-name")
                .groups();
        assertThat(groups).hasSize(2);
        assertThat(groups).anySatisfy(ann -> {
            assertThat(ann.key("who.first-name", String.class)).hasValue("Ann");
            assertThat(ann.sum("n")).isEqualByComparingTo("1");
        });
        assertThat(groups)
                .anySatisfy(nobody ->
                        assertThat(nobody.key("who.first-name", String.class)).isEmpty());
        assertThat(things.query().order("n").limit(2).count()).isEqualTo(6);
    }

    @Test
    void aGroupSpansAllParents() {
        record Part(String name) {}
        things.document("number").collection(PARTS, Part.class).document("a").set(new Part("wheel"));
        things.document("text").collection(PARTS, Part.class).document("b").set(new Part("axle"));

        DocumentQuery<Part> group = service.documents().group(PARTS, Part.class);
        assertThat(group.order("name").list())
                .extracting(Document::data)
                .containsExactly(new Part("axle"), new Part("wheel"));
        assertThat(group.where(Field.PARENT.eq(things.document("text").path())).count())
                .isEqualTo(1);
    }

    @Test
    void aQueryThatMeansNothingIsRefused() {
        assertThatThrownBy(() -> found(Field.ID.contains("x"))).isInstanceOf(DocumentException.InvalidRequest.class);
        assertThatThrownBy(() -> found(new Column(List.of(), "$none", List.of()).eq("x")))
                .isInstanceOf(DocumentException.InvalidRequest.class);
        assertThatThrownBy(() -> service.documents()
                        .collection("sdk_unheard_" + RunningBasalt.RUN)
                        .query()
                        .list())
                .isInstanceOf(DocumentException.UnknownCollection.class);
    }

    @Test
    void queriesRunAtTheSameTime() {
        var counts = new ArrayList<CompletableFuture<Long>>();
        IntStream.range(0, 20)
                .forEach(i -> counts.add(things.query().lte("n", i).countAsync()));

        assertThat(counts.stream().map(CompletableFuture::join).toList()).startsWith(0L, 1L, 2L, 3L, 4L, 5L, 5L, 6L);
    }

    private static List<String> found(Filter filter) {
        return ids(things.query().where(filter).order("n").list());
    }

    private static List<String> ids(List<Document<Map<String, @Nullable Object>>> documents) {
        return documents.stream().map(Document::id).toList();
    }
}
