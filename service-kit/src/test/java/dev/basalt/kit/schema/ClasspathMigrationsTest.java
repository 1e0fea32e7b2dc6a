package dev.basalt.kit.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClasspathMigrationsTest {
    @Test
    void everyMigrationIsNamed() throws Exception {
        assertThat(ClasspathMigrations.CONTROL).containsExactlyInAnyOrderElementsOf(files("control"));
        assertThat(ClasspathMigrations.PROJECT).containsExactlyInAnyOrderElementsOf(files("project"));
    }

    private static List<String> files(String folder) throws IOException, URISyntaxException {
        var url = Objects.requireNonNull(ClasspathMigrations.class.getResource(folder));
        try (var files = Files.list(Path.of(url.toURI()))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
