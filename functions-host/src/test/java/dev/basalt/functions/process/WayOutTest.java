package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.binary;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.JksOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What sandboxed processes reach outside: a real server on this machine, that the settings allow, and nothing else. */
class WayOutTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "init-timeout",
            "PT30S",
            "egress.allow-private",
            "127.0.0.1",
            "egress.max-calls",
            "5",
            "egress.max-response-bytes",
            "1000000");
    private static final ProcessFixture FIXTURE = new ProcessFixture(SETTINGS);
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private static final String PYTHON = """
            import urllib.request, ssl, socket, os
            def handler(event, context):
                try:
                    return eval(event['run'], dict(globals(), event=event))
                except Exception as error:
                    return 'refused: ' + str(error)
            def get(url, body=None):
                with urllib.request.urlopen(urllib.request.Request(url, body), context=ssl._create_unverified_context(), timeout=10) as answer:
                    return answer.read().decode()
            def raw(host, port):
                with socket.create_connection((host, port), timeout=5) as connection:
                    connection.sendall(b'GET /raw HTTP/1.0\\r\\n\\r\\n')
                    return connection.recv(1000).decode()
            def sendall(address, head):
                with socket.create_connection(address, timeout=5) as connection:
                    connection.sendall(head)
                    return connection.recv(1000).decode()
            """;
    private static final String NODE = """
            const http = require('node:http');
            const https = require('node:https');
            const request = (client, url, options) => new Promise((done, failed) => client.get(url, options, (answer) => {
              let text = '';
              answer.on('data', (part) => { text += part; });
              answer.on('end', () => done(text));
            }).on('error', failed));
            const text = async (url, options) => (await fetch(url, options)).text();
            exports.handler = async (event) => {
              try {
                return await eval(event.run);
              } catch (error) {
                return 'refused: ' + (error.cause ?? error).message;
              }
            };
            """;
    private static final String JAVA = """
            package sample;
            import com.amazonaws.services.lambda.runtime.*;
            import java.net.URI;
            import java.net.http.*;
            import java.util.Map;
            public class Caller implements RequestHandler<Map<String, Object>, String> {
                public String handleRequest(Map<String, Object> event, Context context) {
                    URI uri = URI.create((String) event.get("url"));
                    try {
                        String one = HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
                        return one + new String(uri.toURL().openStream().readAllBytes());
                    } catch (Exception e) {
                        return "refused: " + e;
                    }
                }
            }
            """;
    private static int port;
    private static int tlsPort;
    private static Buffer certificate = Buffer.buffer();

    @BeforeAll
    static void serve() throws Exception {
        Path store = Files.createTempDirectory("keys").resolve("store");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=server.test", "-ext", "san=dns:server.test");
        Path exported = store.resolveSibling("ca.pem");
        keytool(store, "-exportcert", "-rfc", "-file", exported.toString());
        certificate = Buffer.buffer(Files.readAllBytes(exported));
        port = listen(new HttpServerOptions());
        tlsPort = listen(new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new JksOptions().setPath(store.toString()).setPassword("changeit")));
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "a", "-storepass", "changeit", "-keystore", store.toString()));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static int listen(HttpServerOptions options) {
        return ProcessFixture.get(ProcessFixture.VERTX
                        .createHttpServer(options)
                        .requestHandler(WayOutTest::answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void answer(HttpServerRequest request) {
        SEEN.add(request.method() + " " + request.path());
        switch (String.valueOf(request.path())) {
            case "/to" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", request.getParam("location"))
                        .end();
            case "/big" -> request.response().end(Buffer.buffer(new byte[2_000_000]));
            default ->
                request.body()
                        .onSuccess(body -> request.response()
                                .end(request.getHeader("host") + " " + request.getHeader("content-length") + " "
                                        + body));
        }
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private static FunctionVersion function(String runtime, String file, String source, String... egress) {
        return binary("p", "out", manifest(runtime, egress).encode(), Map.of(file, Buffer.buffer(source)));
    }

    private static JsonObject manifest(String runtime, String... egress) {
        JsonArray list = new JsonArray();
        for (String each : egress) {
            list.add(each.replace("PORT", Integer.toString(port)).replace("TLS", Integer.toString(tlsPort)));
        }
        return new JsonObject().put("runtime", runtime).put("egress", list);
    }

    private static FunctionVersion python(String... egress) {
        Missing.skipWithout("python3", Missing.PYTHON);
        return function("python", "main.py", PYTHON, egress);
    }

    private static FunctionVersion node(String... egress) {
        Missing.skipWithout("node", Missing.NODE);
        return function("nodejs", "index.js", NODE, egress);
    }

    private static Outcome run(FunctionVersion function, String code) {
        return run(FIXTURE, function, code);
    }

    private static Outcome run(ProcessFixture fixture, FunctionVersion function, String code) {
        String ported = code.replace("PORT", Integer.toString(port)).replace("TLS", Integer.toString(tlsPort));
        return fixture.event(
                function, new JsonObject().put("run", ported).put("url", ported).encode(), 20_000);
    }

    private static String said(Outcome outcome) {
        return String.valueOf(Json.decodeValue(value(outcome)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get('http://server.test:PORT/a')|server.test:PORT null ",
                "get('http://server.test:PORT/a', b'body')|server.test:PORT 4 body",
                "get('https://server.test:TLS/a', b'body')|server.test:TLS 4 body",
                "get('http://server.test:PORT/to?location=/a')|server.test:PORT null ",
            })
    void pythonReachesWhatItsListNames(String code, String expected) {
        Outcome outcome = run(python("server.test:PORT", "server.test:TLS"), code);
        assertThat(said(outcome).strip())
                .isEqualTo(expected.replace("PORT", Integer.toString(port)).replace("TLS", Integer.toString(tlsPort)));
        assertThat(outcome.report().egressBytes()).isBetween(100L, 5_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text('http://server.test:PORT/a')",
                "request(http, 'http://server.test:PORT/a', {})",
                "request(http, 'http://server.test:PORT/a', { agent: new http.Agent({ keepAlive: true }) })",
                "text('http://server.test:PORT/to?location=/a')",
                "require('node:util').promisify(require('node:child_process').execFile)(process.execPath, ['-e', \"fetch('http://server.test:PORT/a').then((a) => a.text()).then((t) => process.stdout.write(t))\"]).then((done) => done.stdout)",
            })
    void nodeReachesWhatItsListNames(String code) {
        Outcome outcome = run(node("server.test:PORT"), code);
        assertThat(said(outcome)).isEqualTo("server.test:" + port + " null ");
        assertThat(outcome.report().egressBytes()).isBetween(100L, 5_000L);
    }

    @Test
    void theNewestNodeReachesWhatItsListNames() {
        Missing.skipWithout("newer Node, by npm ci in conformance/newest-node", Optional.of(Artifacts.NEWEST_NODE));
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("node", Artifacts.NEWEST_NODE.toString());
        try (ProcessFixture fixture = new ProcessFixture(settings)) {
            assertThat(said(run(fixture, node("server.test:PORT"), "process.versions.node")))
                    .startsWith("26.");
            for (String code : List.of(
                    "text('http://server.test:PORT/a')",
                    "text(new Request('http://server.test:PORT/a'))",
                    "request(http, 'http://server.test:PORT/a', {})")) {
                assertThat(said(run(fixture, node("server.test:PORT"), code)))
                        .isEqualTo("server.test:" + port + " null ");
            }
            assertThat(said(run(fixture, node("server.test:PORT"), "text('http://inner.test:PORT/a')")))
                    .startsWith("refused: ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text('https://server.test:TLS/a', { method: 'POST', body: 'body' })",
                "request(https, 'https://server.test:TLS/a', {})",
            })
    void nodeSpeaksTlsWithTheServerItself(String code) {
        Missing.skipWithout("node", Missing.NODE);
        FunctionVersion trusting = binary(
                "p",
                "trusting",
                manifest("nodejs", "server.test:TLS")
                        .put("env", new JsonObject().put("NODE_EXTRA_CA_CERTS", "/var/task/ca.pem"))
                        .encode(),
                Map.of("index.js", Buffer.buffer(NODE), "ca.pem", certificate));
        assertThat(said(run(trusting, code))).startsWith("server.test:" + tlsPort);
        assertThat(said(run(node("server.test:TLS"), code)))
                .startsWith("refused: ")
                .contains("self-signed");
    }

    @Test
    void javaReachesWhatItsListNames() throws IOException {
        FunctionVersion java = binary(
                "p",
                "java",
                manifest("java", "server.test:PORT")
                        .put("handler", "sample.Caller::handleRequest")
                        .put("memoryMb", 256)
                        .encode(),
                Artifacts.together(Artifacts.compile("Caller", JAVA), Artifacts.jars("aws-", "utils-lite")));
        String answer = "server.test:" + port + " null ";
        assertThat(said(run(java, "http://server.test:PORT/a"))).isEqualTo(answer + answer);
        assertThat(said(run(java, "http://other.test:PORT/a"))).contains("refused", "502");
    }

    @ParameterizedTest
    @ValueSource(strings = {"by perl", "by a JVM"})
    void aServerReachesWhatItsListNames(String bridge) {
        Missing.skipWithout("python3", Missing.PYTHON);
        FunctionVersion server = binary(
                "p",
                "server",
                manifest("provided", "server.test:PORT")
                        .put("signature", "basalt")
                        .encode(),
                Map.of("bootstrap", Buffer.buffer("#!" + Missing.PYTHON.orElseThrow() + """

                        import http.server, os, urllib.request
                        class Handler(http.server.BaseHTTPRequestHandler):
                            def do_GET(self):
                                self.send_response(200)
                                self.end_headers()
                                try: self.wfile.write(urllib.request.urlopen('http:/' + self.path).read())
                                except Exception as error: self.wfile.write(('refused: ' + str(error)).encode())
                            def log_message(self, *all): pass
                        http.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), Handler).serve_forever()
                        """)));
        Map<String, String> settings = new HashMap<>(Missing.bridge(bridge));
        settings.put("egress.allow-private", "127.0.0.1");
        try (ProcessFixture fixture = new ProcessFixture(settings)) {
            assertThat(fetched(fixture, server, "/server.test:" + port)).startsWith("server.test:" + port);
            assertThat(fetched(fixture, server, "/other.test:" + port)).contains("refused", "502");
        }
    }

    private static String fetched(ProcessFixture fixture, FunctionVersion server, String path) {
        return ProcessFixture.get(ProcessFixture.read(
                        ProcessFixture.stream(fixture.http(server, "GET", path, "text/plain", Buffer.buffer()))))
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://other.test:PORT/a|does not name other.test:",
                "https://other.test:PORT/a|does not name other.test:",
                "http://server.test:81/a|does not name server.test:81",
                "http://inner.test:PORT/a|leads to an address that functions may not reach",
                "https://inner.test:PORT/a|leads to an address that functions may not reach",
                "http://metadata.test/latest|leads to an address that functions may not reach",
                "http://server.test:PORT/to?location=http://metadata.test/latest|leads to an address that functions may not reach",
                "http://server.test:PORT/to?location=http://169.254.169.254/latest|does not name 169.254.169.254",
                "http://nowhere.invalid/a|the name does not resolve",
            })
    void nothingElseIsReached(String url, String why) {
        String[] egress = {"server.test:PORT", "inner.test:PORT", "metadata.test", "nowhere.invalid"};
        assertThat(said(run(python(egress), "get('" + url + "')")))
                .startsWith("refused: ")
                .contains(why);
        assertThat(said(run(node(egress), "fetch('" + url + "').then((a) => a.status)")))
                .contains(why);
        assertThat(SEEN).noneMatch(seen -> !seen.startsWith("GET /to"));
    }

    @Test
    void socketsLeadNowhere() {
        FunctionVersion python = python("server.test:PORT");
        assertThat(said(run(python, "raw('127.0.0.1', PORT)"))).startsWith("refused: ");
        assertThat(said(run(python, "raw('server.test', PORT)"))).startsWith("refused: ");
        assertThat(said(run(python, "raw('169.254.169.254', 80)"))).startsWith("refused: ");
        assertThat(said(run(python, "socket.getaddrinfo('server.test', 80)"))).startsWith("refused: ");
        assertThat(SEEN).isEmpty();
    }

    @Test
    void whoHasNoListHasNoWayOut() {
        FunctionVersion without = python();
        assertThat(said(run(
                        python("server.test:PORT"),
                        "sendall(('127.0.0.1', 9002), b'GET http://server.test:PORT/a HTTP/1.0\\r\\n\\r\\n')")))
                .startsWith("HTTP/1.0 200");
        SEEN.clear();
        assertThat(said(run(without, "raw('127.0.0.1', 9002)"))).startsWith("refused: ");
        assertThat(said(run(without, "os.listdir('/var/basalt')"))).isEqualTo("[\"api\"]");
        assertThat(said(run(without, "[name for name in os.environ if 'PROXY' in name.upper() or 'EGRESS' in name]")))
                .isEqualTo("[]");
        assertThat(SEEN).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET http://server.test:PORT/a HTTP/1.1\\r\\nHost: other.test\\r\\n\\r\\n|HTTP/1.1 200",
                "GET /a HTTP/1.1\\r\\nHost: server.test:PORT\\r\\n\\r\\n|HTTP/1.1 502",
                "GET ftp://server.test:PORT/a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n|HTTP/1.1 502",
                "CONNECT server.test:PORT@other.test:80 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n|HTTP/1.1 502",
                "TRACE http://server.test:PORT/a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n|HTTP/1.1 502",
                "POST http://server.test:PORT/a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: x\\r\\n\\r\\n|HTTP/1.1 4",
            })
    void whatTheProxyIsAskedIsReadStrictly(String head, String expected) {
        assertThat(said(run(python("server.test:PORT"), "sendall(('127.0.0.1', 9002), b'" + head + "')")))
                .startsWith(expected);
        assertThat(said(run(python("server.test:PORT"), "get('http://server.test:PORT/a')")))
                .startsWith("server.test");
    }

    @Test
    void callsAndBytesHaveBounds() {
        FunctionVersion python = python("server.test:PORT");
        String calls = "[get('http://server.test:PORT/a') for _ in range(6)]";
        assertThat(said(run(python, calls))).contains("more than 5 calls in one invocation");
        assertThat(SEEN).hasSize(5);
        assertThat(said(run(python, "get('http://server.test:PORT/a')"))).startsWith("server.test");
        assertThat(said(run(python, "len(get('http://server.test:PORT/big'))"))).startsWith("refused");
        assertThat(said(run(node("server.test:PORT"), "text('http://server.test:PORT/big')")))
                .startsWith("refused");
    }
}
