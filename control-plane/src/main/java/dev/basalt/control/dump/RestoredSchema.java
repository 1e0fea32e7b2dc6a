package dev.basalt.control.dump;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.secret.RandomToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postgresql.util.PSQLException;

/**
 * Makes of the schema that migrations made the one that was dumped: what differs or is no longer there is taken away, then what is missing is
 * made. Each thing is tried under a savepoint, again and again while that gets any further, so that it need not be known what depends on what. Blocks;
 * used by one thread, in the transaction of a restore.
 */
final class RestoredSchema {
    /** Each makes at least one thing; dependencies go less deep than this. */
    private static final int MAX_PASSES = 50;

    private static final int TOKEN_BYTES = 8;

    private final Connection connection;
    private final Set<String> before;
    private final Map<String, String> errors = new HashMap<>();

    private RestoredSchema(Connection connection, Set<String> before) {
        this.connection = connection;
        this.before = before;
    }

    /** Remembers what was there before the restore, which is not its to take away. */
    static RestoredSchema before(Connection connection) throws SQLException {
        var schema = new RestoredSchema(connection, new HashSet<>());
        schema.within(() -> SchemaObject.all(connection).forEach(object -> schema.before.add(object.key())));
        return schema;
    }

    private interface Work {
        void run() throws SQLException;
    }

    /**
     * Makes the schema what is wanted.
     *
     * @return what could not be made the same and is not needed to hold the rows, each named
     * @throws ApiException {@link DumpError#FAILED} that names a thing which can't be made, and why
     */
    List<String> become(List<SchemaObject> wanted) throws SQLException {
        var differences = new ArrayList<String>();
        within(() -> {
            var byKey = new HashMap<String, SchemaObject>();
            wanted.forEach(object -> byKey.put(object.key(), object));
            takeAway(byKey);
            make(wanted);
            differences.addAll(differences(wanted, byKey));
        });
        return differences;
    }

    /** With names that say where things are, as dumps have them, and bodies of functions that need not be right yet. */
    private void within(Work work) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set local search_path = ''");
            statement.execute("set local check_function_bodies = false");
            work.run();
            statement.execute("reset role");
            statement.execute("reset all");
        }
    }

    private void takeAway(Map<String, SchemaObject> wanted) throws SQLException {
        var actual = SchemaObject.all(connection);
        for (var object : actual.reversed()) {
            var same = wanted.get(object.key());
            if (object.undo() != null
                    && !(same != null && Objects.equals(same.definition(), object.definition()))
                    && isOurs(object)) {
                attempt(object, object.undo());
            }
        }
    }

    private boolean isOurs(SchemaObject object) {
        return !before.contains(object.key()) || object.kind().equals(SchemaObject.DEFAULT_PRIVILEGES);
    }

    private void make(List<SchemaObject> wanted) throws SQLException {
        int left = Integer.MAX_VALUE;
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            var missing = missing(wanted);
            if (missing.isEmpty() || missing.size() >= left) {
                return;
            }
            left = missing.size();
            for (var object : missing) {
                attempt(object, Objects.requireNonNull(object.definition()));
            }
        }
    }

    /** What is not there as it is wanted. */
    private List<SchemaObject> missing(List<SchemaObject> wanted) throws SQLException {
        var actual = definitions();
        return wanted.stream()
                .filter(object ->
                        object.definition() != null && !object.definition().equals(actual.get(object.key())))
                .toList();
    }

    private Map<String, String> definitions() throws SQLException {
        var definitions = new LinkedHashMap<String, String>();
        for (var object : SchemaObject.all(connection)) {
            definitions.put(object.key(), object.definition() == null ? "" : object.definition());
        }
        return definitions;
    }

    private List<String> differences(List<SchemaObject> wanted, Map<String, SchemaObject> byKey) throws SQLException {
        var actual = definitions();
        var differences = new ArrayList<String>();
        for (var object : wanted) {
            var there = actual.get(object.key());
            if (there == null && object.definition() != null) {
                throw ApiException.of(
                        DumpError.FAILED,
                        "The " + object.key() + " can't be made: "
                                + errors.getOrDefault(object.key(), "something that it needs is not there"));
            }
            if (there == null) {
                differences.add(object.key() + " is missing: a dump can't hold how it is made");
            } else if (object.definition() != null && !there.equals(object.definition())) {
                differences.add(object.key() + " differs");
            }
        }
        for (var key : actual.keySet()) {
            if (!byKey.containsKey(key) && !before.contains(key)) {
                differences.add(key + " was not in the dumped project");
            }
        }
        return differences;
    }

    /** Within a block of PL/pgSQL, where no statement ends the transaction. */
    private void attempt(SchemaObject object, String sql) throws SQLException {
        var token = "$b" + RandomToken.hex(TOKEN_BYTES) + "$";
        var text = "$t" + RandomToken.hex(TOKEN_BYTES) + "$";
        var savepoint = connection.setSavepoint();
        try (var statement = connection.createStatement()) {
            statement.execute("do " + token + " begin execute " + text + sql + text + "; end " + token);
            connection.releaseSavepoint(savepoint);
            errors.remove(object.key());
        } catch (PSQLException refused) {
            var message = refused.getServerErrorMessage();
            if (message == null) {
                throw refused;
            }
            connection.rollback(savepoint);
            errors.put(object.key(), String.valueOf(message.getMessage()));
        }
    }
}
