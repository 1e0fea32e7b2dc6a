package dev.basalt.functions.egress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param url where it came from in the end
 * @param body paused; none where there can't be one
 */
public record WebAnswer(
        int status,
        String statusText,
        List<Map.Entry<String, String>> headers,
        String url,
        boolean redirected,
        @Nullable ReadStream<Buffer> body) {}
