package dev.basalt.sdk.documents;

import static dev.basalt.sdk.documents.JsonPatch.patch;
import static dev.basalt.sdk.documents.Transform.increment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.data.RecordingServer;
import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent of documents, queries and commits. */
class DocumentCallsTest {
    private static final String DOCUMENT = "{\"path\":\"c/a\",\"id\":\"a\",\"version\":3,\"owner\":null,"
            + "\"createdAt\":\"2024-01-01T00:00:00+02:00\",\"updatedAt\":\"2024-01-01T00:00:00+00:00\",\"data\":{\"firstName\":\"Ann\"}}";
    private RecordingServer server;

    record Person(String firstName) {}

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
        server.answers(200, DOCUMENT, Map.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void writesCarryTheirPreconditions() {
        people().document("a").set(new Person("Ann"));
        assertThat(server.sent().method()).isEqualTo("PUT");
        assertThat(server.sent().path()).isEqualTo("/documents/v1/c/a");
        assertThat(server.sent().body()).isEqualTo("{\"firstName\":\"Ann\"}");
        assertThat(server.sent().header("If-Match")).isNull();

        people().document("a").ifVersion(3).merge(Map.of("x", new BigDecimal("1.50")));
        assertThat(server.sent().method()).isEqualTo("PATCH");
        assertThat(server.sent().header("If-Match")).isEqualTo("\"3\"");
        assertThat(server.sent().header("Content-Type")).isEqualTo("application/json");
        assertThat(server.sent().body()).isEqualTo("{\"x\":1.50}");

        people().document("a").ifExists().patch(patch().add("/a", null).move("/b", "/c"));
        assertThat(server.sent().header("If-Match")).isEqualTo("*");
        assertThat(server.sent().header("Content-Type")).isEqualTo("application/json-patch+json");
        assertThat(server.sent().body()).contains("\"value\":null", "\"from\":\"/b\"");

        people().document("a").create(new Person("Ann"));
        assertThat(server.sent().header("If-None-Match")).isEqualTo("*");
    }

    @Test
    void queriesAreSentInTheGrammarOfDocuments() {
        server.answers(
                200,
                "{\"documents\":[" + DOCUMENT + "],\"cursor\":\"next\",\"count\":7,"
                        + "\"hint\":{\"message\":\"m\",\"index\":{\"fields\":[\"a.b\"]}}}",
                Map.of());
        Page<Person> page = people().query()
                .eq("author.name", "5")
                .gt("stars", 3)
                .anyOf(Field.ID.eq("x"), Field.field("a.in").is(null))
                .order("$createdAt", Order.DESCENDING)
                .order("a.desc")
                .select("title", "a.b-c")
                .limit(5)
                .withTotal()
                .after("here")
                .page();

        assertThat(server.sent().query())
                .containsExactly(
                        "author.name=eq.\"5\"",
                        "stars=gt.3",
                        "or=($id.eq.\"x\",a.\"in\".is.null)",
                        "order=$createdAt.desc,a.\"desc\".asc",
                        "select=title,a.\"b-c\"",
                        "limit=5",
                        "count=exact",
                        "cursor=here");
        assertThat(page.cursor()).hasValue("next");
        assertThat(page.total()).hasValue(7);
        assertThat(page.hint()).hasValue(new Page.IndexHint("m", Map.of("fields", List.of("a.b"))));
        assertThat(page.documents()).singleElement().satisfies(document -> {
            assertThat(document.data()).isEqualTo(new Person("Ann"));
            assertThat(document.createdAt()).hasToString("2023-12-31T22:00:00Z");
        });

        server.answers(200, "{\"groups\":[{\"count\":4}]}", Map.of());
        assertThat(server.client()
                        .documents()
                        .group("c", Person.class)
                        .eq("x", 1)
                        .limit(2)
                        .order("x")
                        .count())
                .isEqualTo(4);
        assertThat(server.sent().path()).isEqualTo("/documents/v1/c:aggregate");
        assertThat(server.sent().query()).containsExactly("x=eq.1", "group=true");
        assertThat(server.sent().body()).isEqualTo("{\"count\":true}");
    }

    @Test
    void aggregatesAreFoundByThePathsAskedFor() {
        server.answers(
                200,
                "{\"groups\":[{\"key\":{\"a.\\\"b-c\\\"\":\"k\"},\"sum\":{\"x\":1.50,\"y\":2},\"avg\":{\"x\":null}}]}",
                Map.of());
        Group group = people().query()
                .aggregate(Aggregate.sum("x"), Aggregate.avg("x"), Aggregate.sum("y"))
                .groupBy("a.b-c")
                .groups()
                .getFirst();

        assertThat(server.sent().body())
                .isEqualTo("{\"sum\":[\"x\",\"y\"],\"avg\":[\"x\"],\"groupBy\":[\"a.\\\"b-c\\\"\"]}");
        assertThat(group.key("a.b-c", String.class)).hasValue("k");
        assertThat(group.sum("x")).isEqualTo(new BigDecimal("1.50"));
        assertThat(group.avg("x")).isEmpty();
        assertThatThrownBy(group::count).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> people().query()
                        .aggregate(Aggregate.count())
                        .groupBy("x")
                        .single())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void commitsAreSentWhole() {
        server.answers(
                200,
                "{\"writes\":[{\"path\":\"c/a\",\"action\":\"created\",\"version\":1},{\"path\":\"c/b\",\"action\":\"updated\",\"version\":2},"
                        + "{\"path\":\"c/d\",\"action\":\"none\"}],\"sql\":[{\"columns\":[{\"name\":\"n\",\"type\":\"int4\"}],\"rows\":[{\"n\":3}],"
                        + "\"rowCount\":1,\"command\":\"SELECT\"}]}",
                Map.of());
        CommitResult done = server.client().documents().commit(commit -> {
            commit.create(people(), new Person("Ann"));
            commit.transform(people().document("b/c%").ifVersion(4), increment("a.b-c", 2));
            commit.delete(people().document("d").ifExists());
            commit.sql("select $1", List.of(1));
        });

        assertThat(server.sent().body())
                .isEqualTo("{\"writes\":[{\"op\":\"create\",\"path\":\"c\",\"data\":{\"firstName\":\"Ann\"}},"
                        + "{\"op\":\"merge\",\"path\":\"c/b%2Fc%25\",\"precondition\":{\"version\":4},\"transforms\":["
                        + transform(server.sent().body()) + "]},"
                        + "{\"op\":\"delete\",\"path\":\"c/d\",\"precondition\":{\"exists\":true}}],"
                        + "\"sql\":[{\"query\":\"select $1\",\"params\":[[1]]}]}");
        assertThat(transform(server.sent().body())).contains("\"field\":\"a.\\\"b-c\\\"\"", "\"increment\":2");
        assertThat(done.sql().getFirst().value(Integer.class)).isEqualTo(3);
        assertThat(done.writes().get(2).action()).isEqualTo(CommitResult.Action.NONE);
    }

    /** Whose two members may come in either order. */
    private static String transform(String body) {
        int start = body.indexOf("[", body.indexOf("transforms")) + 1;
        return body.substring(start, body.indexOf("]", start));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void idsThatLeadElsewhereAreNotSent(String id) {
        assertThatThrownBy(() -> people().document(id).get()).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.count()).isZero();
    }

    @Test
    void aPathNamesADocumentAndACollectionIsNone() {
        DocumentsClient documents = server.client().documents();
        assertThat(documents.document("c/a%2Fb/d/%25", Person.class).id()).isEqualTo("%");
        assertThat(documents.document("c/a%2Fb/d/%25", Person.class).path()).isEqualTo("c/a%2Fb/d/%25");
        assertThatThrownBy(() -> documents.document("c", Person.class)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> documents.document("c//d/e", Person.class))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNotThereIsNothingAndOtherFailuresAreFailures() {
        server.answers(404, "{\"code\":\"document_not_found\",\"title\":\"No such document\"}", Map.of());
        assertThat(people().document("a").get()).isEmpty();
        assertThat(people().document("a").delete()).isFalse();
        assertThatThrownBy(() -> people().document("a").merge(Map.of())).isInstanceOf(DocumentException.NotFound.class);
        server.answers(404, "{\"code\":\"project_not_found\",\"title\":\"No such project\"}", Map.of());
        assertThatThrownBy(() -> people().document("a").get()).isInstanceOf(DocumentException.class);
        server.answers(200, "{\"hello\":1}", Map.of());
        assertThatThrownBy(() -> people().document("a").get()).isInstanceOf(TransportException.class);
        assertThatThrownBy(() -> people().query().list()).isInstanceOf(TransportException.class);
        server.answers(200, DOCUMENT.replace("\"Ann\"", "{}"), Map.of());
        assertThatThrownBy(() -> people().document("a").get()).isInstanceOf(TransportException.class);
    }

    @Test
    void manyAreReadByOneCall() {
        server.answers(200, "{\"documents\":[" + DOCUMENT + "],\"missing\":[\"c/b\"]}", Map.of());

        assertThat(people().getAll(List.of("a", "b"))).containsOnlyKeys("a");
        assertThat(server.sent().path()).isEqualTo("/documents/v1:batchGet");
        assertThat(server.sent().body()).isEqualTo("{\"paths\":[\"c/a\",\"c/b\"]}");
    }

    @Test
    void documentsMayBeMaps() {
        DocumentCollection<Map<String, @Nullable Object>> free =
                server.client().documents().collection("c");
        assertThat(free.document("a").get().orElseThrow().data()).isEqualTo(Map.of("firstName", "Ann"));
    }

    private DocumentCollection<Person> people() {
        return server.client().documents().collection("c", Person.class);
    }
}
