package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.RowPage;
import dev.basalt.data.query.ParsedQuery;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request on a table or function, parsed as far as it can be without knowing it.
 *
 * @param table the table, or the function that stands where a table would
 * @param mediaType what is answered, out of {@code accept}
 * @param session the transaction that it runs in, or null when it has its own
 * @param abandoned completes when the client no longer waits for the answer
 */
record RestRequest(
        RequestContext context,
        String schema,
        String table,
        ParsedQuery query,
        Preferences preferences,
        Accept accept,
        MediaType mediaType,
        @Nullable String range,
        @Nullable SqlConnection session,
        Future<Void> abandoned) {
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final CharSequence RANGE = HttpHeaders.createOptimized("range");
    private static final CharSequence ACCEPT_PROFILE = HttpHeaders.createOptimized("accept-profile");
    private static final CharSequence CONTENT_PROFILE = HttpHeaders.createOptimized("content-profile");

    /**
     * Reads a request; refuses, in this order, an unknown schema ({@code PGRST106}) and preferences under {@code
     * handling=strict} ({@code PGRST122}).
     *
     * @param query parsed already, because it is what is refused first
     */
    static RestRequest of(RestCall call, ParsedQuery query, List<String> exposedSchemas) {
        var headers = call.headers();
        return new RestRequest(
                call.context(),
                schema(call, exposedSchemas),
                call.name(),
                call.bound(query),
                headers.contains(PREFER) ? Preferences.parse(headers.getAll(PREFER)) : Preferences.NONE,
                Accept.of(headers.get(HttpHeaders.ACCEPT)),
                MediaType.JSON,
                call.reads() ? headers.get(RANGE) : null,
                call.session(),
                call.abandoned());
    }

    /** The schema that a request names, or the first exposed. */
    private static String schema(RestCall call, List<String> exposed) {
        var profile = call.header(call.reads() ? ACCEPT_PROFILE : CONTENT_PROFILE);
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

    /** This request with the media type that it is answered in. */
    RestRequest answering(MediaType chosen) {
        return new RestRequest(context, schema, table, query, preferences, accept, chosen, range, session, abandoned);
    }

    /** This request with more values in its query. */
    RestRequest with(ParsedQuery extended) {
        return new RestRequest(
                context, schema, table, extended, preferences, accept, mediaType, range, session, abandoned);
    }

    boolean counted() {
        return preferences.count() != null;
    }

    /** Whether what a call returns is counted: nobody knows what PostgreSQL would expect of a function. */
    boolean countedCall() {
        return preferences.count() == Preferences.Count.EXACT || preferences.count() == Preferences.Count.ESTIMATED;
    }

    /** The page of rows that a write is about, by {@code limit} and {@code offset}. */
    RowPage page() {
        return new RowPage(query.limit() != null, query.offset() != null);
    }

    /** What a write returns, by {@code Prefer: return=}; nothing unless asked. */
    Representation written() {
        return switch (preferences.representation()) {
            case REPRESENTATION -> mediaType.representation();
            case HEADERS_ONLY -> Representation.Standard.LOCATION;
            case MINIMAL -> Representation.Standard.NONE;
            case null -> Representation.Standard.NONE;
        };
    }

    /** The table as triggers name it. */
    String qualifiedTable() {
        return schema + "." + table;
    }
}
