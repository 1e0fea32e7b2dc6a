package dev.basalt.deploy.apart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.deploy.SourceTree;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both fronts do the same: route by prefix, keep the host and the path as they came, pass large bodies. */
class FrontTest {
    private static final int LARGE = 8 * 1024 * 1024;
    private final Vertx vertx = Vertx.vertx();
    private final HashMap<String, Integer> services = new HashMap<>();

    @TempDir
    Path directory;

    @BeforeEach
    void startServicesThatSayWhatReachedThem() throws Exception {
        for (var service : Apart.SERVICES) {
            var server = vertx.createHttpServer()
                    .requestHandler(request -> request.body()
                            .onSuccess(body -> request.response()
                                    .end(service + " " + request.authority() + " " + request.uri() + " "
                                            + body.length())))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            services.put(service, server.actualPort());
        }
    }

    @AfterEach
    void stop() {
        vertx.close();
    }

    private static GatewayRoutes routes() throws Exception {
        return GatewayRoutes.read(SourceTree.root().resolve("deploy/gateway/nginx.conf"));
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nginxOrItsStandInRoutesAndPassesOn() throws Exception {
        var port = freePort();
        try (var front = Front.start(routes(), port, services, directory)) {
            assertThat(front.isAlive()).isTrue();
            routesAndPassesOn(port);
        }
    }

    @Test
    void theStandInRoutesAndPassesOn() throws Exception {
        var port = freePort();
        try (var front = Front.InProcess.start(routes(), port, services)) {
            assertThat(front.isAlive()).isTrue();
            routesAndPassesOn(port);
        }
    }

    private static void routesAndPassesOn(int port) throws Exception {
        var origin = "http://127.0.0.1:" + port;
        try (var http = HttpClient.newHttpClient()) {
            var upload = HttpRequest.newBuilder(URI.create(origin + "/storage/v1/object/b/a%20%2Fb//c?x=%2B1"))
                    .POST(BodyPublishers.ofByteArray(new byte[LARGE]))
                    .build();
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    http.send(upload, BodyHandlers.ofString()).body())
                            .isEqualTo(
                                    "storage 127.0.0.1:" + port + " /storage/v1/object/b/a%20%2Fb//c?x=%2B1 " + LARGE));
            var commit = HttpRequest.newBuilder(URI.create(origin + "/documents/v1:commit"))
                    .build();
            assertThat(http.send(commit, BodyHandlers.ofString()).body()).startsWith("data ");
            var collections = HttpRequest.newBuilder(
                            URI.create(origin + "/platform/v1/projects/shop/collections/notes"))
                    .build();
            assertThat(http.send(collections, BodyHandlers.ofString()).body()).startsWith("data ");
            for (var hidden : new String[] {"/q/metrics", "/internal/v1/functions/hooks", "/"}) {
                var request =
                        HttpRequest.newBuilder(URI.create(origin + hidden)).build();
                assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
                        .as(hidden)
                        .isEqualTo(404);
            }
        }
    }
}
