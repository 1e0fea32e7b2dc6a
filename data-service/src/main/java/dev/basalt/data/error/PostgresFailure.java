package dev.basalt.data.error;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's errors as the dialect tells them: SQLSTATE, message, detail and hint pass through, the status is PostgREST's. */
public final class PostgresFailure {
    private static final String RAISED_RESPONSE = "PGRST";
    private static final String MESSAGE_HINT =
            "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and"
                    + " optional keys: 'details', 'hint'.";
    private static final String DETAIL_HINT =
            "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and"
                    + " optional key: 'status_text'.";

    private PostgresFailure() {}

    /**
     * A statement's failure.
     *
     * @param anonymous whether nobody was signed in: what is forbidden to nobody may be allowed to somebody, hence 401
     */
    public static ApiException of(PgException failure, boolean anonymous) {
        var state = failure.getSqlState() == null ? "XX000" : failure.getSqlState();
        var message = failure.getErrorMessage() == null ? "" : failure.getErrorMessage();
        if (state.equals(RAISED_RESPONSE)) {
            return raised(message, failure.getDetail());
        }
        var refusal = ApiException.of(new PostgresError(status(state, message, anonymous), state, message), message);
        if (failure.getDetail() != null) {
            refusal = refusal.with(Refusal.DETAILS, failure.getDetail());
        }
        if (failure.getHint() != null) {
            refusal = refusal.with(Refusal.HINT, failure.getHint());
        }
        return refusal;
    }

    /** Whether the statement named a relation or column that is not there: the schema it was planned with may be old. */
    public static boolean isStaleSchema(Throwable failure) {
        return failure instanceof PgException pg
                && ("42P01".equals(pg.getSqlState()) || "42703".equals(pg.getSqlState()));
    }

    /** Whether the statement was in the way of another: a serialization failure or a deadlock, gone if tried again. */
    public static boolean isConflict(Throwable failure) {
        return failure instanceof PgException pg
                && ("40001".equals(pg.getSqlState()) || "40P01".equals(pg.getSqlState()));
    }

    /** Whether a catalog function met something that another transaction dropped after the statement began. */
    public static boolean isDroppedMeanwhile(Throwable failure) {
        return failure instanceof PgException pg && "XX000".equals(pg.getSqlState());
    }

    private static int status(String state, String message, boolean anonymous) {
        return switch (state) {
            case "23503", "23505" -> 409;
            case "25006" -> 405;
            case "21000" -> message.endsWith("requires a WHERE clause") ? 400 : 500;
            case "22023" -> message.startsWith("role") && message.endsWith("does not exist") ? 401 : 400;
            case "42883", "42P01" -> 404;
            case "42P17", "53400" -> 500;
            case "42501" -> anonymous ? 401 : 403;
            case "57P01" -> 503;
            case "P0001" -> 400;
            default ->
                switch (state.substring(0, 2)) {
                    case "08", "53" -> 503;
                    case "0L", "0P", "28" -> 403;
                    case "09", "25", "2D", "38", "39", "3B", "40", "54", "55", "57", "58", "F0", "HV", "P0", "XX" ->
                        500;
                    case "PT" -> ownStatus(state);
                    default -> 400;
                };
        };
    }

    /** {@code raise sqlstate 'PT402'}: the status is the code's digits. */
    private static int ownStatus(String state) {
        var digits = state.substring(2);
        int status = digits.matches("\\d{3}") ? Integer.parseInt(digits) : 500;
        return status >= 400 && status <= 599 ? status : 500;
    }

    /** {@code raise sqlstate 'PGRST' using message = '{…}', detail = '{…}'}: SQL words the whole answer. */
    private static ApiException raised(String message, @Nullable String detail) {
        if (detail == null) {
            return unreadable("DETAIL is missing in the RAISE statement", DETAIL_HINT);
        }
        var body = parse(message);
        if (body == null || !isText(body, "code") || !isText(body, "message")) {
            return unreadable("Invalid JSON value for MESSAGE: '" + message + "'", MESSAGE_HINT);
        }
        var answer = parse(detail);
        if (answer == null
                || !(answer.getValue("status") instanceof Integer status)
                || !(answer.getValue("headers") instanceof JsonObject headers)) {
            return unreadable("Invalid JSON value for DETAIL: '" + detail + "'", DETAIL_HINT);
        }
        var refusal = ApiException.of(
                new PostgresError(
                        status >= 100 && status <= 599 ? status : 500,
                        body.getString("code"),
                        body.getString("message")),
                body.getString("message"));
        for (var member : new String[] {Refusal.DETAILS, Refusal.HINT}) {
            if (isText(body, member)) {
                refusal = refusal.with(member, body.getString(member));
            }
        }
        for (var header : headers) {
            var value = String.valueOf(header.getValue());
            if (!HeaderText.isHeader(header.getKey(), value)) {
                return unreadable("Invalid JSON value for DETAIL: '" + detail + "'", DETAIL_HINT);
            }
            refusal = refusal.withHeader(header.getKey(), value);
        }
        return refusal;
    }

    private static ApiException unreadable(String details, String hint) {
        return Refusal.of(RestError.INVALID_RAISE, RestError.INVALID_RAISE.title(), details, hint);
    }

    private static boolean isText(JsonObject object, String member) {
        return object.getValue(member) instanceof String;
    }

    private static @Nullable JsonObject parse(String json) {
        try {
            return new JsonObject(json);
        } catch (DecodeException | ClassCastException notAnObject) {
            return null;
        }
    }
}
