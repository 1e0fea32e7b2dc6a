package dev.basalt.data.openapi;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The description of what a role may use of a schema: a path and a definition a table, a path a function. Stateless.
 *
 * <p>Making one of 2,000 tables takes tens of milliseconds: not for an event loop.
 */
public final class OpenApiDocument {
    /** The query: its one parameter is the schema's name, its one row what {@link #of} takes. */
    public static final String QUERY = resource("description.sql");

    private static final JsonArray ROW_TYPES = new JsonArray()
            .add("application/json")
            .add("application/vnd.pgrst.object+json;nulls=stripped")
            .add("application/vnd.pgrst.object+json")
            .add("text/csv");

    private OpenApiDocument() {}

    /**
     * The document.
     *
     * @param schema the schema's name
     * @param description what the query answered
     * @param scheme {@code http} or {@code https}
     * @param host with its port
     */
    public static JsonObject of(String schema, String description, String scheme, String host) {
        var known = new JsonObject(description);
        var paths = new JsonObject().put("/", root());
        var definitions = new JsonObject();
        var parameters = CommonParameters.all();
        for (var element : known.getJsonArray("tables")) {
            var table = (JsonObject) element;
            paths.put("/" + table.getString("name"), TablePaths.path(table));
            definitions.put(table.getString("name"), TablePaths.definition(table));
            TablePaths.addParameters(parameters, table);
        }
        for (var element : known.getJsonArray("functions")) {
            var function = (JsonObject) element;
            // Of overloads the first is described: a path has one description.
            paths.getMap().putIfAbsent("/rpc/" + function.getString("name"), FunctionPaths.path(function));
        }
        return new JsonObject()
                .put("swagger", "2.0")
                .put("info", info(schema, known.getString("comment")))
                .put("host", host)
                .put("basePath", "/rest/v1")
                .put("schemes", new JsonArray().add(scheme))
                .put("consumes", ROW_TYPES.copy())
                .put("produces", ROW_TYPES.copy())
                .put("paths", paths)
                .put("definitions", definitions)
                .put("parameters", parameters);
    }

    /** A comment on the schema is title and text, by its first line break. */
    private static JsonObject info(String schema, @Nullable String comment) {
        var lines = comment == null
                ? new String[] {schema + " schema"}
                : comment.strip().split("\\R", 2);
        return new JsonObject()
                .put("title", lines[0])
                .put("description", lines.length > 1 ? lines[1].strip() : "")
                .put("version", "1");
    }

    private static JsonObject root() {
        return new JsonObject()
                .put(
                        "get",
                        new JsonObject()
                                .put("tags", new JsonArray().add("Introspection"))
                                .put("summary", "OpenAPI description (this document)")
                                .put(
                                        "produces",
                                        new JsonArray()
                                                .add("application/openapi+json")
                                                .add("application/json"))
                                .put("responses", response("200", "OK")));
    }

    static JsonObject response(String status, String description) {
        return new JsonObject().put(status, new JsonObject().put("description", description));
    }

    static JsonObject reference(String kind, String name) {
        return new JsonObject().put("$ref", "#/" + kind + "/" + name);
    }

    /** What a type is in JSON. */
    static JsonObject type(String postgres) {
        var schema = new JsonObject().put("format", postgres);
        if (postgres.endsWith("[]")) {
            var element = type(postgres.substring(0, postgres.length() - 2));
            element.remove("format");
            return schema.put("type", "array").put("items", element);
        }
        return switch (postgres) {
            case "boolean" -> schema.put("type", "boolean");
            case "smallint", "integer", "bigint" -> schema.put("type", "integer");
            case "numeric", "real", "double precision" -> schema.put("type", "number");
            case "json", "jsonb" -> schema; // Any JSON at all.
            default -> schema.put("type", "string");
        };
    }

    /** Adds a comment as summary and description, by its first line break. */
    static JsonObject commented(JsonObject operation, @Nullable String comment) {
        if (comment == null) {
            return operation;
        }
        var lines = comment.strip().split("\\R", 2);
        operation.put("summary", lines[0]);
        return lines.length > 1 ? operation.put("description", lines[1].strip()) : operation;
    }

    static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    private static String resource(String name) {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
