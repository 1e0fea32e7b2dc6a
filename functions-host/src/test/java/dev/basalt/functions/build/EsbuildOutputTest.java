package dev.basalt.functions.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EsbuildOutputTest {
    @ParameterizedTest
    @ValueSource(strings = {"/src", "/var/lib/basalt/runtime/build-123/src"})
    void theSameFilesComeOutWhereverTheSourceWas(String root) {
        var map = "{\"version\":3,\"sources\":[\"..%s/lib/a.ts\"],\"mappings\":\"AAAA\"}".formatted(root);
        var written = "code();\n//# sourceMappingURL=data:application/json;base64,"
                + Base64.getEncoder().encodeToString(map.getBytes(StandardCharsets.UTF_8)) + "\n";
        var files = EsbuildOutput.split(Buffer.buffer(written), "lib/a.js", Path.of(root))
                .files();
        assertThat(files.get("lib/a.js")).hasToString("code();\n//# sourceMappingURL=a.js.map\n");
        assertThat(new JsonObject(files.get("lib/a.js.map")).getJsonArray("sources"))
                .containsExactly("lib/a.ts");
    }

    @Test
    void theFirstOfSeveralErrorsIsTold() {
        var failure = EsbuildOutput.failure("""
                ✘ [ERROR] Could not resolve "./a b"

                    src/x.ts:3:7:
                      3 │ import "./a b";
                        ╵        ~~~~~~~

                ✘ [ERROR] Unexpected "}"

                    src/y.ts:9:0:
                      9 │ }
                """);
        assertThat(failure.message()).isEqualTo("there is no ./a b (and 1 more)");
        assertThat(failure.file()).isEqualTo("src/x.ts");
        assertThat(failure.line()).isEqualTo(3);
        assertThat(failure.column()).isEqualTo(8);
    }

    @Test
    void aFailureWithoutAPlaceHasNone() {
        assertThat(EsbuildOutput.failure("✘ [ERROR] Invalid alias name: \"x\"\n")
                        .line())
                .isZero();
        assertThat(EsbuildOutput.failure("killed").message()).isNotEmpty();
    }
}
