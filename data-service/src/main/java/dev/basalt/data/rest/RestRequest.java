package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.RowPage;
import dev.basalt.data.query.ParsedQuery;
import dev.basalt.data.query.QueryParser;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request on a table, parsed as far as it can be without knowing the table. */
record RestRequest(
        RequestContext context,
        String schema,
        String table,
        ParsedQuery query,
        Preferences preferences,
        MediaType mediaType,
        @Nullable String range) {
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final CharSequence RANGE = HttpHeaders.createOptimized("range");
    private static final CharSequence ACCEPT_PROFILE = HttpHeaders.createOptimized("accept-profile");
    private static final CharSequence CONTENT_PROFILE = HttpHeaders.createOptimized("content-profile");

    /**
     * Reads a request; refuses, in this order, an unknown schema ({@code PGRST106}), an unparsable query ({@code PGRST100}),
     * preferences under {@code handling=strict} ({@code PGRST122}) and media types that there are not ({@code PGRST107}).
     */
    static RestRequest of(Exchange exchange, List<String> exposedSchemas) {
        var request = exchange.request();
        boolean reads = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        var headers = request.headers();
        return new RestRequest(
                exchange.context(),
                schema(headers.get(reads ? ACCEPT_PROFILE : CONTENT_PROFILE), exposedSchemas),
                exchange.path("table"),
                QueryParser.parse(request.query()),
                headers.contains(PREFER) ? Preferences.parse(headers.getAll(PREFER)) : Preferences.NONE,
                MediaType.accepted(headers.get(HttpHeaders.ACCEPT)),
                reads ? headers.get(RANGE) : null);
    }

    private static String schema(@Nullable String profile, List<String> exposed) {
        if (profile == null) {
            return exposed.getFirst();
        }
        if (!exposed.contains(profile)) {
            throw Refusal.of(
                    RestError.UNKNOWN_SCHEMA,
                    "Invalid schema: " + profile,
                    null,
                    "Only the following schemas are exposed: " + String.join(", ", exposed));
        }
        return profile;
    }

    boolean counted() {
        return preferences.count() != null;
    }

    /** The page of rows that a write is about, by {@code limit} and {@code offset}. */
    RowPage page() {
        return new RowPage(query.limit() != null, query.offset() != null);
    }

    /** What a write returns, by {@code Prefer: return=}; nothing unless asked. */
    Representation written() {
        return switch (preferences.representation()) {
            case REPRESENTATION -> mediaType.representation();
            case HEADERS_ONLY -> Representation.LOCATION;
            case MINIMAL -> Representation.NONE;
            case null -> Representation.NONE;
        };
    }

    /** The table as triggers name it. */
    String qualifiedTable() {
        return schema + "." + table;
    }
}
