package dev.basalt.data.rest;

import dev.basalt.data.error.HeaderText;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.rest.Preferences.Use;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers made from the one row of a {@link Statement}. Stateless. */
final class RestReply {
    private static final CharSequence CONTENT_RANGE = HttpHeaders.createOptimized("content-range");
    private static final CharSequence CONTENT_PROFILE = HttpHeaders.createOptimized("content-profile");
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
        return page(request, Use.READ, row, offset, row.getLong(TOTAL));
    }

    /** A page of rows whose number was found otherwise than by counting all of them. */
    static Reply read(RestRequest request, Row row, long offset, long total) {
        return page(request, Use.READ, row, offset, total);
    }

    /**
     * Rows that were not made into one body by PostgreSQL.
     *
     * @param rows how many there are, or null while nobody knows
     * @param settings {@code headers text, status text}
     */
    static Reply rows(RestRequest request, Reply.Body body, @Nullable Long rows, long offset, Row settings) {
        var range = rows == null ? "*/*" : RowRange.contentRange(offset, rows, null);
        var headers = headers(request, Use.READ, range);
        headers.add(Map.entry(HttpHeaders.CONTENT_TYPE, request.mediaType().contentType()));
        return bySettings(200, headers, body, settings.getString("status"), settings.getString("headers"));
    }

    /** What a function returned; nothing at all is 204. */
    static Reply called(RestRequest request, Row row, long offset, boolean nothing) {
        if (!nothing) {
            return page(request, Use.CALL, row, offset, row.getLong(TOTAL));
        }
        var range = RowRange.contentRange(offset, row.getLong(ROWS), row.getLong(TOTAL));
        return answer(request, Use.CALL, 204, row, range, null);
    }

    /** PostgreSQL's plan: one JSON document, or lines of text. */
    static Reply explained(RestRequest request, RowSet<Row> lines) {
        var text = new StringBuilder();
        for (var line : lines) {
            text.append(text.isEmpty() ? "" : "\n").append(line.getValue(0));
        }
        return Reply.bytes(200, request.mediaType().contentType(), Buffer.buffer(text.toString()));
    }

    private static Reply page(RestRequest request, Use use, Row row, long offset, @Nullable Long total) {
        long rows = row.getLong(ROWS);
        if (request.mediaType().representation().isSingular() && rows != 1) {
            throw notSingular(rows);
        }
        if (total != null && offset > total) {
            throw Refusal.withDetails(
                            RestError.INVALID_RANGE,
                            "An offset of " + offset + " was requested, but there are only " + total + " rows.")
                    .withHeader(CONTENT_RANGE.toString(), "*/" + total);
        }
        int status = total != null && rows < total ? 206 : 200;
        return answer(request, use, status, row, RowRange.contentRange(offset, rows, total), null);
    }

    static Reply inserted(RestRequest request, Row row, Statement plan) {
        long rows = row.getLong(ROWS);
        Integer inserted = row.getInteger(INSERTED);
        int status = inserted != null && inserted <= 0 && rows > 0 ? 200 : 201;
        return answer(request, Use.WRITE, status, row, counted(request, row), location(request, row, plan));
    }

    static Reply put(RestRequest request, Row row) {
        if (row.getLong(ROWS) != 1) {
            throw Refusal.of(RestError.PUT_OF_ANOTHER_ROW);
        }
        Integer inserted = row.getInteger(INSERTED);
        int known = row.getBuffer(BODY) == null ? 204 : 200;
        return answer(
                request, Use.WRITE, inserted != null && inserted > 0 ? 201 : known, row, counted(request, row), null);
    }

    static Reply updated(RestRequest request, Row row) {
        long rows = row.getLong(ROWS);
        var range = RowRange.contentRange(0, rows, request.counted() ? rows : null);
        return answer(request, Use.WRITE, row.getBuffer(BODY) == null ? 204 : 200, row, range, null);
    }

    static Reply deleted(RestRequest request, Row row) {
        return answer(request, Use.WRITE, row.getBuffer(BODY) == null ? 204 : 200, row, counted(request, row), null);
    }

    /** Fails, and so rolls back, what the request does not allow to commit. */
    static Future<Row> judged(RestRequest request, Row row) {
        var rows = row.getLong("rows");
        if (request.mediaType().representation().isSingular() && rows != 1) {
            return Future.failedFuture(notSingular(rows));
        }
        var allowed = request.preferences().strictMaxAffected();
        if (allowed != null && rows > allowed) {
            return Future.failedFuture(
                    Refusal.withDetails(RestError.TOO_MANY_AFFECTED, "The query affects " + rows + " rows"));
        }
        return Future.succeededFuture(row);
    }

    private static ApiException notSingular(long rows) {
        return Refusal.withDetails(RestError.NOT_SINGULAR, "The result contains " + rows + " rows");
    }

    private static String counted(RestRequest request, Row row) {
        return "*/" + (request.counted() ? row.getLong(ROWS) : "*");
    }

    private static Reply answer(
            RestRequest request, Use use, int status, Row row, String range, @Nullable String location) {
        var headers = headers(request, use, range);
        if (location != null) {
            headers.add(Map.entry(HttpHeaders.LOCATION, location));
        }
        Buffer bytes = row.getBuffer(BODY);
        if (bytes != null || (use != Use.WRITE && status != 204)) {
            headers.add(Map.entry(HttpHeaders.CONTENT_TYPE, request.mediaType().contentType()));
        }
        var body = bytes == null ? new Reply.Body.None() : new Reply.Body.Bytes(bytes);
        return bySettings(status, headers, body, row.getString(STATUS), row.getString(HEADERS));
    }

    private static List<Map.Entry<CharSequence, CharSequence>> headers(RestRequest request, Use use, String range) {
        var headers = new ArrayList<Map.Entry<CharSequence, CharSequence>>(4);
        headers.add(Map.entry(CONTENT_RANGE, range));
        headers.add(Map.entry(CONTENT_PROFILE, request.schema()));
        var applied = request.preferences().applied(use);
        if (applied != null) {
            headers.add(Map.entry(PREFERENCE_APPLIED, applied));
        }
        return headers;
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

    /** SQL's headers instead of ours of the same name; SQL itself may repeat one. */
    private static void addHeaders(List<Map.Entry<CharSequence, CharSequence>> headers, String json) {
        var own = new ArrayList<Map.Entry<CharSequence, CharSequence>>();
        try {
            for (var element : new JsonArray(json)) {
                var header = ((JsonObject) element).iterator().next();
                var value = (String) header.getValue();
                if (value == null || !HeaderText.isHeader(header.getKey(), value)) {
                    throw Refusal.of(RestError.INVALID_RESPONSE_HEADERS);
                }
                headers.removeIf(known -> known.getKey().toString().equalsIgnoreCase(header.getKey()));
                own.add(Map.entry(header.getKey(), value));
            }
        } catch (DecodeException | ClassCastException | java.util.NoSuchElementException malformed) {
            throw Refusal.of(RestError.INVALID_RESPONSE_HEADERS);
        }
        headers.addAll(own);
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
                    .append(encode(plan.names().get(i)))
                    .append('=')
                    .append(value == null ? "is.null" : "eq." + encode(value));
        }
        return location.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
