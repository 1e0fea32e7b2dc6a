package dev.basalt.control.dump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a project's schema, such as {@code table public.notes} or {@code policy own on public.notes}. Immutable.
 *
 * @param definition the SQL that makes it, the same for the same thing in any project; null for what is only named
 * @param undo the SQL that takes it away, or null for what stays
 */
record SchemaObject(
        String kind,
        String identity,
        @Nullable String definition,
        @Nullable String undo) {
    static final String DEFAULT_PRIVILEGES = "default privileges";
    private static final String QUERY = query();

    /** What a project's schema is made of, in an order in which most of it can be made. Its search path has to be empty. */
    static List<SchemaObject> all(Connection connection) throws SQLException {
        var objects = new ArrayList<SchemaObject>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(QUERY)) {
            while (rows.next()) {
                objects.add(
                        new SchemaObject(rows.getString(3), rows.getString(4), rows.getString(5), rows.getString(6)));
            }
        }
        return objects;
    }

    /** What tells it from all others of a project. */
    String key() {
        return kind + " " + identity;
    }

    private static String query() {
        try (var in = Objects.requireNonNull(SchemaObject.class.getResourceAsStream("objects.sql"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
