package dev.basalt.data.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a project makes bodies with besides the forms that there are for every table. Immutable. */
public final class MediaHandlers {
    /** The place of a table that takes any row. */
    private static final long ANY_ROW = 0;

    private final Map<Long, Map<String, MediaHandler>> byTable;
    private final @Nullable String geoJson;

    /**
     * Holds aggregates by media type by the {@code oid} of their table.
     *
     * @param byTable under 0 those that take any row
     * @param geoJson the function that makes a GeoJSON feature of a row, as SQL, or null
     */
    MediaHandlers(Map<Long, Map<String, MediaHandler>> byTable, @Nullable String geoJson) {
        this.byTable = Map.copyOf(byTable);
        this.geoJson = geoJson;
    }

    /** The handler for all columns of a table: the one for whatever is accepted goes before that for the type; or null. */
    public @Nullable MediaHandler of(Table table, String mediaType) {
        var handlers = byTable.get(table.oid());
        if (handlers == null || table.oid() == ANY_ROW) {
            return null;
        }
        var any = handlers.get(MediaHandler.ANY);
        return any == null ? handlers.get(mediaType) : any;
    }

    /** The handler for any row, or null. */
    public @Nullable MediaHandler ofAnyRow(String mediaType) {
        var handlers = byTable.get(ANY_ROW);
        return handlers == null ? null : handlers.get(mediaType);
    }

    /** The function of PostGIS that makes a GeoJSON feature of a row, as SQL, or null where it is not installed. */
    public @Nullable String geoJson() {
        return geoJson;
    }
}
