package dev.basalt.sdk.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Url;
import dev.basalt.sdk.sql.Isolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Requests on tables and functions that run one after the other in one transaction, all or none. Nothing is sent before the
 * whole batch is made; a {@link Step} stands for what a request will have returned.
 *
 * <pre>{@code
 * BatchResult done = basalt.batch(batch -> {
 *     var order = batch.single(basalt.from("orders").insert(Map.of("customer", "Ann")).returning());
 *     batch.write(basalt.from("lines").insert(Map.of("order_id", order.ref("id"), "sku", "a1")));
 * });
 * }</pre>
 *
 * <p>For the one thread that makes it.
 */
public final class Batch {
    /** The member of an object that stands for a value. */
    static final String REF = "$ref";

    private static final String LITERAL = "$literal";
    private static final AtomicLong LAST = new AtomicLong();

    private final long id = LAST.incrementAndGet();
    private final List<Request> requests = new ArrayList<>();
    private final List<Ref> refs = new ArrayList<>();
    private boolean made;

    private Batch() {}

    static Batch made(Consumer<Batch> by) {
        var batch = new Batch();
        by.accept(batch);
        batch.made = true;
        if (batch.requests.isEmpty()) throw new IllegalArgumentException("a batch needs a request");
        return batch;
    }

    /** Reads rows; of a write that returns them, or of a function too. */
    public <T> Step<Rows<T>> rows(TypedQuery<T> query) {
        return add(query.request().acceptRows(), answer -> TypedQuery.rows(answer, query.type()));
    }

    /** As {@link #rows(TypedQuery)}, each row a map of column names to values. */
    public Step<Rows<Map<String, @Nullable Object>>> rows(RowQuery query) {
        return rows(query.as(Json.rowClass()));
    }

    /** Reads the one row; where it is not one, the batch fails. */
    public <T> Step<T> single(TypedQuery<T> query) {
        return add(query.request().acceptOneRow(), answer -> Json.readRow(answer, query.type()));
    }

    /** As {@link #single(TypedQuery)}, as a map of column names to values. */
    public Step<Map<String, @Nullable Object>> single(RowQuery query) {
        return single(query.as(Json.rowClass()));
    }

    /** Writes, and results in how many rows. */
    public Step<Long> write(WritingQuery<?> query) {
        return add(query.request().prefer("return", "minimal").prefer("count", "exact"), TypedQuery::askedTotal);
    }

    /** Calls a function that returns no set, and reads its value. */
    public <T> Step<T> value(CallQuery call, Class<T> type) {
        return add(call.request().accept("application/json"), answer -> Json.readRow(answer, type));
    }

    /** Calls a function, and reads nothing of what it returns. */
    public Step<Boolean> run(CallQuery call) {
        return add(call.request(), answer -> true);
    }

    private <T> Step<T> add(Request request, Function<Answer, T> reader) {
        if (made) throw new IllegalStateException("the batch is made");
        requests.add(request);
        return new Step<>(this, requests.size() - 1, reader);
    }

    Ref refer(int request, List<Object> path) {
        if (made) throw new IllegalStateException("the batch is made");
        var ref = new Ref(id, refs.size(), request, path);
        refs.add(ref);
        return ref;
    }

    CompletableFuture<BatchResult> send(Transport transport, BearerSource bearer, @Nullable Isolation isolation) {
        var body = new LinkedHashMap<String, Object>();
        body.put("requests", requests.stream().map(this::part).toList());
        if (isolation != null) body.put("isolation", isolation.wireName());
        return transport.send(
                Call.of(Dialect.DATA, "POST", "/rest/v1:batch").json(body),
                bearer,
                answer -> BatchResult.of(this, requests.size(), answer));
    }

    private Map<String, Object> part(Request request) {
        Call call = request.headed();
        var part = new LinkedHashMap<String, Object>();
        part.put("method", call.method());
        part.put("path", call.path() + query(call.parameters()));
        var headers = new LinkedHashMap<>(call.headers());
        Content content = request.content();
        if (content != null) {
            headers.put("Content-Type", content.type());
            part.put("body", body(content));
        }
        part.put("headers", headers);
        return part;
    }

    private Object body(Content content) {
        if (!content.isText()) throw new IllegalArgumentException("a batch holds no bytes: " + content.type());
        return content.isJson()
                ? meant(Json.parsed(content.bytes()))
                : new String(content.bytes(), StandardCharsets.UTF_8);
    }

    /** Whether a value of a body stands for a {@link Ref}. */
    static boolean isReference(JsonNode value) {
        return value.size() == 1
                && value.path(REF).isTextual()
                && Ref.tokens().matcher(value.path(REF).textValue()).matches();
    }

    /** A body in which references are pointers, and what only looks like one is told to be data. */
    private JsonNode meant(JsonNode value) {
        if (isReference(value)) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put(REF, found(value.path(REF).textValue()).pointer());
        }
        if (value instanceof ArrayNode array) {
            ArrayNode elements = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(element -> elements.add(meant(element)));
            return elements;
        }
        if (!(value instanceof ObjectNode object)) return value;
        if (object.size() == 1 && (object.has(REF) || object.has(LITERAL))) {
            if (Ref.isIn(object.toString())) {
                throw new IllegalArgumentException(
                        "a reference can't stand below " + object.fieldNames().next());
            }
            return JsonNodeFactory.instance.objectNode().set(LITERAL, object);
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(member -> members.set(member.getKey(), meant(member.getValue())));
        return members;
    }

    private String query(List<Map.Entry<String, String>> parameters) {
        if (parameters.isEmpty()) return "";
        return parameters.stream()
                .map(parameter -> Url.encode(plain(parameter.getKey())) + "=" + value(parameter.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    private String value(String text) {
        var out = new StringBuilder();
        Matcher token = Ref.tokens().matcher(text);
        int end = 0;
        while (token.find()) {
            out.append(Url.encode(plain(text.substring(end, token.start()))));
            out.append(Url.encode(found(token.group()).inQuery()));
            end = token.end();
        }
        return out.append(Url.encode(plain(text.substring(end)))).toString();
    }

    /** A text of which the server takes nothing for a reference. */
    private static String plain(String text) {
        return text.replace("${", "$${");
    }

    private Ref found(String token) {
        Matcher parts = Ref.tokens().matcher(token);
        if (!parts.matches() || Long.parseLong(parts.group(1)) != id) {
            throw new IllegalArgumentException("a reference is one of another batch");
        }
        return refs.get(Integer.parseInt(parts.group(2)));
    }
}
