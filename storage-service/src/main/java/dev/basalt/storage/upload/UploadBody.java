package dev.basalt.storage.upload;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Exchange;
import dev.basalt.storage.error.StorageError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The content of an upload and what its client says of it.
 *
 * @param content paused
 * @param length in bytes, or -1
 * @param userMetadata what the client wants kept beside it
 */
record UploadBody(
        ReadStream<Buffer> content,
        long length,
        String contentType,
        String cacheControl,
        @Nullable JsonObject userMetadata) {
    private static final String DEFAULT_TYPE = "application/octet-stream";

    /** Reads what stands before the content: nothing of a plain body, the first parts of a multipart one. */
    static Future<UploadBody> of(Exchange exchange) {
        if (!exchange.hasBody()) {
            return Future.succeededFuture(plain(exchange, new EmptyBody(), 0));
        }
        if (!exchange.contentType().equals("multipart/form-data")) {
            return Future.succeededFuture(plain(exchange, exchange.stream(), exchange.announcedLength()));
        }
        return MultipartFile.open(exchange.stream(), String.valueOf(exchange.header(HttpHeaders.CONTENT_TYPE)))
                .map(file -> {
                    String maxAge = file.field("cacheControl");
                    String metadata = file.field("metadata");
                    return new UploadBody(
                            file,
                            -1,
                            file.contentType() == null ? DEFAULT_TYPE : file.contentType(),
                            maxAge == null ? "no-cache" : cacheControl(maxAge),
                            metadata == null ? null : json(metadata));
                });
    }

    private static UploadBody plain(Exchange exchange, ReadStream<Buffer> content, long length) {
        String type = exchange.header(HttpHeaders.CONTENT_TYPE);
        String cache = exchange.header(HttpHeaders.CACHE_CONTROL);
        String metadata = exchange.header("x-metadata");
        return new UploadBody(
                content,
                length,
                type == null || type.isBlank() ? DEFAULT_TYPE : type,
                cache == null ? "no-cache" : cache,
                metadata == null ? null : json(decoded(metadata)));
    }

    /** A number of seconds, as the clients send it, or a whole value. */
    private static String cacheControl(String field) {
        if (!field.matches("[\\w=, -]{1,200}")) {
            throw ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter cacheControl");
        }
        return field.chars().allMatch(Character::isDigit) ? "max-age=" + field : field;
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter x-metadata");
        }
    }

    private static JsonObject json(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            throw ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter metadata");
        }
    }
}
