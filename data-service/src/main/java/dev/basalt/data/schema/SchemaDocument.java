package dev.basalt.data.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.basalt.data.schema.Column.Generation;
import dev.basalt.data.schema.ForeignKey.BaseColumn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The introspection query and the reader of its one JSON document.
 *
 * <p>Reading 2,000 tables takes tens of milliseconds: not for an event loop. Names are interned within one document.
 */
public final class SchemaDocument {
    /** The query: its one parameter is an array of schema names, its one row the document as text. */
    public static final String QUERY = resource("introspection.sql");

    private static final JsonFactory JSON = new JsonFactory();
    private static final int NOT_NULL = 1;
    private static final int GENERATED = 2;
    private static final int IDENTITY_ALWAYS = 4;
    private static final int IDENTITY_BY_DEFAULT = 8;
    private static final int UNIQUE = 1;
    private static final int IN_PRIMARY_KEY = 2;
    private static final int REQUIRED = 1;
    private static final int VARIADIC = 2;

    private final Map<String, String> names = new HashMap<>();
    private final Map<Long, PgType> types = new HashMap<>();
    private final Map<Long, Table> tables = new LinkedHashMap<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final List<Function> computed = new ArrayList<>();
    private final Map<Long, List<Integer>> baseKeys = new HashMap<>();
    private final Map<Long, Map<Integer, ViewColumns.Source>> origins = new HashMap<>();
    private final List<Routine> routines = new ArrayList<>();
    private final Map<Long, Map<String, MediaHandler>> handlers = new HashMap<>();
    private @Nullable String geoJson;
    private final JsonParser parser;

    /** A function that stands for a relationship between the tables of these {@code oid}s. */
    private record Function(long origin, long target, String name, String sqlName, boolean toOne) {
        Relationship.Computed between(Map<Long, Table> tables) {
            return new Relationship.Computed(
                    Objects.requireNonNull(tables.get(origin)),
                    Objects.requireNonNull(tables.get(target)),
                    name,
                    sqlName,
                    toOne);
        }
    }

    private SchemaDocument(JsonParser parser) {
        this.parser = parser;
    }

    /** The document as a schema cache of its own generation. */
    public static SchemaCache read(List<String> exposed, String document) {
        try (var parser = JSON.createParser(document)) {
            var reader = new SchemaDocument(parser);
            return reader.read(exposed);
        } catch (IOException e) {
            throw new UncheckedIOException("The introspection document is not what the query writes", e);
        }
    }

    private SchemaCache read(List<String> exposed) throws IOException {
        expect(JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var section = parser.currentName();
            expect(JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                switch (section) {
                    case "types" -> readType();
                    case "tables" -> readTable();
                    case "foreign_keys" -> readForeignKey();
                    case "computed_relationships" -> readComputedRelationship();
                    case "base_keys" -> readBaseKey();
                    case "views" -> readView();
                    case "routines" -> readRoutine();
                    case "media_handlers" -> readMediaHandler();
                    case "geo_json" -> {
                        geoJson = name();
                        expect(JsonToken.END_ARRAY);
                    }
                    default -> throw new IOException("The document has an unknown section " + section);
                }
            }
        }
        var views = new HashMap<Long, ViewColumns>();
        for (var table : tables.values()) {
            if (table.kind().isView()) {
                views.put(table.oid(), ViewColumns.of(table, origins));
            }
        }
        tables.replaceAll((oid, table) -> table.kind().isView() ? keyed(table, views.get(oid)) : table);
        var all = List.copyOf(tables.values());
        var functions =
                computed.stream().map(function -> function.between(tables)).toList();
        routines.replaceAll(this::ofKeyedTable);
        return new SchemaCache(
                exposed,
                all,
                new Relationships(all, foreignKeys, views, functions),
                routines,
                new MediaHandlers(handlers, geoJson));
    }

