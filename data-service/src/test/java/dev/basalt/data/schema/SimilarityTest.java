package dev.basalt.data.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarityTest {
    private static final List<String> NAMES = List.of("title", "year", "studio_id", "films");

    @Test
    void theNameThatTakesTheFewestEditsIsClosest() {
        assertThat(Similarity.closest("titles", NAMES)).isEqualTo("title");
        assertThat(Similarity.closest("studioid", NAMES)).isEqualTo("studio_id");
        assertThat(Similarity.closest("yeer", NAMES)).isEqualTo("year");
    }

    @Test
    void twoNeighboursSwappedAreOneEdit() {
        assertThat(Similarity.closest("titel", NAMES)).isEqualTo("title");
        assertThat(Similarity.closest("flims", NAMES)).isEqualTo("films");
        assertThat(Similarity.closest("eyar", NAMES)).isEqualTo("year");
    }

    @Test
    void whatIsUnlikeEveryNameHasNone() {
        assertThat(Similarity.closest("director", NAMES)).isNull();
        assertThat(Similarity.closest("", NAMES)).isNull();
        assertThat(Similarity.closest("x".repeat(65), NAMES)).isNull();
    }
}
