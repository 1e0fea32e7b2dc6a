package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A query so far: the call and its preferences. Immutable. */
record Request(Transport transport, BearerSource bearer, Call call, List<String> preferences) {
    Request map(UnaryOperator<Call> change) {
        return new Request(transport, bearer, change.apply(call), preferences);
    }

    Request parameter(String name, String value) {
        return map(call -> call.parameter(name, value));
    }

    Request prefer(String preference) {
        var more = new ArrayList<>(preferences);
        more.add(preference);
        return new Request(transport, bearer, call, List.copyOf(more));
    }

    Request where(Filter filter) {
        return switch (filter) {
            case Filter.Comparison(String column, String operator, Object value) ->
                parameter(column, operator + "." + Quoting.text(value));
            case Filter.Is(String column, Boolean value) -> parameter(column, "is." + value);
            case Filter.In in -> parameter(in.column(), "in." + in.operand());
            case Filter.Tree tree -> parameter(tree.operator(), tree.operand());
            case Filter.Not(Filter inner) ->
                switch (inner) {
                    case Filter.Comparison(String column, String operator, Object value) ->
                        parameter(column, "not." + operator + "." + Quoting.text(value));
                    case Filter.Is(String column, Boolean value) -> parameter(column, "not.is." + value);
                    case Filter.In in -> parameter(in.column(), "not.in." + in.operand());
                    case Filter.Tree tree -> parameter("not." + tree.operator(), tree.operand());
                    case Filter.Not(Filter twice) -> where(twice);
                };
        };
    }

    <T> CompletableFuture<T> send(Function<Answer, T> reader) {
        Call ready = preferences.isEmpty() ? call : call.header("Prefer", String.join(",", preferences));
        return transport.send(ready, bearer, reader);
    }
}
