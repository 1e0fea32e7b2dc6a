package dev.basalt.data.rules;

import dev.basalt.data.rules.SqlValue.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What {@code auth}, {@code resource} and {@code request} are in SQL. {@code auth} is null for whoever has no user id.
 *
 * @param stored what stands before a column of the stored row: nothing, or {@code old.}
 * @param written what stands before a column of the row to be written
 */
record Variables(String stored, String written) {
    static final String AUTH = "auth";
    static final String RESOURCE = "resource";
    static final String REQUEST = "request";
    static final String UID = "uid";
    static final String OWNER = "owner";

    /** Columns alone, for a condition on one row. */
    static final Variables OF_ONE_ROW = new Variables("", "");

    /** Columns of the stored row and of the one that replaces it. */
    static final Variables OF_BOTH_ROWS = new Variables("old.", "new.");

    private static final String SIGNED_IN = "auth.uid() IS NOT NULL";

    static boolean isVariable(String name) {
        return name.equals(AUTH) || name.equals(RESOURCE) || name.equals(REQUEST);
    }

    static SqlValue isAnonymous() {
        return SqlValue.read(Kind.BOOL, "(auth.uid() IS NULL)", SqlValue.CALLER);
    }

    /** A variable's field, which is one that the checker knows. */
    SqlValue field(String variable, String field) {
        return switch (variable) {
            case AUTH -> auth(field);
            case RESOURCE -> column(field, stored, SqlValue.STORED);
            default ->
                field.equals("time")
                        ? SqlValue.read(Kind.TIMESTAMP, "extract(epoch FROM now())", SqlValue.CALLER)
                        : column(field, written, SqlValue.WRITTEN);
        };
    }

    private static SqlValue auth(String field) {
        return switch (field) {
            case UID -> SqlValue.read(Kind.STRING, "auth.uid()::text", SqlValue.CALLER);
            case "role" -> signedIn(Kind.STRING, "auth.role()");
            // Tokens have an empty address for who has none: two of these must not be equal.
            case "email" -> signedIn(Kind.STRING, "nullif(auth.email(), '')");
            default -> signedIn(Kind.JSON, "auth.jwt()");
        };
    }

    private static SqlValue signedIn(Kind kind, String sql) {
        return SqlValue.read(kind, "CASE WHEN " + SIGNED_IN + " THEN " + sql + " END", SqlValue.CALLER);
    }

    /** {@code has(variable.field)}; null where the field is always there. */
    static @Nullable SqlValue has(String variable, String field) {
        return variable.equals(AUTH) && field.equals("email")
                ? signedIn(Kind.BOOL, "nullif(auth.email(), '') IS NOT NULL")
                : null;
    }

    private static SqlValue column(String field, String row, int reads) {
        var column = row + '"' + field + '"';
        return switch (field) {
            case "data" -> SqlValue.read(Kind.JSON, column, reads);
            case OWNER -> SqlValue.read(Kind.JSON, "coalesce(to_jsonb(" + column + "), 'null'::jsonb)", reads);
            case "version" -> SqlValue.read(Kind.INT, column + "::numeric", reads);
            case "created_at", "updated_at" ->
                SqlValue.read(Kind.TIMESTAMP, "extract(epoch FROM " + column + ")", reads);
            default -> SqlValue.read(Kind.STRING, column, reads);
        };
    }

    /**
     * {@code owner == auth.uid}, so that an index on the owner serves it: without an owner it is false, for nobody an error.
     *
     * @param variable whose owner
     */
    SqlValue ownedByCaller(String variable) {
        boolean isStored = variable.equals(RESOURCE);
        var owner = SqlValue.read(
                Kind.STRING,
                (isStored ? stored : written) + "\"owner\"",
                isStored ? SqlValue.STORED : SqlValue.WRITTEN);
        var caller = SqlValue.read(Kind.STRING, "auth.uid()", SqlValue.CALLER);
        return SqlValue.of(Kind.BOOL, "(%1$s = %2$s AND (%1$s IS NOT NULL OR %2$s IS NULL))", owner, caller);
    }
}
