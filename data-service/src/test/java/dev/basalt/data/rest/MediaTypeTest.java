package dev.basalt.data.rest;

import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client accepts, and what it gets. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class MediaTypeTest {
    private static final String ARRAY = "[{\"id\":1,\"note\":null}]";

    @Inject
    RestTestProject app;

    @BeforeEach
    void tables() {
        app.sql("""
                drop table if exists jars cascade;
                create table jars (id int primary key, note text);
                insert into jars values (1, null);
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/json | application/json; charset=utf-8 | " + ARRAY,
                "*/* | application/json; charset=utf-8 | " + ARRAY,
                "text/html,*/*;q=0.8 | application/json; charset=utf-8 | " + ARRAY,
                "text/csv;q=0.5,application/json;q=0.4 | text/csv; charset=utf-8 | `id,note\n1,`",
                "text/csv;q=0.5,application/json;q=0.6 | application/json; charset=utf-8 | " + ARRAY,
                "text/csv;q=0,application/json;q=0.1 | application/json; charset=utf-8 | " + ARRAY,
                "TEXT/CSV | text/csv; charset=utf-8 | `id,note\n1,`",
                "application/vnd.pgrst.array+json | application/json; charset=utf-8 | " + ARRAY,
                "application/vnd.pgrst.array+json;nulls=stripped |"
                        + " application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8 | [{\"id\":1}]",
                "application/vnd.pgrst.object+json | application/vnd.pgrst.object+json; charset=utf-8 |"
                        + " {\"id\":1,\"note\":null}",
                "application/vnd.pgrst.object+json;nulls=stripped |"
                        + " application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8 | {\"id\":1}",
            })
    void theBestOfWhatIsAcceptedIsAnswered(String accept, String contentType, String body) {
        app.service()
                .header("Accept", accept)
                .get("/rest/v1/jars")
                .then()
                .statusCode(200)
                .header("Content-Type", contentType)
                .body(equalTo(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html",
                "text/plain",
                "application/octet-stream",
                "application/geo+json",
                "application/json;q=0",
                "application/vnd.pgrst.plan+json",
                "application/vnd.pgrst.plan+text; for=\"application/json\"; options=analyze",
            })
    void whatThereIsNotIsRefused(String accept) {
        app.service()
                .header("Accept", accept)
                .get("/rest/v1/jars")
                .then()
                .statusCode(406)
                .body(
                        "code", equalTo("PGRST107"),
                        "message", equalTo("None of these media types are available: " + accept));
    }
}
