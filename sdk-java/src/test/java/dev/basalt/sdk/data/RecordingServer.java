package dev.basalt.sdk.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.basalt.sdk.Basalt;
import dev.basalt.sdk.BasaltClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP server of the JDK that keeps what was sent to it, and answers what a test says. */
public final class RecordingServer implements AutoCloseable {
    private final HttpServer server;
    private final List<Sent> requests = new ArrayList<>();
    private final BasaltClient client;
    private int status = 200;
    private String body = "[]";
    private Map<String, String> headers = Map.of();

    /**
     * What was sent.
     *
     * @param path decoded
     * @param query decoded parameters in order, {@code name=value} each
     * @param headers by lower-case name
     */
    public record Sent(String method, String path, List<String> query, Map<String, String> headers, String body) {
        @Nullable
        public String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    public RecordingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = Basalt.connect("http://127.0.0.1:" + server.getAddress().getPort(), "sb_publishable_x");
    }

    public BasaltClient client() {
        return client;
    }

    /** Answers from now on. */
    public synchronized void answers(int newStatus, String newBody, Map<String, String> newHeaders) {
        status = newStatus;
        body = newBody;
        headers = newHeaders;
    }

    /** The last request. */
    public synchronized Sent sent() {
        return requests.getLast();
    }

    public synchronized int count() {
        return requests.size();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        var sentHeaders = new HashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> sentHeaders.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        requests.add(new Sent(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query == null
                        ? List.of()
                        : Arrays.stream(query.split("&", -1))
                                .map(parameter -> URLDecoder.decode(parameter, StandardCharsets.UTF_8))
                                .toList(),
                sentHeaders,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean empty = exchange.getRequestMethod().equals("HEAD") || status == 204;
        exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
        if (!empty) exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
