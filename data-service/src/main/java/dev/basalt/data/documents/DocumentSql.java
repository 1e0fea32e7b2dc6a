package dev.basalt.data.documents;

/** SQL that several features share: the table of a collection is {@code d} in all of it. Stateless. */
public final class DocumentSql {
    /** Whether a document has not expired. */
    public static final String ALIVE = "(d.expires_at is null or d.expires_at > now())";

    private DocumentSql() {}

    /**
     * The table of a collection.
     *
     * @param collection a name that {@link Path#COLLECTION} matches, hence safe within quotes
     */
    public static String table(String collection) {
        return "documents.\"" + collection + "\"";
    }

    /** A string constant, the same whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** A document as clients see it: {@code {path, id, version, owner, createdAt, updatedAt, data}}. */
    public static String envelope(String collection) {
        return envelope(collection, "d.data");
    }

    /** A document as clients see it, with other data than its own. */
    public static String envelope(String collection, String data) {
        return "'{\"path\":' || to_json(case d.parent when '' then '' else d.parent || '/' end || '" + collection
                + "/' || replace(replace(d.id, '%', '%25'), '/', '%2F'))::text || ',\"id\":' || to_json(d.id)::text"
                + " || ',\"version\":' || d.version || ',\"owner\":' || coalesce('\"' || d.owner || '\"', 'null')"
                + " || ',\"createdAt\":' || " + time("d.created_at") + " || ',\"updatedAt\":' || "
                + time("d.updated_at") + " || ',\"data\":' || (" + data + ")::text || '}'";
    }

    private static String time(String column) {
        return "'\"' || to_char(" + column + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"'";
    }
}