    /** A function that returns rows of a view, of the view with its key. */
    private Routine ofKeyedTable(Routine routine) {
        return routine.result() instanceof Routine.Result.Row(var rows) && tables.containsKey(rows.oid())
                ? routine.returning(new Routine.Result.Row(Objects.requireNonNull(tables.get(rows.oid()))))
                : routine;
    }

    /** A view with those of its columns that show the primary keys of its tables. */
    private Table keyed(Table view, @Nullable ViewColumns columns) {
        var key = new ArrayList<String>();
        if (columns != null) {
            for (long base : new TreeSet<>(columns.tables())) {
                var shown = baseKeys.getOrDefault(base, List.of()).stream()
                        .map(number -> columns.shown().getOrDefault(new ViewColumns.Source(base, number), List.of()))
                        .toList();
                if (shown.stream().noneMatch(List::isEmpty)) {
                    shown.forEach(names -> key.add(names.getFirst()));
                }
            }
        }
        return new Table(
                view.oid(),
                view.schema(),
                view.name(),
                view.kind(),
                view.columns(),
                view.computed(),
                key,
                view.callsFunctions());
    }

    private void readType() throws IOException {
        long oid = number();
        var display = name();
        var sqlName = name();
        var baseName = name();
        var arrayName = text();
        var family = PgType.Family.valueOf(name());
        var casts = new DomainCasts(text(), text(), text());
        types.put(oid, new PgType(display, sqlName, baseName, arrayName, family, casts));
        expect(JsonToken.END_ARRAY);
    }

