package dev.basalt.control.dump;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of a dump: SQL that psql reads as a superuser, with comment lines that tell this program what follows. Stateless.
 *
 * <pre>{@code
 * -- basalt:dump {"format":2,"token":"…"}
 * -- basalt:table {"schema":"auth","name":"users","columns":[…]}   the tables of auth, before everything
 * COPY "auth"."users" (…) FROM stdin;
 * …
 * \.
 * -- basalt:migration {"name":"1_a.sql"}                          each that was applied, in order
 * …the file…
 * -- basalt:end TOKEN
 * -- basalt:object {"kind":"policy","identity":"own on public.notes","made":true}   each part of the schema, whoever made it
 * CREATE POLICY …;                                               nothing, if it is only named
 * -- basalt:end TOKEN
 * -- basalt:table {…}                                             the project's own tables
 * -- basalt:sequence {"schema":…,"name":…,"value":5,"called":true}
 * SELECT pg_catalog.setval('"public"."notes_id_seq"', 5, true);
 * -- basalt:complete TOKEN
 * }</pre>
 *
 * <p>The token is made for each dump, so that no file and no row can hold it.
 */
final class DumpFormat {
    /** Dumps of version 1 had no objects: their schema is what their migrations make. */
    static final int OLDEST = 1;

    static final int VERSION = 2;
    static final String DUMP = "-- basalt:dump ";
    static final String TABLE = "-- basalt:table ";
    static final String MIGRATION = "-- basalt:migration ";
    static final String OBJECT = "-- basalt:object ";
    static final String SEQUENCE = "-- basalt:sequence ";
    static final String END = "-- basalt:end ";
    static final String COMPLETE = "-- basalt:complete ";
    static final String END_OF_ROWS = "\\.";

    private DumpFormat() {}

    /** A table, and the columns that are stored rather than generated. */
    record Table(String schema, String name, List<String> columns) {
        Table {
            columns = List.copyOf(columns);
        }

        static Table of(JsonObject json) {
            return new Table(
                    text(json, "schema"),
                    text(json, "name"),
                    json.getJsonArray("columns", new JsonArray()).stream()
                            .map(String.class::cast)
                            .toList());
        }

        boolean isOf(String owner) {
            return schema.equals(owner);
        }

        String qualified() {
            return quoted(schema) + "." + quoted(name);
        }

        private String target() {
            return qualified() + " (" + columns.stream().map(DumpFormat::quoted).collect(Collectors.joining(", "))
                    + ")";
        }

        String copyOut() {
            return "COPY " + target() + " TO STDOUT";
        }

        String copyIn() {
            return "COPY " + target() + " FROM stdin";
        }

        String header() {
            var json = new JsonObject().put("schema", schema).put("name", name).put("columns", new JsonArray(columns));
            return TABLE + json.encode() + "\n" + copyIn() + ";\n";
        }
    }

    /** Where a sequence stands. */
    record Sequence(String schema, String name, long value, boolean called) {
        static Sequence of(JsonObject json) {
            return new Sequence(
                    DumpFormat.text(json, "schema"),
                    DumpFormat.text(json, "name"),
                    json.getLong("value", 1L),
                    json.getBoolean("called", false));
        }

        String qualified() {
            return quoted(schema) + "." + quoted(name);
        }

        String text() {
            var json = new JsonObject()
                    .put("schema", schema)
                    .put("name", name)
                    .put("value", value)
                    .put("called", called);
            return SEQUENCE + json.encode() + "\nSELECT pg_catalog.setval('"
                    + qualified().replace("'", "''") + "', " + value + ", " + called + ");\n";
        }
    }

    static String header(String token) {
        return DUMP
                + new JsonObject().put("format", VERSION).put("token", token).encode()
                + "\nSET session_replication_role = replica;\nSET check_function_bodies = false;\n";
    }

    static String migration(String name, String sql, String token) {
        return MIGRATION + new JsonObject().put("name", name).encode() + "\n" + sql + "\n" + END + token + "\n";
    }

    static String object(SchemaObject object, String token) {
        var json = new JsonObject()
                .put("kind", object.kind())
                .put("identity", object.identity())
                .put("made", object.definition() != null);
        var sql = object.definition() == null ? "" : object.definition() + "\n";
        return OBJECT + json.encode() + "\n" + sql + END + token + "\n";
    }

    /**
     * A member that has to be there.
     *
     * @throws DecodeException if it is no text
     */
    static String text(JsonObject json, String member) {
        if (json.getValue(member) instanceof String text) {
            return text;
        }
        throw new DecodeException(member + " is missing");
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
