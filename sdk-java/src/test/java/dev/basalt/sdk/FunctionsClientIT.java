package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.error.FunctionException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Functions against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class FunctionsClientIT {
    private static final String FUNCTION = "sdk-echo-" + RunningBasalt.RUN;
    private static final String PATH = "/platform/v1/projects/default/functions/" + FUNCTION;
    private static final String SOURCE = """
            export default {
              async fetch(request) {
                if (request.url.endsWith('/teapot')) return new Response('short and stout', { status: 418 });
                return Response.json({ method: request.method, body: await request.text() });
              },
            };
            """;

    private BasaltClient ann;

    @BeforeAll
    static void deploy() throws Exception {
        RunningBasalt.send(
                "PUT",
                PATH,
                Map.of(
                        "files",
                        Map.of("index.js", SOURCE),
                        "manifest",
                        Map.of("runtime", "js", "entrypoint", "index.js")));
    }

    @AfterAll
    static void undeploy() throws Exception {
        RunningBasalt.send("DELETE", PATH, Map.of());
    }

    @BeforeEach
    void signAUserUp() {
        ann = RunningBasalt.signedUp();
    }

    @AfterEach
    void close() {
        ann.close();
    }

    @Test
    void functionsAnswerAndTheirErrorsAreTyped() {
        var answer = ann.functions().invoke(FUNCTION, Map.of("a", "日本"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat((Object) answer.as(Map.class)).isEqualTo(Map.of("method", "POST", "body", "{\"a\":\"日本\"}"));

        assertThatThrownBy(() -> ann.functions().invoke(FUNCTION + "/teapot"))
                .isInstanceOfSatisfying(FunctionException.class, teapot -> {
                    assertThat(teapot.status()).isEqualTo(418);
                    assertThat(teapot.details()).contains("short and stout");
                    assertThat(teapot.isRelayError()).isFalse();
                });
        assertThatThrownBy(() -> ann.functions().invoke("no-such-function"))
                .isInstanceOfSatisfying(
                        FunctionException.class,
                        missing -> assertThat(missing.status()).isEqualTo(404));
    }
}
