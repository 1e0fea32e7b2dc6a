package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.Relationship;
import dev.basalt.data.schema.Relationship.ColumnPair;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Refusals of relations and of what requests want of them. */
final class RelationshipRefusal {
    private RelationshipRefusal() {}

    static ApiException none(SchemaCache schema, Table origin, String relation, @Nullable String hint) {
        var similar = schema.similarRelationship(origin, relation);
        return Refusal.of(
                RestError.UNKNOWN_RELATIONSHIP,
                "Could not find a relationship between '" + origin.name() + "' and '" + relation
                        + "' in the schema cache",
                "Searched for a foreign key relationship between '" + origin.name() + "' and '" + relation
                        + (hint == null ? "" : "' using the hint '" + hint)
                        + "' in the schema '" + origin.schema() + "', but no matches were found.",
                similar == null || similar.equals(relation)
                        ? null
                        : "Perhaps you meant '" + similar + "' instead of '" + relation + "'.");
    }

    static ApiException ambiguous(Table origin, String relation, List<Relationship> candidates) {
        var choices = candidates.stream()
                .map(candidate -> "'" + candidate.target().name() + "!" + hint(candidate) + "'")
                .collect(Collectors.joining(", "));
        return Refusal.of(
                        RestError.AMBIGUOUS_RELATIONSHIP,
                        "Could not embed because more than one relationship was found for '" + origin.name() + "' and '"
                                + relation + "'",
                        null,
                        "Try changing '" + relation + "' to one of the following: " + choices
                                + ". Find the desired relationship in the 'details' key.")
                .with(
                        Refusal.DETAILS,
                        new JsonArray(candidates.stream()
                                .map(RelationshipRefusal::description)
                                .toList()));
    }

    static ApiException notEmbedded(String resource) {
        return Refusal.of(
                RestError.NOT_EMBEDDED,
                "'" + resource + "' is not an embedded resource in this request",
                null,
                "Verify that '" + resource + "' is included in the 'select' query parameter.");
    }

    static ApiException notOrderable(Table origin, String name) {
        return Refusal.of(
                RestError.RELATED_ORDER_IMPOSSIBLE,
                "A related order on '" + name + "' is not possible",
                "'" + origin.name() + "' and '" + name + "' do not form a many-to-one or one-to-one relationship",
                null);
    }

    static ApiException notFilterable(String name) {
        return Refusal.of(
                RestError.BAD_EMBEDDED_OPERATOR,
                "Bad operator on the '" + name + "' embedded resource",
                "Only is null or not is null filters are allowed on embedded resources",
                null);
    }

    private static String hint(Relationship relationship) {
        return switch (relationship) {
            case Relationship.ByKey key -> key.constraint();
            case Relationship.ThroughJunction through
            when through.origin().oid() == through.target().oid() -> through.targetConstraint();
            case Relationship.ThroughJunction through -> through.junction().name();
            case Relationship.Computed function -> function.name();
        };
    }

    private static JsonObject description(Relationship relationship) {
        var origin = relationship.origin().name();
        var target = relationship.target().name();
        var description = new JsonObject();
        switch (relationship) {
            case Relationship.ByKey key ->
                description
                        .put("cardinality", key.cardinality().toString())
                        .put("embedding", origin + " with " + target)
                        .put(
                                "relationship",
                                key.constraint() + " using " + origin + list(key.columns(), ColumnPair::from) + " and "
                                        + target + list(key.columns(), ColumnPair::to));
            case Relationship.ThroughJunction through ->
                description
                        .put("cardinality", "many-to-many")
                        .put("embedding", origin + " with " + target)
                        .put(
                                "relationship",
                                through.junction().name() + " using " + through.originConstraint()
                                        + list(through.originColumns(), ColumnPair::to) + " and "
                                        + through.targetConstraint() + list(through.targetColumns(), ColumnPair::from));
            case Relationship.Computed function ->
                description
                        .put("cardinality", function.toOne() ? "many-to-one" : "one-to-many")
                        .put("embedding", origin + " with " + target)
                        .put("relationship", function.name());
        }
        return description;
    }

    private static String list(List<ColumnPair> pairs, Function<ColumnPair, String> side) {
        return pairs.stream().map(side).collect(Collectors.joining(", ", "(", ")"));
    }
}
