package dev.basalt.data.plan;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type of a {@code ::cast} as SQL.
 *
 * <p>Quoting a type's name is what makes it safe, and what breaks the names that PostgreSQL's grammar knows by themselves
 * ({@code int}, {@code double precision}); those are mapped to the catalog's own.
 */
final class TypeName {
    private static final Map<String, String> GRAMMAR = Map.ofEntries(
            Map.entry("int", "int4"),
            Map.entry("integer", "int4"),
            Map.entry("bigint", "int8"),
            Map.entry("smallint", "int2"),
            Map.entry("boolean", "bool"),
            Map.entry("real", "float4"),
            Map.entry("float", "float8"),
            Map.entry("double precision", "float8"),
            Map.entry("decimal", "numeric"),
            Map.entry("dec", "numeric"),
            Map.entry("char", "bpchar"),
            Map.entry("character", "bpchar"),
            Map.entry("character varying", "varchar"),
            Map.entry("time without time zone", "time"),
            Map.entry("time with time zone", "timetz"),
            Map.entry("timestamp without time zone", "timestamp"),
            Map.entry("timestamp with time zone", "timestamptz"),
            Map.entry("bit varying", "varbit"));

    private TypeName() {}

    /** The quoted name, or null for no cast. Unquoted names fold to lower case, as in SQL. */
    static @Nullable String of(@Nullable String cast) {
        if (cast == null) {
            return null;
        }
        var folded = cast.toLowerCase(Locale.ROOT);
        var known = GRAMMAR.get(folded);
        return known == null ? "\"" + folded.replace("\"", "\"\"") + "\"" : "pg_catalog." + known;
    }
}
