package dev.basalt.kit.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactFilesTest {
    @Test
    void equalFilesPackToEqualBytesAndComeBack() {
        var files = ArtifactFiles.of(Map.of("b.js", Buffer.buffer("2"), "a/a.js", Buffer.buffer("1")));
        var again = ArtifactFiles.of(Map.of("a/a.js", Buffer.buffer("1"), "./b.js", Buffer.buffer("2")));
        assertThat(files.pack()).isEqualTo(again.pack());
        assertThat(ArtifactFiles.digest(files.pack())).hasSize(64);
        assertThat(ArtifactFiles.unpack(files.pack())).isEqualTo(files);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "../a", "a/../b", "a//b", "a/", ".", "a/./b", "a\\b", "a\0b", "a\nb"})
    void pathsThatCouldLeadElsewhereAreRefused(String path) {
        assertThatThrownBy(() -> ArtifactFiles.of(Map.of(path, Buffer.buffer("x"))))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error()).isEqualTo(FunctionError.INVALID_ARTIFACT));
    }

    @Test
    void theLimitsHoldOnBothSides() {
        assertThat(ArtifactFiles.of(Map.of("a", Buffer.buffer(new byte[ArtifactFiles.MAX_BYTES])))
                        .files())
                .hasSize(1);
        refusedAsTooLarge(Map.of("a", Buffer.buffer(new byte[ArtifactFiles.MAX_BYTES + 1])));
        var many = new HashMap<String, Buffer>();
        for (var i = 0; i < ArtifactFiles.MAX_FILES; i++) {
            many.put("f" + i, Buffer.buffer());
        }
        assertThat(ArtifactFiles.of(many).files()).hasSize(ArtifactFiles.MAX_FILES);
        many.put("one-more", Buffer.buffer());
        refusedAsTooLarge(many);
    }

    private static void refusedAsTooLarge(Map<String, Buffer> files) {
        assertThatThrownBy(() -> ArtifactFiles.of(files))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error()).isEqualTo(FunctionError.ARTIFACT_TOO_LARGE));
    }
}
