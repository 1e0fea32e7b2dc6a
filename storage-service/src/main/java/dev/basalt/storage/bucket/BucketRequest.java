package dev.basalt.storage.bucket;

import dev.basalt.kit.error.ApiException;
import dev.basalt.storage.error.StorageError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a bucket as a client sends them; null members were not sent.
 *
 * @param fileSizeLimit in bytes; {@link #NO_LIMIT} when the client sent null
 * @param allowedMimeTypes empty when the client sent null
 */
record BucketRequest(
        @Nullable Boolean isPublic,
        @Nullable Long fileSizeLimit,
        @Nullable List<String> allowedMimeTypes) {
    static final long NO_LIMIT = -1;

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(gb|mb|kb|b)");
    private static final Pattern TYPE = Pattern.compile("[\\w.+*-]+/[\\w.+*-]+");

    static BucketRequest of(JsonObject body) {
        Boolean isPublic = switch (body.getValue("public")) {
            case null -> null;
            case Boolean value -> value;
            default -> throw invalid("public");
        };
        return new BucketRequest(isPublic, size(body), types(body));
    }

    private static @Nullable Long size(JsonObject body) {
        if (!body.containsKey("file_size_limit")) {
            return null;
        }
        return switch (body.getValue("file_size_limit")) {
            case null -> NO_LIMIT;
            case Number number when number.longValue() >= 0 -> number.longValue() == 0 ? NO_LIMIT : number.longValue();
            case String text -> size(text);
            default -> throw invalid("file_size_limit");
        };
    }

    /** Decimal units, as the API has it: 20MB are 20,000,000 bytes. */
    private static Long size(String text) {
        var matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw ApiException.of(
                    StorageError.INVALID_REQUEST, "Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B");
        }
        double unit = switch (matcher.group(2)) {
            case "gb" -> 1e9;
            case "mb" -> 1e6;
            case "kb" -> 1e3;
            default -> 1;
        };
        return (long) (Double.parseDouble(matcher.group(1)) * unit);
    }

    private static @Nullable List<String> types(JsonObject body) {
        if (!body.containsKey("allowed_mime_types")) {
            return null;
        }
        return switch (body.getValue("allowed_mime_types")) {
            case null -> List.of();
            case JsonArray array ->
                array.stream()
                        .map(type -> {
                            if (type instanceof String text
                                    && TYPE.matcher(text).matches()) {
                                return text;
                            }
                            throw ApiException.of(
                                    StorageError.INVALID_MIME_TYPE, "mime type " + type + " is not supported");
                        })
                        .toList();
            default -> throw invalid("allowed_mime_types");
        };
    }

    private static ApiException invalid(String member) {
        return ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter " + member);
    }
}
