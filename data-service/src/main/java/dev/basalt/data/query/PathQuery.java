package dev.basalt.data.query;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query string asks of documents. Fields are dotted paths: the first step is the field's name, the others are its
 * {@link JsonStep.Key}s.
 *
 * @param select the places to return, or null for whole documents
 * @param where conditions that all hold; their values are indexes into {@code values}
 * @param order what sorts first
 * @param values what the client wrote after its operators; a quoted one is in quotes, a list is an array literal
 * @param limit the page's size, or null
 * @param settings the parameters that are no part of the grammar, by name; of one that comes twice, the first
 */
public record PathQuery(
        @Nullable List<Field> select,
        List<Condition> where,
        List<OrderTerm> order,
        List<String> values,
        @Nullable Long limit,
        Map<String, String> settings) {
    public PathQuery {
        select = select == null ? null : List.copyOf(select);
        where = List.copyOf(where);
        order = List.copyOf(order);
        values = List.copyOf(values);
        settings = Map.copyOf(settings);
    }
}
