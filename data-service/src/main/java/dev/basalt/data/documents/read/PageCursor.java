package dev.basalt.data.documents.read;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended: the keys of its last document, which is where the next begins, whatever was written meanwhile; and a
 * hash of the project and query that it belongs to. The keys go into SQL as values alone. Stateless.
 */
final class PageCursor {
    private static final int HASH_BYTES = 16;

    private PageCursor() {}

    static String encode(String query, List<@Nullable String> keys) {
        var json = new JsonArray().add(hash(query));
        keys.forEach(json::add);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toBuffer().getBytes());
    }

    /** The keys; {@link DocumentError#INVALID_CURSOR} if it is of another query or none of ours. */
    static List<@Nullable String> decode(String cursor, String query, int keys) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            var json = new JsonArray(text);
            if (json.size() == keys + 1 && hash(query).equals(json.getString(0)) && text.indexOf('\0') < 0) {
                var values = new ArrayList<@Nullable String>(keys);
                for (int i = 1; i <= keys; i++) {
                    values.add(json.getString(i));
                }
                // The last two are the document's own path.
                if (values.get(keys - 1) != null && values.get(keys - 2) != null) {
                    return values;
                }
            }
        } catch (IllegalArgumentException | DecodeException | ClassCastException malformed) {
            throw ApiException.of(DocumentError.INVALID_CURSOR);
        }
        throw ApiException.of(DocumentError.INVALID_CURSOR);
    }

    private static String hash(String query) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
