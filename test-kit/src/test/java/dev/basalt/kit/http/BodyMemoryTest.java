package dev.basalt.kit.http;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bodies that come slowly are held meanwhile: together they have a bound. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestProfile(BodyMemoryTest.LittleMemory.class)
class BodyMemoryTest {
    @Inject
    TestProjects projects;

    public static final class LittleMemory implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("basalt.http.bodies-in-memory", "8K");
        }
    }

    @Test
    void whatAllBodiesTogetherHoldIsBounded() throws IOException {
        var project = projects.create("bodies");
        List<Socket> slow = new ArrayList<>();
        try {
            for (var i = 0; i < 8; i++) {
                slow.add(halfABody(project));
            }
            await().until(() -> post(project).statusCode() == 503);
            post(project).then().header("Retry-After", "1").body("code", equalTo("too_many_bodies"));
        } finally {
            for (var socket : slow) {
                socket.close();
            }
        }
        await().until(() -> post(project).statusCode() == 200);
    }

    private static Response post(NewProject project) {
        return given().header("apikey", project.publishableKey())
                .contentType("application/json")
                .body("{\"a\":\"" + "b".repeat(500) + "\"}")
                .post("/echo/json");
    }

    /** A request whose last byte never comes. */
    private static Socket halfABody(NewProject project) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        var head = "POST /echo/json HTTP/1.1\r\nHost: localhost\r\napikey: " + project.publishableKey()
                + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
        socket.getOutputStream().write((head + " ".repeat(999)).getBytes(US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }
}
