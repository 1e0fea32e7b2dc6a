package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation as far as it can be held without a running Basalt. */
class DocumentationTest {
    static final Path PAGE = Path.of("..", "docs", "sdk-java.md");

    @Test
    void theExamplesOfThePageCompile(@TempDir Path directory) throws Exception {
        DocumentationPage page = DocumentationPage.read(PAGE);

        assertThat(page.promised().lines()).hasSizeGreaterThan(10);
        page.compile(directory);
        assertThat(directory.resolve("Page.class")).exists();
    }
}
