package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Column.column;
import static dev.basalt.sdk.data.Embed.embed;
import static dev.basalt.sdk.data.Embed.spread;
import static dev.basalt.sdk.data.Embed.unread;
import static dev.basalt.sdk.data.Selection.all;
import static dev.basalt.sdk.data.Selection.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.ReadQuery.Count;
import dev.basalt.sdk.data.ReadQuery.Explain;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reads of tables send, and what they make of answers. */
class ReadQueryTest {
    private RecordingServer server;

    record Book(long id, String title) {}

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void selectionsOfEveryKindAreWritten() {
        books().select(
                        all(),
                        column("price").cast("text").as("shown"),
                        column("data").key("tags").textAt(-1).as("last tag"),
                        column("price").cast("int4").sum().cast("text"),
                        column("price").avg().as("mean"),
                        column("price").min(),
                        column("price").max(),
                        column("price").count(),
                        count().as("n"))
                .execute();

        assertThat(server.sent().method()).isEqualTo("GET");
        assertThat(server.sent().path()).isEqualTo("/rest/v1/books");
        assertThat(server.sent().query())
                .containsExactly("select=*,shown:price::text,\"last tag\":data->tags->>-1,price::int4.sum()::text,"
                        + "mean:price.avg(),price.min(),price.max(),price.count(),n:count()");
    }

    @Test
    void embeddedRelationsCarryTheirOwnConditionsOrderAndLimits() {
        books().select(
                        column("title"),
                        embed(
                                        "people",
                                        column("name"),
                                        spread("countries", column("code").as("country")))
                                .as("author")
                                .hint("books_author_fkey")
                                .inner()
                                .ilike("name", "a%")
                                .anyOf(Filter.eq("born", 1), Filter.is("born", null)),
                        embed("reviews", all(), embed("readers", column("name")).neq("name", "x"))
                                .left()
                                .gte("stars", 4)
                                .order("stars", Order.DESCENDING)
                                .order("id")
                                .limit(3)
                                .offset(1),
                        unread("awards"))
                .execute();

        assertThat(server.sent().query())
                .containsExactly(
                        "select=title,author:people!books_author_fkey!inner(name,...countries(country:code)),"
                                + "reviews!left(*,readers(name)),awards()",
                        "author.name=ilike.a%",
                        "author.or=(born.eq.1,born.is.null)",
                        "reviews.stars=gte.4",
                        "reviews.order=stars.desc,id.asc",
                        "reviews.limit=3",
                        "reviews.offset=1",
                        "reviews.readers.name=neq.x");
    }

