package dev.basalt.sdk.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.error.Failure;
import dev.basalt.sdk.error.FunctionException;
import dev.basalt.sdk.error.StorageException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose error body an answer carries. Every dialect also takes problem details (RFC 9457), which some layers answer. */
public enum Dialect {
    /** {@code {code, message}}, or {@code {code: <http>, error_code, msg}}, with {@code weak_password.reasons}. */
    AUTH,
    /** {@code {code, message, details, hint}}. */
    DATA,
    /** Problem details with {@code sqlstate}, {@code position}, {@code statement} and what else PostgreSQL says. */
    SQL,
    /** Problem details with {@code pointer}, {@code write}, {@code path}, {@code violations}. */
    DOCUMENTS,
    /** {@code {statusCode, error, message, code}}, with the true status in {@code statusCode}. */
    STORAGE,
    /** Whatever the function answered. */
    FUNCTION;

    private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);

    /** What a failure has a place of its own for. */
    private static final Set<String> KNOWN = Set.of(
            "code",
            "error_code",
            "error",
            "message",
            "msg",
            "title",
            "detail",
            "details",
            "hint",
            "status",
            "statusCode",
            "error_description",
            "weak_password");

    /** Reads the error out of an answer. */
    BasaltException exception(Answer answer, @Nullable Duration retryAfter) {
        JsonNode body = Json.tree(answer.body());
        if (body == null || !body.isObject()) body = null;
        return switch (this) {
            case AUTH -> new AuthException(auth(answer, body, retryAfter), null);
            case DATA -> DataException.of(data(answer, body, retryAfter), null);
            case SQL -> DataException.of(sql(answer, body, retryAfter), null);
            case DOCUMENTS -> documents(answer, body, retryAfter);
            case STORAGE -> new StorageException(storage(answer, body, retryAfter), null);
            case FUNCTION -> function(answer, body, retryAfter);
        };
    }

    private static Failure auth(Answer answer, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        String code = first(body, "error_code", "code", "error");
        // The older form has the status where the newer one has the code.
        if (code == null || code.chars().allMatch(Character::isDigit)) code = fallbackCode(answer);
        JsonNode reasons = body == null ? null : body.path("weak_password").path("reasons");
        String details = reasons == null || reasons.isMissingNode() ? first(body, "details") : reasons.toString();
        return failure(answer, answer.status(), code, details, body, retryAfter);
    }

    private static Failure data(Answer answer, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        String code = first(body, "code");
        return failure(
                answer,
                answer.status(),
                code == null ? fallbackCode(answer) : code,
                first(body, "details"),
                body,
                retryAfter);
    }

    /** An error of SQL is what PostgreSQL calls it, so that it is of the same type wherever it occurs. */
    private static Failure sql(Answer answer, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        String code = first(body, "sqlstate", "code");
        return failure(
                answer,
                answer.status(),
                code == null ? fallbackCode(answer) : code,
                first(body, "details"),
                body,
                retryAfter);
    }

    private static BasaltException documents(Answer answer, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        String code = first(body, "code");
        if (code != null && isOfSql(code)) return DataException.of(sql(answer, body, retryAfter), null);
        return DocumentException.of(
                failure(answer, answer.status(), code == null ? fallbackCode(answer) : code, null, body, retryAfter),
                null);
    }

    /** A commit may hold SQL, which fails as it does alone. */
    private static boolean isOfSql(String code) {
        return code.startsWith("sql_")
                || code.endsWith("_cap_exceeded")
                || code.equals("unreadable_value")
                || code.equals("invalid_sql_request");
    }

    /** The error that ends a stream of rows. */
    public static DataException inStream(JsonNode problem) {
        Answer answer = new Answer(problem.path("status").asInt(), NO_HEADERS, new byte[0], null);
        return DataException.of(sql(answer, problem, null), null);
    }

    private static Failure storage(Answer answer, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        String code = first(body, "code", "error");
        return failure(
                answer,
                status(first(body, "statusCode"), answer.status()),
                code == null ? fallbackCode(answer) : code,
                null,
                body,
                retryAfter);
    }

    private static FunctionException function(Answer answer, @Nullable JsonNode body, @Nullable Duration retryAfter) {
        boolean relayed = answer.header("x-relay-error").filter("true"::equals).isPresent();
        String code = first(body, "code", "error_code");
        return new FunctionException(
                failure(
                        answer,
                        answer.status(),
                        code == null ? fallbackCode(answer) : code,
                        relayed ? first(body, "details") : answer.text(),
                        body,
                        retryAfter),
                relayed,
                null);
    }

    private static Failure failure(
            Answer answer,
            int status,
            String code,
            @Nullable String details,
            @Nullable JsonNode body,
            @Nullable Duration retryAfter) {
        String message = first(body, "message", "msg", "error_description", "detail", "title");
        return new Failure(
                status,
                code,
                message == null ? "HTTP status " + answer.status() : message,
                details,
                first(body, "hint"),
                answer.requestId(),
                retryAfter,
                members(body));
    }

    private static Map<String, Object> members(@Nullable JsonNode body) {
        var members = new LinkedHashMap<String, Object>();
        if (body == null) return members;
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            if (!KNOWN.contains(member.getKey()) && !member.getValue().isNull()) {
                members.put(member.getKey(), Json.plain(member.getValue()));
            }
        }
        return members;
    }

    private static int status(@Nullable String claimed, int answered) {
        return claimed != null && claimed.matches("[45]\\d\\d") ? Integer.parseInt(claimed) : answered;
    }

    private static String fallbackCode(Answer answer) {
        return "http_" + answer.status();
    }

    private static @Nullable String first(@Nullable JsonNode body, String... names) {
        if (body == null) return null;
        for (String name : names) {
            JsonNode value = body.get(name);
            if (value != null && !value.isNull()) return value.isValueNode() ? value.asText() : value.toString();
        }
        return null;
    }
}
