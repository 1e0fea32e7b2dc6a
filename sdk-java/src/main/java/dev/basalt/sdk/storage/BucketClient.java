package dev.basalt.sdk.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Url;
import dev.basalt.sdk.http.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one bucket. A path has segments separated by slashes, none of them empty, {@code .} or {@code ..}.
 * Thread-safe.
 *
 * <p>Calls fail with {@link dev.basalt.sdk.error.StorageException} or {@link TransportException}.
 */
public final class BucketClient {
    private final Transport transport;
    private final BearerSource bearer;
    private final String id;

    BucketClient(Transport transport, BearerSource bearer, String id) {
        if (id.isBlank()) throw new IllegalArgumentException("the bucket needs an id");
        this.transport = transport;
        this.bearer = bearer;
        this.id = id;
    }

    /** Stores bytes. */
    public UploadedObject upload(String path, byte[] content, UploadOptions options) {
        return Waiting.on(uploadAsync(path, content, options));
    }

    public CompletableFuture<UploadedObject> uploadAsync(String path, byte[] content, UploadOptions options) {
        return upload(path, BodyPublishers.ofByteArray(content), options);
    }

    /** Stores a file, streamed from disk. */
    public UploadedObject upload(String path, Path file, UploadOptions options) {
        return Waiting.on(uploadAsync(path, file, options));
    }

    public CompletableFuture<UploadedObject> uploadAsync(String path, Path file, UploadOptions options) {
        try {
            return upload(path, BodyPublishers.ofFile(file), options);
        } catch (IOException unreadable) {
            return CompletableFuture.failedFuture(new TransportException(
                    TransportException.Reason.INVALID_REQUEST, "Cannot read " + file, null, unreadable));
        }
    }

    /** An object's bytes, in memory. */
    public byte[] download(String path) {
        return Waiting.on(downloadAsync(path));
    }

    public CompletableFuture<byte[]> downloadAsync(String path) {
        return transport.send(object("GET", path).asTransfer(), bearer, Answer::body);
    }

    /** Writes an object to a file, which is replaced only once the whole object is there. */
    public Path download(String path, Path file) {
        return Waiting.on(downloadAsync(path, file));
    }

    public CompletableFuture<Path> downloadAsync(String path, Path file) {
        Call call = object("GET", path).asTransfer();
        Path directory = file.toAbsolutePath().getParent();
        Path part;
        try {
            part = Files.createTempFile(directory, ".basalt-", ".part");
        } catch (IOException unwritable) {
            return CompletableFuture.failedFuture(cannotWrite(file, unwritable));
        }
        return Linked.handle(transport.download(call, bearer, part), (written, failure) -> {
            try {
                if (failure == null) return Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
                Files.deleteIfExists(part);
            } catch (IOException unwritable) {
                throw cannotWrite(file, unwritable);
            }
            throw Waiting.unwrap(failure) instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure);
        });
    }

    /** A URL by which anybody reads the object until it expires. */
    public URI createSignedUrl(String path, Duration expiresIn) {
        return Waiting.on(createSignedUrlAsync(path, expiresIn));
    }

    public CompletableFuture<URI> createSignedUrlAsync(String path, Duration expiresIn) {
        if (expiresIn.toSeconds() < 1) throw new IllegalArgumentException("a signed URL lasts a second or more");
        Call call = Call.of(Dialect.STORAGE, "POST", "/storage/v1/object/sign/" + address(path))
                .json(Map.of("expiresIn", expiresIn.toSeconds()))
                .asRepeatable();
        return transport.send(call, bearer, answer -> signedUrl(path, answer));
    }

    private URI signedUrl(String path, Answer answer) {
        Object url = Json.read(answer, new TypeReference<Map<String, @Nullable Object>>() {})
                .get("signedURL");
        // Only the token is taken: the path stands there as the object is named, not as a URL is written.
        int token = url instanceof String text ? text.lastIndexOf("?token=") : -1;
        if (token < 0) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER,
                    "The answer holds no signed URL",
                    answer.requestId(),
                    null);
        }
        String query = String.valueOf(url).substring(token);
        return URI.create(transport.url("/storage/v1/object/sign/" + address(path) + query));
    }

    /** The URL of an object in a public bucket. Nothing is asked, so the object may not be there. */
    public URI publicUrl(String path) {
        return URI.create(transport.url("/storage/v1/object/public/" + address(path)));
    }

    /** Deletes objects and answers how many the caller was allowed to delete. */
    public int remove(String... paths) {
        return Waiting.on(removeAsync(paths));
    }

    public CompletableFuture<Integer> removeAsync(String... paths) {
        if (paths.length == 0) return CompletableFuture.completedFuture(0);
        Call call = Call.of(Dialect.STORAGE, "DELETE", "/storage/v1/object/" + Url.encode(id))
                .json(Map.of("prefixes", List.of(paths)));
        return transport.send(
                call, bearer, answer -> Json.readList(answer, Map.class).size());
    }

    private CompletableFuture<UploadedObject> upload(String path, BodyPublisher content, UploadOptions options) {
        Call call = object("POST", path)
                .body(options.contentType(), content)
                .header("x-upsert", Boolean.toString(options.replace()))
                .asTransfer();
        if (options.cacheFor() != null) {
            call = call.header("cache-control", "max-age=" + options.cacheFor().toSeconds());
        }
        // Only an upload that may replace can come twice: the second of the others would find the first's object.
        if (options.replace()) call = call.asRepeatable();
        return transport.send(call, bearer, answer -> Json.read(answer, UploadedObject.class));
    }

    private Call object(String method, String path) {
        return Call.of(Dialect.STORAGE, method, "/storage/v1/object/" + address(path));
    }

    private String address(String path) {
        return Url.encode(id) + "/" + Url.encodePath(path);
    }

    private static TransportException cannotWrite(Path file, IOException why) {
        return new TransportException(TransportException.Reason.INVALID_REQUEST, "Cannot write " + file, null, why);
    }
}
