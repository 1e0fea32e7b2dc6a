package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The documentation against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class DocumentationIT {
    @AfterEach
    void dropTables() throws Exception {
        RunningBasalt.sql("drop function if exists sdk_add, sdk_cheaper_than");
        RunningBasalt.sql("drop table if exists sdk_reviews, sdk_books, sdk_authors, sdk_lines, sdk_orders");
        RunningBasalt.dropCollection("sdk_articles");
        RunningBasalt.dropCollection("sdk_comments");
    }

    @Test
    void theExamplesOfThePagePrintWhatItSays(@TempDir Path directory) throws Exception {
        DocumentationPage page = DocumentationPage.read(DocumentationTest.PAGE);
        RunningBasalt.sql(page.sql());
        page.compile(directory);

        try (BasaltClient service = RunningBasalt.service()) {
            assertThat(page.run(directory, service)).isEqualTo(page.promised());
        }
    }
}
