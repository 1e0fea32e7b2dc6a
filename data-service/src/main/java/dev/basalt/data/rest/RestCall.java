package dev.basalt.data.rest;

import dev.basalt.data.query.ParsedQuery;
import dev.basalt.data.query.QueryString;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request before it is parsed: alone over HTTP, or a part of a batch.
 *
 * @param name the table's or function's
 * @param query the query string as it came, or null
 * @param contentType without its parameters, in lower case
 * @param values gives each value of the query string as it is meant, or null when it is meant as it stands
 * @param session the transaction that the request runs in, or null when it has its own
 * @param abandoned completes when the client no longer waits for the answer
 */
record RestCall(
        RequestContext context,
        HttpMethod method,
        String name,
        @Nullable String query,
        MultiMap headers,
        String contentType,
        Supplier<Future<Buffer>> body,
        @Nullable UnaryOperator<String> values,
        @Nullable SqlConnection session,
        Future<Void> abandoned) {
    static RestCall of(Exchange exchange, String name) {
        return new RestCall(
                exchange.context(),
                exchange.request().method(),
                name,
                exchange.request().query(),
                exchange.request().headers(),
                exchange.contentType(),
                exchange::body,
                null,
                null,
                exchange.abandoned());
    }

    @Nullable
    String header(CharSequence header) {
        return headers.get(header);
    }

    /** A query with each of its values as it is meant. */
    ParsedQuery bound(ParsedQuery parsed) {
        return values == null
                ? parsed
                : new ParsedQuery(
                        parsed.shape(), parsed.values().stream().map(values).toList(), parsed.limit(), parsed.offset());
    }

    /** Arguments with each of their values as it is meant. */
    List<QueryString.Parameter> bound(List<QueryString.Parameter> arguments) {
        return values == null
                ? arguments
                : arguments.stream()
                        .map(argument -> new QueryString.Parameter(argument.name(), values.apply(argument.value())))
                        .toList();
    }

    /** Whether it is a GET or HEAD, which change nothing. */
    boolean reads() {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
    }

    /** Whether the answer has a body. */
    boolean withBody() {
        return !HttpMethod.HEAD.equals(method);
    }
}
