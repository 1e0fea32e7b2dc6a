package dev.basalt.deploy.apart;

import dev.basalt.embedded.postgres.EmbeddedPostgres;
import dev.basalt.embedded.postgres.EmbeddedPostgresOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The five services, each a process, on one PostgreSQL and one S3, behind one address; with the project {@code default}.
 *
 * <p>Everything is new with each start and lives in one directory. {@link #close()} ends all of it, and so does the end
 * of the thread that called {@link #start}. Not safe for concurrent use.
 */
public final class Apart implements AutoCloseable {
    /** The services, in the order in which they are started. */
    public static final List<String> SERVICES = List.of("control", "auth", "data", "storage", "functions");

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<ChildProcess> services = new ArrayList<>();
    private final String platformKey = "basalt_platform_" + random(24);
    private final Path directory;
    private final int port;
    private @Nullable Front front;
    private @Nullable JsonObject project;

    private Apart(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts everything and returns when each part is ready.
     *
     * @param root the root of a built source tree
     * @param directory for data and logs; made if it is missing
     * @param port of the one address, or 0 for a free one
     * @throws IOException naming the part that did not start, with its last output; nothing runs then
     */
    public static Apart start(Path root, Path directory, int port) throws IOException, InterruptedException {
        var apart = new Apart(directory.toAbsolutePath(), port == 0 ? freePort() : port);
        var started = false;
        try {
            apart.startParts(root.toAbsolutePath());
            started = true;
            return apart;
        } finally {
            if (!started) {
                apart.close();
            }
        }
    }

    private void startParts(Path root) throws IOException, InterruptedException {
        var routes = GatewayRoutes.read(root.resolve("deploy/gateway/nginx.conf"));
        var binaries = Path.of(System.getProperty("java.io.tmpdir"), "basalt-test-binaries");
        var postgres = EmbeddedPostgres.start(EmbeddedPostgresOptions.in(directory.resolve("postgres"))
                .withBinariesDirectory(binaries)
                .withSettings(Map.of("fsync", "off")));
        parts.push(postgres);
        var objects = SharedObjects.start(directory.resolve("s3"), random(24));
        parts.push(objects);
        var shared = new HashMap<String, String>();
        shared.put(
                "BASALT_DATABASE_URL",
                "postgresql://%s:%s@127.0.0.1:%d/basalt"
                        .formatted(postgres.superuser(), postgres.password(), postgres.port()));
        shared.put("BASALT_SECRET_MASTER_KEY", Base64.getEncoder().encodeToString(randomBytes(32)));
        shared.put("BASALT_SECRET_PLATFORM_KEY", platformKey);
        shared.put("BASALT_HOST", "127.0.0.1");
        // The suites ask for plans.
        shared.put("BASALT_DATA_REST_PLANS", "true");
        shared.putAll(objects.settings());
        var ports = new HashMap<String, Integer>();
        var management = new HashMap<String, Integer>();
        for (var service : SERVICES) {
            ports.put(service, freePort());
            management.put(service, freePort());
        }
        shared.put("BASALT_FUNCTIONS_REMOTE_URL", "http://127.0.0.1:" + ports.get("functions"));
        for (var service : SERVICES) {
            start(root, service, shared, ports, management);
        }
        front = Front.start(routes, port, ports, directory.resolve("front"));
        parts.push(front);
        for (var service : services) {
            awaitReady(service, management.getOrDefault(service.name(), 0));
        }
        project = createProject();
    }

    private void start(
            Path root,
            String service,
            Map<String, String> shared,
            Map<String, Integer> ports,
            Map<String, Integer> management)
            throws IOException {
        var application = root.resolve("deploy/services/" + service + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(application)) {
            throw new IOException(
                    "the service " + service + " is not built: run mvn package first (" + application + ")");
        }
        var environment = new HashMap<>(shared);
        environment.put("BASALT_PORT", String.valueOf(ports.get(service)));
        environment.put("BASALT_MANAGEMENT_PORT", String.valueOf(management.get(service)));
        environment.put("BASALT_DATA", directory.resolve(service).toString());
        var child = ChildProcess.start(
                service,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-jar",
                        application.toString()),
                environment,
                directory.resolve(service));
        services.add(child);
        parts.push(child);
    }

    private void awaitReady(ChildProcess service, int managementPort) throws IOException, InterruptedException {
        var health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answersOk(health)) {
            if (!service.isAlive()) {
                throw new IOException("the service " + service.name() + " ended:\n" + service.tail());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the service " + service.name() + " is not ready:\n" + service.tail());
            }
            Thread.sleep(PROBE_INTERVAL);
        }
    }

    private boolean answersOk(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Makes the project through the front, which proves that too. */
    private JsonObject createProject() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url() + "/platform/v1/projects"))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + platformKey)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"ref\":\"default\",\"name\":\"default\"}"))
                .build();
        var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            try {
                var response = http.send(request, BodyHandlers.ofString());
                if (response.statusCode() == 201) {
                    return new JsonObject(response.body());
                }
                // The front may not know yet that the services came up.
                if (response.statusCode() < 500 || System.nanoTime() > deadline) {
                    throw new IOException(
                            "the project was not created: " + response.statusCode() + " " + response.body());
                }
            } catch (java.net.ConnectException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
            Thread.sleep(PROBE_INTERVAL);
        }
    }

    /** The one address. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The operator's key. */
    public String platformKey() {
        return platformKey;
    }

    /** The key of project {@code default} that may be in public pages. */
    public String publishableKey() {
        return key("publishableKey");
    }

    /** The secret key of project {@code default}. */
    public String secretKey() {
        return key("secretKey");
    }

    private String key(String name) {
        if (project == null) {
            throw new IllegalStateException("not started");
        }
        return project.getString(name);
    }

    /** What a program needs to use it, in the shape that {@code status --json} has. */
    public JsonObject describe() {
        return new JsonObject()
                .put("url", url())
                .put("pid", ProcessHandle.current().pid())
                .put("dataDir", directory.toString())
                .put("front", front == null ? null : front.kind())
                .put("platformKey", platformKey)
                .put(
                        "projects",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("ref", "default")
                                        .put("url", url())
                                        .put("publishableKey", publishableKey())
                                        .put("secretKey", secretKey())));
    }

    /** The process ids of the services, by name. */
    public Map<String, ProcessHandle> processes() {
        var handles = new HashMap<String, ProcessHandle>();
        services.forEach(service -> handles.put(service.name(), service.handle()));
        return handles;
    }

    /** The name of a part that ended although nobody asked it to, with its last output. */
    public Optional<String> failed() {
        if (front != null && !front.isAlive()) {
            return Optional.of("the front ended");
        }
        return services.stream()
                .filter(service -> !service.isAlive())
                .map(service -> "the service " + service.name() + " ended:\n" + service.tail())
                .findFirst();
    }

    @Override
    public void close() {
        // All at once, since each waits for its requests in flight; the database and the S3 come after them.
        services.forEach(ChildProcess::terminate);
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                System.err.println("apart: " + failed);
            }
        }
    }

    /** Below the ports that the system gives to outgoing connections: one of those may be taken again before it is bound. */
    private static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = 10_000 + RANDOM.nextInt(20_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another one, then.
            }
        }
        throw new BindException("no port between 10000 and 30000 is free");
    }

    private static String random(int bytes) {
        return HexFormat.of().formatHex(randomBytes(bytes));
    }

    private static byte[] randomBytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
