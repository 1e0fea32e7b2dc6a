package dev.basalt.sdk;

import static dev.basalt.sdk.data.Column.column;
import static dev.basalt.sdk.data.Embed.embed;
import static dev.basalt.sdk.data.Embed.spread;
import static dev.basalt.sdk.data.Embed.unread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.data.Table;
import dev.basalt.sdk.error.AmbiguousName.AmbiguousRelation;
import dev.basalt.sdk.error.UnknownName.UnknownRelation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Embedded relations against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class EmbedIT {
    private static final String PEOPLE = "sdk_people_" + RunningBasalt.RUN;
    private static final String BOOKS = "sdk_books_" + RunningBasalt.RUN;
    private static final String REVIEWS = "sdk_reviews_" + RunningBasalt.RUN;
    private static BasaltClient service;

    record Person(String fullName) {}

    record Review(int stars) {}

    record Book(String title, @Nullable Person author, List<Review> reviews) {}

    record Flat(String title, @Nullable String writer) {}

    @BeforeAll
    static void createTables() throws Exception {
        RunningBasalt.sql("""
                create table %1$s (id int primary key, full_name text);
                create table %2$s (id int primary key, title text, author_id int constraint sdk_author references %1$s,
                    editor_id int constraint sdk_editor references %1$s);
                create table %3$s (id int primary key, book_id int references %2$s, stars int);
                insert into %1$s values (1, 'Ann'), (2, 'Bob');
                insert into %2$s values (1, 'One', 1, 2), (2, 'Two', 2, null), (3, 'Three', null, 1);
                insert into %3$s values (1, 1, 5), (2, 1, 3), (3, 2, 4), (4, 1, 4);
                """.formatted(PEOPLE, BOOKS, REVIEWS));
        service = RunningBasalt.service();
    }

    @AfterAll
    static void dropTables() throws Exception {
        service.close();
        RunningBasalt.sql("drop table %s; drop table %s; drop table %s".formatted(REVIEWS, BOOKS, PEOPLE));
    }

    @Test
    void relatedRowsAreNestedRecordsPickedSortedAndLimited() {
        assertThat(books().select(
                                column("title"),
                                embed(PEOPLE, column("full_name"))
                                        .hint("sdk_author")
                                        .as("author"),
                                embed(REVIEWS, column("stars"))
                                        .as("reviews")
                                        .gte("stars", 4)
                                        .order("stars", Order.DESCENDING)
                                        .limit(1))
                        .order("id")
                        .list(Book.class))
                .containsExactly(
                        new Book("One", new Person("Ann"), List.of(new Review(5))),
                        new Book("Two", new Person("Bob"), List.of(new Review(4))),
                        new Book("Three", null, List.of()));
    }

    @Test
    void rowsArePickedAndSortedByWhatTheyEmbed() {
        var author = embed(PEOPLE, column("full_name")).hint("sdk_author").as("author");
        assertThat(titles(books().select(column("title"), author.inner().eq("full_name", "Bob"))
                        .execute()
                        .list()))
                .containsExactly("Two");
        assertThat(titles(books().select(column("title"), author)
                        .where(column("author").is(null))
                        .execute()
                        .list()))
                .containsExactly("Three");
        assertThat(titles(books().select(column("title"), author)
                        .order("author.full_name", Order.DESCENDING_NULLS_LAST)
                        .execute()
                        .list()))
                .containsExactly("Two", "One", "Three");
        assertThat(titles(books().select(
                                column("title"),
                                unread(REVIEWS).inner().anyOf(Filter.eq("stars", 3), Filter.eq("stars", 9)))
                        .execute()
                        .list()))
                .containsExactly("One");
    }

    @Test
    void theColumnsOfTheOneRelatedRowAreSpread() {
        assertThat(books().select(
                                column("title"),
                                spread(PEOPLE, column("full_name").as("writer")).hint("sdk_author"))
                        .order("id")
                        .list(Flat.class))
                .containsExactly(new Flat("One", "Ann"), new Flat("Two", "Bob"), new Flat("Three", null));
    }

    @Test
    void writesReturnWhatTheRowsEmbed() {
        assertThat(books().insert(Map.of("id", 9, "title", "Nine", "author_id", 1))
                        .rollback()
                        .returning(
                                column("title"),
                                embed(PEOPLE, column("full_name"))
                                        .hint("sdk_author")
                                        .as("author"))
                        .single())
                .isEqualTo(Map.of("title", "Nine", "author", Map.of("full_name", "Ann")));
    }

    @Test
    void severalWaysToARelationAreListedAndNoneIsNamed() {
        assertThatThrownBy(() -> books().select(embed(PEOPLE)).execute())
                .isInstanceOfSatisfying(AmbiguousRelation.class, ambiguous -> {
                    assertThat(ambiguous.candidates())
                            .hasSize(2)
                            .allSatisfy(one -> assertThat(one.cardinality()).isEqualTo("many-to-one"));
                    assertThat(ambiguous.candidates())
                            .extracting(AmbiguousRelation.Candidate::relationship)
                            .anyMatch(relationship -> relationship.startsWith("sdk_author"))
                            .anyMatch(relationship -> relationship.startsWith("sdk_editor"));
                });
        assertThatThrownBy(() -> service.from(REVIEWS).select(embed(PEOPLE)).execute())
                .isInstanceOf(UnknownRelation.class);
    }

    private static Table books() {
        return service.from(BOOKS);
    }

    private static List<@Nullable Object> titles(List<Map<String, @Nullable Object>> rows) {
        return rows.stream().<@Nullable Object>map(row -> row.get("title")).toList();
    }
}
