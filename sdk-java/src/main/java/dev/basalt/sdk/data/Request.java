package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Transport;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A query so far: the call, its preferences and its order. Immutable.
 *
 * @param content the body; {@code null} for none
 * @param preferences of the {@code Prefer} header, each once
 * @param order the terms of {@code order=}
 * @param withoutNulls whether members that are NULL are left out of the answer
 */
record Request(
        Transport transport,
        BearerSource bearer,
        Call call,
        @Nullable Content content,
        Map<String, String> preferences,
        List<String> order,
        boolean withoutNulls) {
    private static final String JSON = "application/json";
    private static final String ROWS = "application/vnd.pgrst.array+json";
    private static final String ONE_ROW = "application/vnd.pgrst.object+json";

    static Request of(Transport transport, BearerSource bearer, Call call) {
        return new Request(transport, bearer, call, null, Map.of(), List.of(), false);
    }

    Request map(UnaryOperator<Call> change) {
        return new Request(transport, bearer, change.apply(call), content, preferences, order, withoutNulls);
    }

    /** With this body, or {@code null} for none. */
    Request content(@Nullable Content body) {
        return new Request(transport, bearer, call, body, preferences, order, withoutNulls);
    }

    /** Adds a parameter, beside others of its name. */
    Request parameter(String name, String value) {
        return map(call -> call.parameter(name, value));
    }

    /** Sets a parameter that stands once. */
    Request only(String name, String value) {
        return without(List.of(name)).parameter(name, value);
    }

    Request without(Collection<String> names) {
        return map(call -> call.parameters(call.parameters().stream()
                .filter(parameter -> !names.contains(parameter.getKey()))
                .toList()));
    }

    Request prefer(String name, String value) {
        var more = new LinkedHashMap<>(preferences);
        more.put(name, value);
        return new Request(transport, bearer, call, content, more, order, withoutNulls);
    }

    Request where(Filter filter) {
        Map.Entry<String, String> parameter = filter.parameter();
        return parameter(parameter.getKey(), parameter.getValue());
    }

    Request order(String term) {
        var more = new ArrayList<>(order);
        more.add(term);
        return new Request(transport, bearer, call, content, preferences, List.copyOf(more), withoutNulls);
    }

    Request unordered() {
        return new Request(transport, bearer, call, content, preferences, List.of(), withoutNulls);
    }

    Request strippingNulls() {
        return new Request(transport, bearer, call, content, preferences, order, true);
    }

    /** Reads these parts, and of what they embed the rows that their conditions pick. */
    Request select(List<Selection> selections) {
        Request selecting = only("select", Selection.written(selections));
        for (Selection selection : selections) {
            if (!(selection instanceof Embed embed)) continue;
            for (Map.Entry<String, String> parameter : embed.parameters()) {
                selecting = selecting.parameter(parameter.getKey(), parameter.getValue());
            }
        }
        return selecting;
    }

    Request limit(String name, long rows) {
        if (rows < 0) throw new IllegalArgumentException("the " + name + " is 0 or more");
        return only(name, Long.toString(rows));
    }

    /** Asks for a media type. */
    Request accept(String type) {
        return map(call -> call.header("Accept", type));
    }

    Request acceptRows() {
        return accept(withoutNulls ? ROWS + ";nulls=stripped" : JSON);
    }

    Request acceptOneRow() {
        return accept(withoutNulls ? ONE_ROW + ";nulls=stripped" : ONE_ROW);
    }

    <T extends @Nullable Object> CompletableFuture<T> send(Function<Answer, T> reader) {
        return transport.send(ready(), bearer, reader);
    }

    /**
     * The call with all that belongs to it.
     *
     * @throws IllegalArgumentException if it refers to an answer of a batch
     */
    Call ready() {
        Call ready = headed();
        if (ready.parameters().stream().anyMatch(parameter -> Ref.isIn(parameter.getValue()))
                || (content != null && content.refers())) {
            throw new IllegalArgumentException("a reference to a batch's answer has a meaning in that batch alone");
        }
        return content == null ? ready : ready.body(content.type(), BodyPublishers.ofByteArray(content.bytes()));
    }

    /** The call with all but its body. */
    Call headed() {
        Call ready = call;
        if (!order.isEmpty()) ready = ready.parameter("order", String.join(",", order));
        if (preferences.isEmpty()) return ready;
        var preferred = preferences.entrySet().stream()
                .map(preference -> preference.getKey() + "=" + preference.getValue())
                .toList();
        return ready.header("Prefer", String.join(",", preferred));
    }
}
