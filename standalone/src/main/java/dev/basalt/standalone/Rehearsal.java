package dev.basalt.standalone;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work of each kind that clients bring, done before a recorded start ends: the AOT cache then holds classes and profiles of that too,
 * and what comes first after a start is compiled sooner. It leaves users, tables and functions behind.
 */
final class Rehearsal {
    private static final Duration LENGTH = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String publishableKey;
    private final String secretKey;

    /** @param url of the default project, whose keys the others are */
    Rehearsal(String url, String publishableKey, String secretKey) {
        this.url = url;
        this.publishableKey = publishableKey;
        this.secretKey = secretKey;
    }

    /** @throws IOException where something is not answered as it should be */
    void run() throws IOException, InterruptedException {
        var account = new JsonObject().put("email", "ann@example.com").put("password", "correct horse battery");
        var session = new JsonObject(send("POST", "/auth/v1/signup", account, publishableKey, null));
        var user = session.getString("access_token");
        for (var table : List.of("plain", "hooked")) {
            var made = """
                    create table %1$s (id bigint generated always as identity primary key,
                      owner uuid not null default auth.uid(), title text not null);
                    alter table %1$s enable row level security;
                    create policy own on %1$s for all to authenticated
                      using (owner = auth.uid()) with check (owner = auth.uid())""".formatted(table);
            send("POST", "/sql/v1", new JsonObject().put("query", made), secretKey, null);
        }
        deploy("hello", "export default { fetch: () => Response.json({ hello: 'world' }) };", new JsonArray());
        deploy(
                "shape",
                "export function onEvent({ record }) { return { record: { ...record, title: record.title.trim() } }; }",
                new JsonArray()
                        .add(new JsonObject()
                                .put("on", "table")
                                .put("table", "public.hooked")
                                .put("when", "before")
                                .put("events", new JsonArray().add("insert"))));
        var row = new JsonObject().put("title", " a book ");
        var end = System.nanoTime() + LENGTH.toNanos();
        while (System.nanoTime() - end < 0) {
            send("POST", "/rest/v1/plain", row, publishableKey, user);
            send("POST", "/rest/v1/hooked", row, publishableKey, user);
            send("GET", "/rest/v1/plain?select=id,title&id=eq.1", null, publishableKey, user);
            send("GET", "/rest/v1/hooked?select=*&order=id.desc&limit=10", null, publishableKey, user);
            send("GET", "/functions/v1/hello", null, publishableKey, user);
        }
    }

    private void deploy(String name, String source, JsonArray triggers) throws IOException, InterruptedException {
        var function = new JsonObject()
                .put("files", new JsonObject().put("index.js", source))
                .put("manifest", new JsonObject().put("runtime", "js").put("triggers", triggers));
        send("PUT", "/platform/v1/projects/default/functions/" + name, function, secretKey, null);
    }

    private String send(String method, String path, @Nullable JsonObject body, String key, @Nullable String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("apikey", key)
                .header("Content-Type", "application/json")
                .header("Prefer", "return=representation")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode()));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }
}
