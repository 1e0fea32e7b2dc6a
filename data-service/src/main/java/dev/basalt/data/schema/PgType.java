package dev.basalt.data.schema;

import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL type as the planner needs it. All names but {@code displayName} are quoted, schema-qualified SQL.
 *
 * @param displayName as {@code format_type} writes it, for people
 * @param sqlName the type itself
 * @param baseName the type under a domain, else the type itself: values of filters are cast to it, so that a value which
 *     a domain would refuse just finds nothing
 * @param arrayName the array type of {@code baseName}, or null when it has none
 * @param casts how it looks outside if it is a domain that says so
 */
public record PgType(
        String displayName,
        String sqlName,
        String baseName,
        @Nullable String arrayName,
        Family family,
        DomainCasts casts) {
    /** The same type, shown and read as PostgreSQL does. */
    PgType plain() {
        return casts.equals(DomainCasts.NONE)
                ? this
                : new PgType(displayName, sqlName, baseName, arrayName, family, DomainCasts.NONE);
    }

    /** What the planner treats apart. */
    public enum Family {
        JSON,
        JSONB,
        TEXT,
        TSVECTOR,
        OTHER
    }
}
