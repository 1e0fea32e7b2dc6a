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
        return "basalt_documents.envelope('" + collection
                + "', d.parent, d.id, d.version, d.owner, d.created_at, d.updated_at, " + data + ")";
    }
}
