package dev.basalt.data.openapi;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The parameters that every table takes. Stateless. */
final class CommonParameters {
    private CommonParameters() {}

    static JsonObject all() {
        return new JsonObject()
                .put("preferParams", prefer("params=single-object"))
                .put("preferReturn", prefer("return=representation", "return=minimal", "return=none"))
                .put("preferCount", prefer("count=none"))
                .put(
                        "preferPost",
                        prefer(
                                "return=representation",
                                "return=minimal",
                                "return=none",
                                "resolution=ignore-duplicates",
                                "resolution=merge-duplicates"))
                .put("select", parameter("select", "query", "Filtering Columns"))
                .put("on_conflict", parameter("on_conflict", "query", "On Conflict"))
                .put("order", parameter("order", "query", "Ordering"))
                .put("range", parameter("Range", "header", "Limiting and Pagination"))
                .put(
                        "rangeUnit",
                        parameter("Range-Unit", "header", "Limiting and Pagination")
                                .put("default", "items"))
                .put("offset", parameter("offset", "query", "Limiting and Pagination"))
                .put("limit", parameter("limit", "query", "Limiting and Pagination"));
    }

    private static JsonObject parameter(String name, String in, String description) {
        return new JsonObject()
                .put("name", name)
                .put("description", description)
                .put("required", false)
                .put("in", in)
                .put("type", "string");
    }

    private static JsonObject prefer(String... values) {
        var choices = new JsonArray();
        for (var value : values) {
            choices.add(value);
        }
        return parameter("Prefer", "header", "Preference").put("enum", choices);
    }
}
