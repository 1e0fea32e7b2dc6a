package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Spans go to a collector that keeps what it got: OTLP over HTTP. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(TracesTest.Traced.class)
class TracesTest {
    private static final List<String> COLLECTED = new CopyOnWriteArrayList<>();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static final class Traced implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.telemetry.disabled", "false",
                    "quarkus.otel.exporter.otlp.protocol", "http/protobuf",
                    "quarkus.otel.exporter.otlp.endpoint", "http://127.0.0.1:" + collector(),
                    "quarkus.otel.bsp.schedule.delay", "PT0.1S",
                    "quarkus.otel.metrics.enabled", "false",
                    "quarkus.otel.logs.enabled", "false");
        }
    }

    private static int collector() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/traces", exchange -> {
                var body = exchange.getRequestBody().readAllBytes();
                var plain = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                        ? new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(body)).readAllBytes()
                        : body;
                COLLECTED.add(new String(plain, StandardCharsets.ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Inject
    TestProjects projects;

    @Test
    void anInvocationIsASpanOfItsCallersTraceAndTheFunctionCanGoOnWithIt() {
        var project = projects.create("o-" + UUID.randomUUID().toString().substring(0, 8));
        deploy(project, "traced", """
                export default { fetch(request, env, ctx) {
                  return Response.json({ header: request.headers.get('traceparent'), ctx: ctx.traceparent });
                } };
                """, "{}");
        var answer = given().header("apikey", project.publishableKey())
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .body("a payload that no span holds")
                .post("/functions/v1/traced")
                .then()
                .statusCode(200)
                .extract();
        var parent = answer.jsonPath().getString("header");
        assertThat(parent).isEqualTo(answer.jsonPath().getString("ctx")).startsWith("00-" + TRACE + "-");
        var span = parent.split("-", -1)[2];
        assertThat(span).isNotEqualTo("00f067aa0ba902b7");
        await().until(() -> COLLECTED.stream().anyMatch(body -> body.contains("function traced")));
        var exported = COLLECTED.stream()
                .filter(body -> body.contains("function traced"))
                .findFirst()
                .orElseThrow();
        assertThat(exported)
                .contains(bytes(TRACE), bytes(span), "faas.coldstart", answer.header("x-basalt-invocation"))
                .doesNotContain("a payload that no span holds", project.publishableKey());
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
