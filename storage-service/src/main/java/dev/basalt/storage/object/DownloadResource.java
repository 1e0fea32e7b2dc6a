package dev.basalt.storage.object;

import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.blob.BlobStoreException;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Handler;
import dev.basalt.kit.http.Reply;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import dev.basalt.storage.signing.SignedUrls;
import dev.basalt.storage.signing.SignedUrls.Use;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Downloads and what is known of an object: {@code /object/[authenticated|public|sign]/{bucket}/{name}} and
 * {@code /object/info/..}, with ranges and conditions (RFC 9110, sections 13 and 14).
 */
@ApplicationScoped
public class DownloadResource {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.US).withZone(ZoneOffset.UTC);

    private final ObjectStore objects;
    private final BlobStore blobs;
    private final SignedUrls signedUrls;

    @Inject
    DownloadResource(ObjectStore objects, BlobStore blobs, SignedUrls signedUrls) {
        this.objects = objects;
        this.blobs = blobs;
        this.signedUrls = signedUrls;
    }

    /** The row of the object that a request is for, as far as the request may have it. */
    private interface Lookup {
        Future<StoredObject> find(Exchange exchange, String bucket, String name);
    }

    /** Registers the endpoints. */
    public void register(ApiRoutes.Api api) {
        Lookup asCaller = (exchange, bucket, name) -> objects.find(exchange.context(), bucket, name);
        Lookup asAnybody = (exchange, bucket, name) -> objects.findPublic(exchange.context(), bucket, name);
        both(api, "/object/info/public/:bucket/*", "object_info", Access.OPEN, exchange -> info(exchange, asAnybody));
        both(api, "/object/info/authenticated/:bucket/*", "object_info", Access.KEY, e -> info(e, asCaller));
        both(api, "/object/info/:bucket/*", "object_info", Access.KEY, exchange -> info(exchange, asCaller));
        both(api, "/object/public/:bucket/*", "object_public", Access.OPEN, e -> download(e, asAnybody));
        both(api, "/object/sign/:bucket/*", "object_signed", Access.OPEN, e -> download(e, this::bySignature));
        both(api, "/object/authenticated/:bucket/*", "object_get", Access.KEY, e -> download(e, asCaller));
        both(api, "/object/:bucket/*", "object_get", Access.KEY, exchange -> download(exchange, asCaller));
    }

    private static void both(ApiRoutes.Api api, String path, String operation, Access access, Handler handler) {
        api.get(path, operation, access, handler).route(HttpMethod.HEAD, path, operation, access, handler);
    }

    private Future<StoredObject> bySignature(Exchange exchange, String bucket, String name) {
        signedUrls.verify(exchange.project(), Use.DOWNLOAD, bucket + "/" + name, token(exchange));
        return objects.findAsPlatform(exchange.context(), bucket, name);
    }

    private static String token(Exchange exchange) {
        String token = exchange.query("token");
        if (token == null) {
            throw ApiException.of(StorageError.INVALID_PARAMETER, "querystring must have required property 'token'");
        }
        return token;
    }

    private static Future<StoredObject> find(Exchange exchange, Lookup lookup) {
        return lookup.find(exchange, exchange.path("bucket"), ObjectName.check(exchange.path("*")));
    }

    private static Future<Reply> info(Exchange exchange, Lookup lookup) {
        return find(exchange, lookup)
                .map(object -> Reply.json(
                        200,
                        new JsonObject()
                                .put("id", object.id().toString())
                                .put("name", object.name())
                                .put("bucket_id", object.bucket())
                                .put("version", object.blob().id().toString())
                                .put("size", object.size())
                                .put("content_type", object.contentType())
                                .put("cache_control", object.cacheControl())
                                .put("etag", object.etag())
                                .put("metadata", object.userMetadata())
                                .put("last_modified", object.updatedAt().toString())
                                .put("created_at", object.createdAt().toString())));
    }

    private Future<Reply> download(Exchange exchange, Lookup lookup) {
        return find(exchange, lookup)
                .compose(object -> answer(exchange, object).recover(failure -> {
                    if (failure instanceof BlobStoreException.NotFound) {
                        // Replaced between our look at the row and at the blob: the row names another one now.
                        return again(exchange, lookup, object);
                    }
                    return Future.failedFuture(failure);
                }))
                .recover(StorageFailures::fail);
    }

    private Future<Reply> again(Exchange exchange, Lookup lookup, StoredObject gone) {
        return find(exchange, lookup)
                .compose(object -> object.version().equals(gone.version())
                        ? Future.failedFuture(new BlobStoreException.NotFound(object.blob()))
                        : answer(exchange, object));
    }

    private Future<Reply> answer(Exchange exchange, StoredObject object) {
        if (isUnchanged(exchange, object)) {
            return Future.succeededFuture(describe(Reply.empty(304), object, exchange.query("download")));
        }
        long size = object.size();
        Optional<ByteRange> range =
                ifRangeHolds(exchange, object) ? ByteRange.of(exchange.header("Range"), size) : Optional.empty();
        long length = range.map(ByteRange::length).orElse(size);
        Supplier<Future<Reply>> body = () -> exchange.request().method().equals(HttpMethod.HEAD)
                ? Future.succeededFuture(
                        Reply.empty(status(range)).with(HttpHeaders.CONTENT_LENGTH, Long.toString(length)))
                : blobs.get(object.blob(), range.map(ByteRange::first).orElse(0L), length)
                        .map(content -> Reply.blob(status(range), content));
        return body.get().map(reply -> {
            Reply described = describe(reply, object, exchange.query("download"))
                    .with(HttpHeaders.CONTENT_TYPE, contentType(object))
                    .with("X-Content-Type-Options", "nosniff");
            return range.map(part -> described.with("Content-Range", part.contentRange(size)))
                    .orElse(described);
        });
    }

    private static int status(Optional<ByteRange> range) {
        return range.isPresent() ? 206 : 200;
    }

    private static Reply describe(Reply reply, StoredObject object, @Nullable String download) {
        Reply described = reply.with(HttpHeaders.ACCEPT_RANGES, "bytes")
                .with(HttpHeaders.ETAG, object.etag())
                .with(HttpHeaders.LAST_MODIFIED, HTTP_DATE.format(object.updatedAt()))
                .with(HttpHeaders.CACHE_CONTROL, object.cacheControl());
        if (download == null) {
            return described;
        }
        if (download.isEmpty()) {
            return described.with(HttpHeaders.CONTENT_DISPOSITION, "attachment;");
        }
        String name = URLEncoder.encode(download, StandardCharsets.UTF_8).replace("+", "%20");
        return described.with(
                HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=" + name + "; filename*=UTF-8''" + name + ";");
    }

    /** A page of somebody's must not run as ours. */
    private static String contentType(StoredObject object) {
        return object.contentType().contains("text/html") ? "text/plain" : object.contentType();
    }

    private static boolean isUnchanged(Exchange exchange, StoredObject object) {
        String tags = exchange.header(HttpHeaders.IF_NONE_MATCH);
        if (tags != null) {
            for (String tag : tags.split(",", -1)) {
                String bare = tag.strip();
                if (bare.equals("*") || bare.equals(object.etag()) || bare.equals("W/" + object.etag())) {
                    return true;
                }
            }
            return false;
        }
        Instant since = date(exchange.header(HttpHeaders.IF_MODIFIED_SINCE));
        return since != null && !seconds(object.updatedAt()).isAfter(since);
    }

    private static boolean ifRangeHolds(Exchange exchange, StoredObject object) {
        String condition = exchange.header("If-Range");
        return condition == null
                || condition.equals(object.etag())
                || seconds(object.updatedAt()).equals(date(condition));
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static @Nullable Instant date(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return Instant.from(HTTP_DATE.parse(header));
        } catch (DateTimeParseException e) {
            // A condition that can't be read is none (RFC 9110, section 13.1.3).
            return null;
        }
    }
}
