package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Statement;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers made from the one row of a {@link Statement}. Stateless. */
final class RestReply {
    private static final CharSequence CONTENT_RANGE = HttpHeaders.createOptimized("content-range");
    private static final CharSequence PREFERENCE_APPLIED = HttpHeaders.createOptimized("preference-applied");
    private static final int BODY = 0;
    private static final int ROWS = 1;
    private static final int TOTAL = 2;
    private static final int LOCATION = 3;
    private static final int INSERTED = 4;
    private static final int HEADERS = 5;
    private static final int STATUS = 6;

    private RestReply() {}

    static Reply read(RestRequest request, Row row, long offset) {
        long rows = row.getLong(ROWS);
        Long total = row.getLong(TOTAL);
        if (request.mediaType().representation().isSingular() && rows != 1) {
            throw notSingular(rows);
        }
        if (total != null && offset > total) {
            throw Refusal.withDetails(
                    RestError.INVALID_RANGE,
                    "An offset of " + offset + " was requested, but there are only " + total + " rows.");
        }
        int status = total != null && rows < total ? 206 : 200;
        return answer(request, false, status, row, RowRange.contentRange(offset, rows, total), null);
    }

    static Reply inserted(RestRequest request, Row row, Statement plan) {
        long rows = row.getLong(ROWS);
        Integer inserted = row.getInteger(INSERTED);
        int status = inserted != null && inserted <= 0 && rows > 0 ? 200 : 201;
        return answer(request, true, status, row, counted(request, row), location(request, row, plan));
    }

    static Reply put(RestRequest request, Row row) {
        if (row.getLong(ROWS) != 1) {
            throw Refusal.of(RestError.PUT_OF_ANOTHER_ROW);
        }
        Integer inserted = row.getInteger(INSERTED);
        int known = row.getBuffer(BODY) == null ? 204 : 200;
        return answer(request, true, inserted != null && inserted > 0 ? 201 : known, row, counted(request, row), null);
    }

    static Reply updated(RestRequest request, Row row) {
        long rows = row.getLong(ROWS);
        var range = RowRange.contentRange(0, rows, request.counted() ? rows : null);
        return answer(request, true, row.getBuffer(BODY) == null ? 204 : 200, row, range, null);
    }

    static Reply deleted(RestRequest request, Row row) {
        return answer(request, true, row.getBuffer(BODY) == null ? 204 : 200, row, counted(request, row), null);
    }

    static ApiException notSingular(long rows) {
        return Refusal.withDetails(RestError.NOT_SINGULAR, "The result contains " + rows + " rows");
    }

    private static String counted(RestRequest request, Row row) {
        return "*/" + (request.counted() ? row.getLong(ROWS) : "*");
    }

    private static Reply answer(
            RestRequest request, boolean write, int status, Row row, String range, @Nullable String location) {
        var headers = new ArrayList<Map.Entry<CharSequence, CharSequence>>(4);
        headers.add(Map.entry(CONTENT_RANGE, range));
        var applied = request.preferences().applied(write);
        if (applied != null) {
            headers.add(Map.entry(PREFERENCE_APPLIED, applied));
        }
        if (location != null) {
            headers.add(Map.entry(HttpHeaders.LOCATION, location));
        }
        Buffer bytes = row.getBuffer(BODY);
        if (bytes != null || !write) {
            headers.add(Map.entry(HttpHeaders.CONTENT_TYPE, request.mediaType().contentType()));
        }
        var body = bytes == null ? new Reply.Body.None() : new Reply.Body.Bytes(bytes);
        return bySettings(status, headers, body, row.getString(STATUS), row.getString(HEADERS));
    }

    /** SQL may have its say by {@code set_config('response.status', …)} and {@code response.headers}. */
    private static Reply bySettings(
            int status,
            List<Map.Entry<CharSequence, CharSequence>> headers,
            Reply.Body body,
            @Nullable String ownStatus,
            @Nullable String ownHeaders) {
        int answered = status;
        if (ownStatus != null) {
            if (!ownStatus.matches("[1-5]\\d\\d")) {
                throw Refusal.of(RestError.INVALID_RESPONSE_STATUS);
            }
            answered = Integer.parseInt(ownStatus);
        }
        if (ownHeaders != null) {
            addHeaders(headers, ownHeaders);
        }
        return new Reply(answered, headers, body);
    }

    private static void addHeaders(List<Map.Entry<CharSequence, CharSequence>> headers, String json) {
        try {
            for (var element : new JsonArray(json)) {
                var header = ((JsonObject) element).iterator().next();
                var value = (String) header.getValue();
                if (value == null || value.chars().anyMatch(c -> c < ' ')) {
                    throw Refusal.of(RestError.INVALID_RESPONSE_HEADERS);
                }
                headers.removeIf(known -> known.getKey().toString().equalsIgnoreCase(header.getKey()));
                headers.add(Map.entry(header.getKey(), value));
            }
        } catch (DecodeException | ClassCastException | java.util.NoSuchElementException malformed) {
            throw Refusal.of(RestError.INVALID_RESPONSE_HEADERS);
        }
    }

    private static @Nullable String location(RestRequest request, Row row, Statement plan) {
        var json = row.getString(LOCATION);
        if (json == null) {
            return null;
        }
        var values = new JsonArray(json);
        var location = new StringBuilder(request.context().info().path()).append('?');
        for (int i = 0; i < values.size(); i++) {
            var value = values.getString(i);
            location.append(i == 0 ? "" : "&")
                    .append(encode(plan.locationKeys().get(i)))
                    .append('=')
                    .append(value == null ? "is.null" : "eq." + encode(value));
        }
        return location.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
