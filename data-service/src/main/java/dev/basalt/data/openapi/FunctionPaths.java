package dev.basalt.data.openapi;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What is said of a function. Stateless. */
final class FunctionPaths {
    private FunctionPaths() {}

    static JsonObject path(JsonObject function) {
        var path = new JsonObject();
        if (!function.getBoolean("volatile")) {
            path.put("get", operation(function).put("parameters", query(function)));
        }
        var body = new JsonObject()
                .put("name", "args")
                .put("required", true)
                .put("in", "body")
                .put("schema", arguments(function));
        return path.put("post", operation(function).put("parameters", new JsonArray().add(body)));
    }

    private static JsonObject operation(JsonObject function) {
        var operation = new JsonObject()
                .put("tags", new JsonArray().add("(rpc) " + function.getString("name")))
                .put("produces", new JsonArray().add("application/json").add("application/vnd.pgrst.object+json"))
                .put("responses", OpenApiDocument.response("200", "OK"));
        return OpenApiDocument.commented(operation, function.getString("comment"));
    }

    private static JsonArray query(JsonObject function) {
        var parameters = new JsonArray();
        OpenApiDocument.objects(function.getJsonArray("parameters")).forEach(parameter -> {
            var described = OpenApiDocument.type(parameter.getString("type"))
                    .put("name", parameter.getString("name"))
                    .put("required", parameter.getBoolean("required"))
                    .put("in", "query");
            if (parameter.getBoolean("variadic")) {
                described.put("collectionFormat", "multi");
            } else if (!described.containsKey("type")
                    || described.getString("type").equals("array")) {
                // JSON and arrays go into a query string as text.
                described.put("type", "string").remove("items");
            }
            parameters.add(described);
        });
        return parameters;
    }

    private static JsonObject arguments(JsonObject function) {
        var required = new JsonArray();
        var properties = new JsonObject();
        OpenApiDocument.objects(function.getJsonArray("parameters")).forEach(parameter -> {
            properties.put(parameter.getString("name"), OpenApiDocument.type(parameter.getString("type")));
            if (parameter.getBoolean("required")) {
                required.add(parameter.getString("name"));
            }
        });
        var schema = new JsonObject().put("type", "object").put("properties", properties);
        return required.isEmpty() ? schema : schema.put("required", required);
    }
}
