package dev.basalt.sdk.http;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer of a service.
 *
 * @param status 200 to 299
 * @param headers names in any case
 * @param body the bytes, possibly none; not copied
 * @param requestId the id the request had
 */
// The array is handed over, never kept: a copy of each download would be waste.
@SuppressWarnings("ArrayRecordComponent")
public record Answer(
        int status,
        HttpHeaders headers,
        byte[] body,
        @Nullable String requestId) {
    /** The value of a header that occurs once. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
