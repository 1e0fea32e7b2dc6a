package dev.basalt.data.rest;

import dev.basalt.data.plan.Representation;
import dev.basalt.data.query.ParsedQuery;
import dev.basalt.data.query.SelectItem;
import dev.basalt.data.schema.MediaHandler;
import dev.basalt.data.schema.PgType;
import dev.basalt.data.schema.Routine;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The media types that a table's rows, or what a function returns, can be answered in.
 *
 * <p>What SQL says of a table or function goes before what it says of any row, and that before what is built in. The types
 * of the dialect's own, which take parameters, are nobody's to replace.
 *
 * @param table whose rows they are, or null
 * @param value the type of the single value that a function returns, or null
 * @param whole whether the query selects just all columns: a handler of a table takes its whole rows
 * @param plans whether the plans of statements may be shown
 */
record Answerable(
        SchemaCache schema, @Nullable Table table, @Nullable PgType value, boolean whole, boolean plans) {
    static final String GEO_JSON = "application/geo+json";

    private static final List<SelectItem> ALL = List.of(new SelectItem.Star());

    /** The name of a domain whose values are of that media type. */
    private static final Pattern MEDIA_TYPE_DOMAIN = Pattern.compile("\"(\\*/\\*|[a-z0-9.+-]+/[a-z0-9.+-]+)\"$");

    /** What a table's rows can be; a table that there is not is refused later. */
    static Answerable rows(SchemaCache schema, @Nullable Table table, ParsedQuery query, boolean plans) {
        return new Answerable(schema, table, null, query.shape().select().equals(ALL), plans);
    }

    /** What a function's result can be. */
    static Answerable result(SchemaCache schema, Routine routine, ParsedQuery query, boolean plans) {
        return switch (routine.result()) {
            case Routine.Result.Row(var table) -> rows(schema, table, query, plans);
            case Routine.Result.Scalar(var type) -> new Answerable(schema, null, type, true, plans);
            case Routine.Result.Nothing() -> new Answerable(schema, null, null, true, plans);
        };
    }

    /** The media type of a range, or null when there is none. */
    @Nullable
    MediaType in(Accept.Range range) {
        boolean stripped = "stripped".equals(range.parameters().get("nulls"));
        return switch (range.type()) {
            case "application/vnd.pgrst.array+json", "application/vnd.pgrst.array" ->
                stripped ? MediaType.ARRAY_STRIPPED : MediaType.JSON;
            case "application/vnd.pgrst.object+json", "application/vnd.pgrst.object" ->
                stripped ? MediaType.OBJECT_STRIPPED : MediaType.OBJECT;
            case "application/vnd.pgrst.plan+json" -> plan(range, true);
            case "application/vnd.pgrst.plan+text", "application/vnd.pgrst.plan" -> plan(range, false);
            default -> {
                var own = own(range.type());
                yield own == null ? builtIn(range.type()) : own;
            }
        };
    }

    /** Whether a range is of what PostGIS would make if it were installed. */
    boolean lacksPostgis(Accept.Range range) {
        return range.type().equals(GEO_JSON) && schema.mediaHandlers().geoJson() == null;
    }

    /** By the domain of the value, or by an aggregate. */
    private @Nullable MediaType own(String type) {
        var domain = value == null ? null : domain(value);
        if (domain != null && (domain.equals(MediaHandler.ANY) || domain.equals(type))) {
            return MediaType.named(domain, Representation.Standard.VALUE);
        }
        var handlers = schema.mediaHandlers();
        var handler = whole && table != null ? handlers.of(table, type) : null;
        if (handler == null) {
            handler = handlers.ofAnyRow(type);
        }
        return handler == null ? null : MediaType.named(handler.mediaType(), new Representation.Handled(handler));
    }

    private @Nullable MediaType builtIn(String type) {
        var geoJson = schema.mediaHandlers().geoJson();
        var plain = value == null || domain(value) != null ? null : value;
        return switch (type) {
            case "*/*", "application/*", "application/json" -> MediaType.JSON;
            case "text/csv" -> MediaType.CSV;
            case GEO_JSON -> geoJson == null ? null : MediaType.named(type, new Representation.GeoJson(geoJson));
            case "text/plain", "application/octet-stream" -> plain == null ? null : value(type);
            case "text/xml" -> plain != null && plain.baseName().equals("pg_catalog.xml") ? value(type) : null;
            default -> null;
        };
    }

    private static MediaType value(String type) {
        return MediaType.named(type, Representation.Standard.VALUE);
    }

    /** The plan of the statement that would answer {@code for="…"}. */
    private @Nullable MediaType plan(Accept.Range range, boolean json) {
        var shown = range.parameters().getOrDefault("for", "application/json");
        var answered = plans ? in(Accept.Range.parse(shown)) : null;
        if (answered == null || answered.explain() != null) {
            return null;
        }
        var explain = Explain.of(json, range.parameters().get("options"));
        var contentType = "application/vnd.pgrst.plan+" + (json ? "json" : "text") + "; for=\"" + shown + "\""
                + (explain.options().isEmpty() ? "" : "; options=" + String.join("|", explain.options()))
                + "; charset=utf-8";
        return new MediaType(answered.representation(), contentType, explain);
    }

    /** The media type that a domain is named as, or null. */
    private static @Nullable String domain(PgType type) {
        var name = MEDIA_TYPE_DOMAIN.matcher(type.sqlName());
        return name.find() && !type.sqlName().equals(type.baseName()) ? name.group(1) : null;
    }
}
