package dev.basalt.data.openapi;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is said of a table. Stateless. */
final class TablePaths {
    /** A quoted constant with its type, as PostgreSQL prints it. */
    private static final Pattern CONSTANT =
            Pattern.compile("'((?:[^']|'')*)'::[^'()]+(?:\\(\\d+(?:,\\d+)?\\))?(?:\\[])?");

    private TablePaths() {}

    static JsonObject path(JsonObject table) {
        var path = new JsonObject().put("get", read(table));
        if (table.getBoolean("insertable")) {
            path.put(
                    "post",
                    operation(table)
                            .put("parameters", references(false, table, body(table), "select", "preferPost"))
                            .put("responses", OpenApiDocument.response("201", "Created")));
        }
        if (table.getBoolean("deletable")) {
            path.put(
                    "delete",
                    operation(table)
                            .put("parameters", references(true, table, "preferReturn"))
                            .put("responses", OpenApiDocument.response("204", "No Content")));
        }
        if (table.getBoolean("updatable")) {
            path.put(
                    "patch",
                    operation(table)
                            .put("parameters", references(true, table, body(table), "preferReturn"))
                            .put("responses", OpenApiDocument.response("204", "No Content")));
        }
        return path;
    }

    private static JsonObject read(JsonObject table) {
        var rows = new JsonObject()
                .put("type", "array")
                .put("items", OpenApiDocument.reference("definitions", table.getString("name")));
        var responses = OpenApiDocument.response("206", "Partial Content")
                .put("200", new JsonObject().put("description", "OK").put("schema", rows));
        return operation(table)
                .put(
                        "parameters",
                        references(
                                true, table, "select", "order", "range", "rangeUnit", "offset", "limit", "preferCount"))
                .put("responses", responses);
    }

    private static JsonObject operation(JsonObject table) {
        var operation = new JsonObject().put("tags", new JsonArray().add(table.getString("name")));
        return OpenApiDocument.commented(operation, table.getString("comment"));
    }

    private static JsonArray references(boolean filtered, JsonObject table, String... names) {
        var references = new JsonArray();
        if (filtered) {
            OpenApiDocument.objects(table.getJsonArray("columns"))
                    .forEach(column -> references.add(OpenApiDocument.reference("parameters", filter(table, column))));
        }
        for (var name : names) {
            references.add(OpenApiDocument.reference("parameters", name));
        }
        return references;
    }

    private static String filter(JsonObject table, JsonObject column) {
        return "rowFilter." + table.getString("name") + "." + column.getString("name");
    }

    private static String body(JsonObject table) {
        return "body." + table.getString("name");
    }

    static void addParameters(JsonObject parameters, JsonObject table) {
        parameters.put(
                body(table),
                new JsonObject()
                        .put("name", table.getString("name"))
                        .put("description", table.getString("comment", table.getString("name")))
                        .put("required", false)
                        .put("in", "body")
                        .put("schema", OpenApiDocument.reference("definitions", table.getString("name"))));
        OpenApiDocument.objects(table.getJsonArray("columns"))
                .forEach(column -> parameters.put(filter(table, column), filter(column)));
    }

    private static JsonObject filter(JsonObject column) {
        var filter = new JsonObject()
                .put("name", column.getString("name"))
                .put("required", false)
                .put("in", "query")
                .put("type", "string");
        return column.getString("comment") == null ? filter : filter.put("description", column.getString("comment"));
    }

    static JsonObject definition(JsonObject table) {
        var required = new JsonArray();
        var properties = new JsonObject();
        OpenApiDocument.objects(table.getJsonArray("columns")).forEach(column -> {
            properties.put(column.getString("name"), property(column));
            if (column.getBoolean("required")) {
                required.add(column.getString("name"));
            }
        });
        var definition = new JsonObject().put("type", "object");
        if (table.getString("comment") != null) {
            definition.put("description", table.getString("comment"));
        }
        if (!required.isEmpty()) {
            definition.put("required", required);
        }
        return definition.put("properties", properties);
    }

    /**
     * A default as JSON of the column's type: a constant is its value, and for a string any other expression is its SQL. Null
     * where there is none, or none that can be said.
     */
    private static @Nullable Object defaultValue(@Nullable String type, @Nullable String expression) {
        if (expression == null) {
            return null;
        }
        var constant = CONSTANT.matcher(expression);
        var value = constant.matches() ? constant.group(1).replace("''", "'") : expression;
        if ("string".equals(type)) {
            return value;
        }
        try {
            var decoded = Json.decodeValue(value);
            return switch (type) {
                case "boolean" -> decoded instanceof Boolean ? decoded : null;
                case "integer", "number" -> decoded instanceof Number ? decoded : null;
                case null -> decoded;
                default -> null;
            };
        } catch (DecodeException computed) {
            return null;
        }
    }

    private static JsonObject property(JsonObject column) {
        var property = OpenApiDocument.type(column.getString("type"));
        var description = new ArrayList<String>(3);
        if (column.getString("comment") != null) {
            description.add(column.getString("comment") + "\n");
        }
        var target = column.getJsonArray("target");
        if (column.getBoolean("key") || target != null) {
            description.add("Note:");
        }
        if (column.getBoolean("key")) {
            description.add("This is a Primary Key.<pk/>");
        }
        if (target != null) {
            description.add("This is a Foreign Key to `%1$s.%2$s`.<fk table='%1$s' column='%2$s'/>"
                    .formatted(target.getString(0), target.getString(1)));
        }
        if (!description.isEmpty()) {
            property.put("description", String.join("\n", description).strip());
        }
        var defaultValue = defaultValue(property.getString("type"), column.getString("default"));
        if (defaultValue != null) {
            property.put("default", defaultValue);
        }
        if (column.getInteger("length") != null) {
            property.put("maxLength", column.getInteger("length"));
        }
        return column.getJsonArray("labels") == null ? property : property.put("enum", column.getJsonArray("labels"));
    }
}
