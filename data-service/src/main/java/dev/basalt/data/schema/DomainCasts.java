package dev.basalt.data.schema;

import org.jspecify.annotations.Nullable;

/**
 * How values of a domain look outside: the functions of its implicit casts, each as quoted, schema-qualified SQL or null.
 *
 * @param toJson how a value is shown
 * @param fromText how a filter's value is read
 * @param fromJson how a body's value is read
 */
public record DomainCasts(
        @Nullable String toJson,
        @Nullable String fromText,
        @Nullable String fromJson) {
    /** Those of a type that is shown and read as PostgreSQL does. */
    public static final DomainCasts NONE = new DomainCasts(null, null, null);
}