    private void readTable() throws IOException {
        long oid = number();
        var schema = name();
        var table = name();
        var kind = switch (name()) {
            case "v" -> Table.Kind.VIEW;
            case "m" -> Table.Kind.MATERIALIZED_VIEW;
            case "f" -> Table.Kind.FOREIGN_TABLE;
            case "p" -> Table.Kind.PARTITIONED_TABLE;
            default -> Table.Kind.TABLE;
        };
        var key = new ArrayList<String>();
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            key.add(intern(parser.getText()));
        }
        var columns = new ArrayList<Column>();
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            var name = name();
            var type = type();
            int flags = (int) number();
            columns.add(new Column(name, type, (flags & NOT_NULL) == 0, text(), generation(flags)));
            expect(JsonToken.END_ARRAY);
        }
        var computedColumns = new ArrayList<Column>();
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            computedColumns.add(new Column(name(), type().plain(), true, text(), Generation.COMPUTED));
            expect(JsonToken.END_ARRAY);
        }
        boolean callsFunctions = parser.nextToken() == JsonToken.VALUE_TRUE;
        expect(JsonToken.END_ARRAY);
        tables.put(oid, new Table(oid, schema, table, kind, columns, computedColumns, key, callsFunctions));
    }

    private void readForeignKey() throws IOException {
        var name = name();
        long table = number();
        var columns = baseColumns();
        long target = number();
        var targetColumns = baseColumns();
        int flags = (int) number();
        foreignKeys.add(new ForeignKey(
                name, table, columns, target, targetColumns, (flags & UNIQUE) != 0, (flags & IN_PRIMARY_KEY) != 0));
        expect(JsonToken.END_ARRAY);
    }

    private List<BaseColumn> baseColumns() throws IOException {
        var columns = new ArrayList<BaseColumn>(1);
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            columns.add(new BaseColumn((int) number(), name()));
            expect(JsonToken.END_ARRAY);
        }
        return columns;
    }

    private void readComputedRelationship() throws IOException {
        computed.add(new Function(number(), number(), name(), name(), number() == 1));
        expect(JsonToken.END_ARRAY);
    }

    private void readBaseKey() throws IOException {
        long table = number();
        var numbers = new ArrayList<Integer>(1);
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            numbers.add(parser.getIntValue());
        }
        baseKeys.put(table, numbers);
        expect(JsonToken.END_ARRAY);
    }

    private void readView() throws IOException {
        long oid = number();
        expect(JsonToken.VALUE_STRING);
        origins.put(oid, ViewQuery.origins(parser.getText()));
        expect(JsonToken.END_ARRAY);
    }

    private void readRoutine() throws IOException {
        var schema = name();
        var name = name();
        var volatility = switch (name()) {
            case "i" -> Routine.Volatility.IMMUTABLE;
            case "s" -> Routine.Volatility.STABLE;
            default -> Routine.Volatility.VOLATILE;
        };
        boolean set = parser.nextToken() == JsonToken.VALUE_TRUE;
        var parameters = new ArrayList<Routine.Parameter>();
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            var parameter = name();
            var type = type();
            int flags = (int) number();
            parameters.add(new Routine.Parameter(parameter, type, (flags & REQUIRED) != 0, (flags & VARIADIC) != 0));
            expect(JsonToken.END_ARRAY);
        }
        var result = result(schema, name);
        var settings = new ArrayList<Routine.Setting>();
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            var setting = parser.getText().split("=", 2);
            settings.add(new Routine.Setting(setting[0], setting[1]));
        }
        expect(JsonToken.END_ARRAY);
        routines.add(new Routine(schema, name, volatility, parameters, set, result, settings));
    }

    private void readMediaHandler() throws IOException {
        long table = number();
        var handler = new MediaHandler(name(), name(), text(), parser.nextToken() == JsonToken.VALUE_TRUE);
        handlers.computeIfAbsent(table, _ -> new HashMap<>()).put(handler.mediaType(), handler);
        expect(JsonToken.END_ARRAY);
    }

    /** The type of a result, the table whose row it is, and its columns when it is a row of no table that is known. */
    private Routine.Result result(String schema, String routine) throws IOException {
        var type = type().plain();
        var tableSchema = text();
        var table = text();
        var columns = new ArrayList<Column>();
        if (parser.nextToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                columns.add(new Column(name(), type().plain(), true, null, Generation.WRITTEN));
                expect(JsonToken.END_ARRAY);
            }
            return new Routine.Result.Row(
                    new Table(0, schema, routine, Table.Kind.VIEW, columns, List.of(), List.of(), true));
        }
        if (table == null) {
            return type.sqlName().equals("pg_catalog.void")
                    ? new Routine.Result.Nothing()
                    : new Routine.Result.Scalar(type);
        }
        for (var known : tables.values()) {
            if (known.name().equals(table) && known.schema().equals(tableSchema)) {
                return new Routine.Result.Row(known);
            }
        }
        throw new IOException("A function returns rows of a table that the document does not describe");
    }

    private static Generation generation(int flags) {
        if ((flags & GENERATED) != 0) {
            return Generation.GENERATED;
        }
        if ((flags & IDENTITY_ALWAYS) != 0) {
            return Generation.IDENTITY_ALWAYS;
        }
        return (flags & IDENTITY_BY_DEFAULT) != 0 ? Generation.IDENTITY_BY_DEFAULT : Generation.WRITTEN;
    }

    private PgType type() throws IOException {
        var type = types.get(number());
        if (type == null) {
            throw new IOException("A column has a type that the document does not describe");
        }
        return type;
    }

    private long number() throws IOException {
        expect(JsonToken.VALUE_NUMBER_INT);
        return parser.getLongValue();
    }

    private String name() throws IOException {
        expect(JsonToken.VALUE_STRING);
        return intern(parser.getText());
    }

    private @Nullable String text() throws IOException {
        return parser.nextToken() == JsonToken.VALUE_NULL ? null : intern(parser.getText());
    }

    private String intern(String name) {
        var known = names.putIfAbsent(name, name);
        return known == null ? name : known;
    }

    private void expect(JsonToken token) throws IOException {
        if (parser.nextToken() != token) {
            throw new IOException("Expected " + token + " and found " + parser.currentToken());
        }
    }

    private static String resource(String name) {
        try (InputStream in = SchemaDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
