package dev.basalt.data.documents.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.documents.Grammar;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.documents.collection.Collections;
import dev.basalt.data.query.PathQueryParser;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Aggregates over the documents that a query finds, one statement. Sums and averages are of numbers, anything else is left out
 * of them; the least and greatest are of any values that are not null. Safe for use by any thread.
 */
@ApplicationScoped
class Aggregates {
    private static final int MAX_FIELDS = 20;
    private static final Set<String> MEMBERS = Set.of("count", "sum", "avg", "min", "max", "groupBy");

    private final DocumentQueries queries;
    private final QueryHints hints;
    private final Collections collections;
    private final DocumentsConfig config;

    @Inject
    Aggregates(DocumentQueries queries, QueryHints hints, Collections collections, DocumentsConfig config) {
        this.queries = queries;
        this.hints = hints;
        this.collections = collections;
        this.config = config;
    }

    /** What is asked for: {@code {"count": true, "sum": ["a.b"], "avg": […], "min": […], "max": […], "groupBy": […]}}. */
    record Request(
            boolean count,
            List<String> sum,
            List<String> avg,
            List<String> min,
            List<String> max,
            List<String> groupBy) {
        static Request parse(ObjectNode body) {
            StrictJson.requireMembers(body, MEMBERS);
            var count = body.path("count");
            if (!count.isMissingNode() && !count.isBoolean()) {
                throw refused("'count' is true or false");
            }
            var request = new Request(
                    count.asBoolean(),
                    paths(body, "sum"),
                    paths(body, "avg"),
                    paths(body, "min"),
                    paths(body, "max"),
                    paths(body, "groupBy"));
            if (!request.count()
                    && request.sum().isEmpty()
                    && request.avg().isEmpty()
                    && request.min().isEmpty()
                    && request.max().isEmpty()) {
                throw refused("at least one of count, sum, avg, min, max is asked for");
            }
            return request;
        }

        private static List<String> paths(ObjectNode body, String member) {
            var paths = body.path(member);
            if (paths.isMissingNode()) {
                return List.of();
            }
            if (!paths.isArray() || paths.isEmpty() || paths.size() > MAX_FIELDS) {
                throw refused("'" + member + "' is an array of 1 to " + MAX_FIELDS + " paths");
            }
            var texts = new ArrayList<String>();
            for (JsonNode path : paths) {
                if (!path.isTextual()) {
                    throw refused("'" + member + "' holds texts");
                }
                texts.add(path.textValue());
            }
            return texts;
        }
    }

    /** {@code {"groups": [{"key": {…}, "count": n, "sum": {…}, "avg": {…}, "min": {…}, "max": {…}}], "hint": {…}}}, without a hint where there is none. */
    Future<Buffer> of(RequestContext context, DocumentQuery query, Request request) {
        var sql = new SqlText();
        var groups = request.groupBy().stream().map(Aggregates::known).toList();
        var members = new ArrayList<String>();
        if (!groups.isEmpty()) {
            members.add("'key', " + object(request.groupBy(), x -> x));
        }
        if (request.count()) {
            members.add("'count', count(*)");
        }
        addAll(members, "sum", request.sum(), x -> "coalesce(sum(" + number(x) + "), 0)");
        addAll(members, "avg", request.avg(), x -> "avg(" + number(x) + ")");
        addAll(members, "min", request.min(), x -> "basalt_documents.min(" + x + ")");
        addAll(members, "max", request.max(), x -> "basalt_documents.max(" + x + ")");
        var statement = "select jsonb_build_object(" + String.join(", ", members) + ")::text"
                + DocumentQueries.matching(
                        query.collection(),
                        query.group(),
                        query.asked().where(),
                        query.asked().values(),
                        sql)
                + (groups.isEmpty()
                        ? ""
                        : " group by " + String.join(", ", groups) + " order by " + String.join(", ", groups)
                                + " limit " + sql.number(config.maxGroups() + 1L));
        return collections
                .find(context, query.collection().collection())
                .compose(_ -> queries.run(context, statement, sql, null))
                .map(rows -> {
                    if (rows.size() > config.maxGroups()) {
                        throw refused("there are more than " + config.maxGroups()
                                + " groups (basalt.data.documents.max-groups); filter them");
                    }
                    var texts = new ArrayList<String>();
                    rows.forEach(row -> texts.add(row.getString(0)));
                    return "{\"groups\":[" + String.join(",", texts) + "]";
                })
                .compose(answer -> hints.of(context, query, List.of())
                        .map(hint -> Buffer.buffer(answer
                                + hint.map(told -> ",\"hint\":" + told.encode()).orElse("") + "}")));
    }

    private static void addAll(List<String> members, String name, List<String> paths, UnaryOperator<String> aggregate) {
        if (!paths.isEmpty()) {
            members.add("'" + name + "', " + object(paths, aggregate));
        }
    }

    private static String object(List<String> paths, UnaryOperator<String> value) {
        return paths.stream()
                .map(path -> DocumentSql.literal(path) + ", " + value.apply(known(path)))
                .collect(Collectors.joining(", ", "jsonb_build_object(", ")"));
    }

    /** A field's value as JSON; one that is null there counts as missing. */
    private static String known(String path) {
        var field = DocumentField.of(Grammar.read(() -> PathQueryParser.path(path)));
        return field.isJson() ? "nullif(" + field.expression() + ", 'null')" : "to_jsonb(" + field.expression() + ")";
    }

    private static String number(String x) {
        return "case jsonb_typeof(" + x + ") when 'number' then (" + x + ")::numeric end";
    }

    private static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_REQUEST, detail);
    }
}
