package dev.basalt.data.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything introspected from one project's database at one moment. Immutable and safe for use by any thread.
 *
 * <p>Each has a {@link #generation()} of its own in this process, so that a plan made from one is never used with
 * another.
 */
public final class SchemaCache {
    private static final AtomicLong GENERATIONS = new AtomicLong();

    private final long generation = GENERATIONS.incrementAndGet();
    private final List<String> exposed;
    private final Map<String, Map<String, Table>> tables;
    private final Relationships relationships;
    private final Map<String, Map<String, List<Routine>>> routines;
    private final MediaHandlers mediaHandlers;
    private final int size;

    /**
     * Holds the tables of the exposed schemas, how they relate, the functions, and what makes bodies of rows.
     *
     * @param exposed the schemas that requests may name; the first is the default
     */
    SchemaCache(
            List<String> exposed,
            List<Table> tables,
            Relationships relationships,
            List<Routine> routines,
            MediaHandlers mediaHandlers) {
        this.exposed = List.copyOf(exposed);
        var bySchema = new HashMap<String, Map<String, Table>>();
        for (var table : tables) {
            bySchema.computeIfAbsent(table.schema(), _ -> new HashMap<>()).put(table.name(), table);
        }
        this.tables = bySchema;
        this.relationships = relationships;
        this.mediaHandlers = mediaHandlers;
        this.routines =
                routines.stream().collect(Collectors.groupingBy(Routine::schema, Collectors.groupingBy(Routine::name)));
        this.size = tables.size();
    }

    public long generation() {
        return generation;
    }

    /** The schemas that requests may name; the first is the default. */
    public List<String> exposed() {
        return exposed;
    }

    /** How many tables and views it knows. */
    public int size() {
        return size;
    }

    /** The table of that schema and name, or null. */
    public @Nullable Table table(String schema, String name) {
        var named = tables.get(schema);
        return named == null ? null : named.get(name);
    }

    /** The name in that schema that is most like {@code name}, or null when none is like it. */
    public @Nullable String similarTable(String schema, String name) {
        var named = tables.get(schema);
        return named == null ? null : Similarity.closest(name, named.keySet());
    }

    /**
     * The relationships from a table or view that a name and a hint may mean; several are for the client to choose from.
     *
     * @param name of a function that stands for a relationship, else of the target, a foreign key or its only column
     * @param hint the foreign key, its only column on either side, or the junction table; or null
     */
    public List<Relationship> relationships(Table origin, String name, @Nullable String hint) {
        return relationships.find(origin, name, hint);
    }

    /** The name of something related to {@code origin} that is most like {@code name}, or null. */
    public @Nullable String similarRelationship(Table origin, String name) {
        return Similarity.closest(name, relationships.names(origin));
    }

    public MediaHandlers mediaHandlers() {
        return mediaHandlers;
    }

    /** The functions of that schema and name, which differ in their parameters; empty if there are none. */
    public List<Routine> routines(String schema, String name) {
        return routines.getOrDefault(schema, Map.of()).getOrDefault(name, List.of());
    }

    /** The name of a function in that schema that is most like {@code name}, or null when none is like it. */
    public @Nullable String similarRoutine(String schema, String name) {
        return Similarity.closest(name, routines.getOrDefault(schema, Map.of()).keySet());
    }
}
