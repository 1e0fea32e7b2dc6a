package dev.basalt.sdk.documents;

import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.DocumentJson;
import dev.basalt.sdk.http.Transport;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How documents' calls are made and sent. Thread-safe. */
record Connection(Transport transport, BearerSource bearer) {
    static final String JSON = "application/json";

    static Call call(String method, String path) {
        return Call.of(Dialect.DOCUMENTS, method, path);
    }

    static Call call(String method, String path, @Nullable Object body) {
        return call(method, path).body(JSON, BodyPublishers.ofByteArray(DocumentJson.write(body)));
    }

    <T> CompletableFuture<T> send(Call call, Function<Answer, T> reader) {
        return transport.send(call, bearer, reader);
    }
}
