package dev.basalt.data.documents.collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.Grammar;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.OrderTerm.Direction;
import dev.basalt.data.query.PathQueryParser;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A declared index. Immutable.
 *
 * @param fields dotted paths, each perhaps with {@code .desc}, as in {@code order=}
 * @param unique whether no two documents of one parent may have the same values
 * @param group whether it serves queries that span all parents
 */
record CollectionIndex(List<String> fields, boolean unique, boolean group) {
    private static final int MAX_FIELDS = 8;
    private static final Set<String> MEMBERS = Set.of("fields", "unique", "group");

    CollectionIndex {
        fields = List.copyOf(fields);
    }

    static CollectionIndex parse(JsonNode item) {
        if (!(item instanceof ObjectNode index)) {
            throw CollectionConfig.refused("an index is {\"fields\": [\"a.b\"]}");
        }
        StrictJson.requireMembers(index, MEMBERS);
        var fields = new ArrayList<String>();
        for (var field : index.path("fields")) {
            if (!field.isTextual()) {
                throw CollectionConfig.refused("'fields' holds texts");
            }
            fields.add(field.textValue());
        }
        if (fields.isEmpty() || fields.size() > MAX_FIELDS) {
            throw CollectionConfig.refused("'fields' is an array of 1 to " + MAX_FIELDS + " paths");
        }
        var parsed = new CollectionIndex(fields, flag(index, "unique"), flag(index, "group"));
        parsed.terms();
        return parsed;
    }

    private static boolean flag(ObjectNode index, String name) {
        var value = index.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw CollectionConfig.refused("'" + name + "' is true or false");
        }
        return value.asBoolean();
    }

    private List<OrderTerm> terms() {
        return Grammar.read(() -> PathQueryParser.order(String.join(",", fields)));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("fields", new JsonArray(fields))
                .put("unique", unique)
                .put("group", group);
    }

    /** Its name: no other index of the collection has it, and no collection, because of the dot. */
    String name(String collection) {
        var hash = UUID.nameUUIDFromBytes((collection + toJson().encode()).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return collection.substring(0, Math.min(20, collection.length())) + "." + hash;
    }

    /** The statement that makes it: the expressions are those of queries. */
    String sql(String collection) {
        var columns = terms().stream()
                .map(term ->
                        DocumentField.of(term.field()).column() + (term.direction() == Direction.DESC ? " desc" : ""))
                .collect(Collectors.joining(", "));
        var scope = unique ? "parent, " + columns : group ? columns + ", parent, id" : "parent, " + columns + ", id";
        return "create " + (unique ? "unique " : "") + "index \"" + name(collection) + "\" on "
                + DocumentSql.table(collection) + " (" + scope + ")";
    }
}
