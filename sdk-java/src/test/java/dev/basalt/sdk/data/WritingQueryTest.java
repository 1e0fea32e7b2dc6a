package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Column.column;
import static dev.basalt.sdk.data.Embed.embed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What writes of tables send. */
class WritingQueryTest {
    private RecordingServer server;

    record NewBook(String title, @Nullable Integer pagesTotal) {}

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
        server.answers(201, "[]", Map.of("Content-Range", "*/2", "Location", "/books?id=eq.1"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anInsertIsAPostOfItsRows() {
        books().insert(List.of(new NewBook("Emma", 1), new NewBook("Ida", null)))
                .execute();

        assertThat(server.sent().method()).isEqualTo("POST");
        assertThat(server.sent().query()).isEmpty();
        assertThat(server.sent().header("Prefer")).isEqualTo("return=minimal");
        assertThat(server.sent().header("Content-Type")).isEqualTo("application/json");
        assertThat(server.sent().body())
                .isEqualTo("[{\"title\":\"Emma\",\"pages_total\":1},{\"title\":\"Ida\",\"pages_total\":null}]");
    }

    @Test
    void columnsDefaultsLimitsAndRollbackAreAskedFor() {
        books().insert(Map.of("title", "Emma"))
                .columns("title", "pages, total")
                .missingAsDefault()
                .maxAffected(3)
                .rollback()
                .returning(column("id"), embed("authors", column("name")).limit(1))
                .execute();

        assertThat(server.sent().query())
                .containsExactly("columns=title,\"pages, total\"", "select=id,authors(name)", "authors.limit=1");
        assertThat(server.sent().header("Prefer"))
                .isEqualTo("missing=default,handling=strict,max-affected=3,tx=rollback,return=representation");
        assertThatThrownBy(() -> books().delete().maxAffected(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUpsertMergesOrIgnoresByTheColumnsNamed() {
        books().upsert(List.of()).onConflict("isbn", "edition").execute();
        assertThat(server.sent().query()).containsExactly("on_conflict=isbn,edition");
        assertThat(server.sent().header("Prefer")).isEqualTo("resolution=merge-duplicates,return=minimal");

        books().upsert(List.of()).ignoreDuplicates().execute();
        assertThat(server.sent().header("Prefer")).isEqualTo("resolution=ignore-duplicates,return=minimal");
    }

    @Test
    void rowsWrittenAreCountedAndLocated() {
        assertThat(books().insert(List.of()).executeCounted()).isEqualTo(2);
        assertThat(server.sent().header("Prefer")).isEqualTo("return=minimal,count=exact");

        assertThat(books().insert(Map.of()).executeForLocation()).contains("/books?id=eq.1");
        assertThat(server.sent().header("Prefer")).isEqualTo("return=headers-only");
    }

    @Test
    void csvIsSentAsItIs() {
        books().insertCsv("id,title\n1,Émile").execute();

        assertThat(server.sent().header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(server.sent().body()).isEqualTo("id,title\n1,Émile");
    }

    @Test
    void changesAndDeletionsArePickedByFiltersOrderAndLimit() {
        books().update(Map.of("title", "x")).eq("id", 1).order("id").limit(1).execute();
        assertThat(server.sent().method()).isEqualTo("PATCH");
        assertThat(server.sent().query()).containsExactly("id=eq.1", "limit=1", "order=id.asc");

        books().delete().in("id", List.of(1, 2)).returning().withoutNulls().execute();
        assertThat(server.sent().method()).isEqualTo("DELETE");
        assertThat(server.sent().query()).containsExactly("id=in.(1,2)", "select=*");
        assertThat(server.sent().header("Accept")).isEqualTo("application/vnd.pgrst.array+json;nulls=stripped");

        books().put(Map.of("id", 1)).eq("id", 1).execute();
        assertThat(server.sent().method()).isEqualTo("PUT");
        assertThat(server.sent().query()).containsExactly("id=eq.1");
    }

    @Test
    void anotherSchemaIsAProfile() {
        server.client().schema("archive").from("books").delete().eq("id", 1).execute();

        assertThat(server.sent().header("Content-Profile")).isEqualTo("archive");
    }

    private Table books() {
        return server.client().from("books");
    }
}