    @Test
    void rowsAreFilteredAndSortedByWhatTheyEmbed() {
        books().select("*,author(*)")
                .where(column("author").isNotNull())
                .where(Filter.anyOf(Filter.eq("name", "a"), Filter.eq("name", "b"))
                        .of("author"))
                .eq("author.name", "c")
                .order("author.name", Order.DESCENDING_NULLS_LAST)
                .order(column("data").text("x"), Order.ASCENDING_NULLS_FIRST)
                .execute();

        assertThat(server.sent().query())
                .containsExactly(
                        "select=*,author(*)",
                        "author=not.is.null",
                        "author.or=(name.eq.a,name.eq.b)",
                        "author.name=eq.c",
                        "order=author(name).desc.nullslast,data->>x.asc.nullsfirst");
        assertThatThrownBy(() -> books().select().order("a.b.c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> books().select(column("name").of("author")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPageIsAskedForOnceHoweverOftenItIsChanged() {
        books().select().limit(5).limit(7).offset(1).range(10, 19).execute();

        assertThat(server.sent().query()).containsExactly("select=*", "offset=10", "limit=10");
        assertThatThrownBy(() -> books().select().limit(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> books().select().offset(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void totalsAndTimeZonesArePreferences() {
        server.answers(206, "[{\"id\":1,\"title\":\"Emma\"}]", Map.of("Content-Range", "0-0/42"));

        Rows<Book> rows = books().select()
                .withTotal(Count.ESTIMATED)
                .timeZone(ZoneId.of("Europe/Lisbon"))
                .execute(Book.class);

        assertThat(server.sent().header("Prefer")).isEqualTo("count=estimated,timezone=Europe/Lisbon");
        assertThat(rows.total()).hasValue(42);
        assertThat(rows).containsExactly(new Book(1, "Emma"));
    }

    @Test
    void countingIsAHeadWithoutPageAndOrder() {
        server.answers(200, "", Map.of("Content-Range", "*/7"));

        assertThat(books().select().gt("id", 1).order("id").limit(1).offset(3).count(Count.PLANNED))
                .isEqualTo(7);

        assertThat(server.sent().method()).isEqualTo("HEAD");
        assertThat(server.sent().query()).containsExactly("select=*", "id=gt.1");
        assertThat(server.sent().header("Prefer")).isEqualTo("count=planned");
    }

    @Test
    void aTotalThatIsMissingIsNoZero() {
        server.answers(200, "", Map.of("Content-Range", "*/*"));

        assertThatThrownBy(() -> books().select().count()).isInstanceOf(TransportException.class);
    }

    @Test
    void theKindOfAnswerIsAMediaType() {
        server.answers(200, "{\"id\":1,\"title\":\"Emma\"}", Map.of());
        books().select().single(Book.class);
        assertThat(server.sent().header("Accept")).isEqualTo("application/vnd.pgrst.object+json");
        books().select().withoutNulls().single(Book.class);
        assertThat(server.sent().header("Accept")).isEqualTo("application/vnd.pgrst.object+json;nulls=stripped");

        server.answers(200, "[]", Map.of());
        books().select().withoutNulls().execute();
        assertThat(server.sent().header("Accept")).isEqualTo("application/vnd.pgrst.array+json;nulls=stripped");
        assertThat(books().select().explainJson(Explain.ANALYZE, Explain.BUFFERS))
                .isEmpty();
        assertThat(server.sent().header("Accept"))
                .isEqualTo("application/vnd.pgrst.plan+json; for=\"application/json\"; options=analyze|buffers");

        server.answers(200, "id,title\n1,Emma", Map.of());
        assertThat(books().select().csv()).isEqualTo("id,title\n1,Emma");
        assertThat(server.sent().header("Accept")).isEqualTo("text/csv");
        assertThat(books().select().explain()).startsWith("id");
        assertThat(server.sent().header("Accept"))
                .isEqualTo("application/vnd.pgrst.plan+text; for=\"application/json\"");
        assertThat(books().select().geoJson()).startsWith("id");
        assertThat(server.sent().header("Accept")).isEqualTo("application/geo+json");
    }

    @Test
    void anotherSchemaIsAProfile() {
        server.client().schema("archive").from("books").select().execute();

        assertThat(server.sent().header("Accept-Profile")).isEqualTo("archive");
    }

    @Test
    void noRowIsNothingAndSeveralAreAnError() {
        server.answers(
                406, "{\"code\":\"PGRST116\",\"message\":\"m\",\"details\":\"The result contains 0 rows\"}", Map.of());
        assertThat(books().select().maybeSingle(Book.class)).isEmpty();
        assertThatThrownBy(() -> books().select().single(Book.class))
                .isInstanceOfSatisfying(
                        NotSingular.class, none -> assertThat(none.rows()).hasValue(0));

        server.answers(
                406, "{\"code\":\"PGRST116\",\"message\":\"m\",\"details\":\"The result contains 10 rows\"}", Map.of());
        assertThatThrownBy(() -> books().select().maybeSingle(Book.class))
                .isInstanceOfSatisfying(
                        NotSingular.class, several -> assertThat(several.rows()).hasValue(10));
    }

    @Test
    void rowsAreListedAndStreamed() {
        server.answers(200, "[{\"id\":1,\"title\":\"Emma\"},{\"id\":2,\"title\":\"Ida\"}]", Map.of());
        TypedQuery<Book> query = books().select().as(Book.class);

        assertThat(query.list()).containsExactly(new Book(1, "Emma"), new Book(2, "Ida"));
        assertThat(query.listAsync().join()).hasSize(2);
        try (var rows = query.stream()) {
            assertThat(rows.map(Book::title)).containsExactly("Emma", "Ida");
        }
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void aStreamThatBreaksOffFailsItsReader() {
        server.answers(200, "[{\"id\":1,\"title\":\"Emma\"},{\"id\":2,", Map.of());

        try (var rows = books().select().as(Book.class).stream()) {
            var read = rows.iterator();
            assertThat(read.next()).isEqualTo(new Book(1, "Emma"));
            assertThatThrownBy(read::hasNext).isInstanceOf(TransportException.class);
        }
    }

    @Test
    void namesOfColumnsAreGivenAsTheyAre() {
        books().select(Selection.columns("id", "a,b", "say \"hi\"")).execute();

        assertThat(server.sent().query()).isEqualTo(List.of("select=id,\"a,b\",\"say \\\"hi\\\"\""));
    }

    private Table books() {
        return server.client().from("books");
    }
}
