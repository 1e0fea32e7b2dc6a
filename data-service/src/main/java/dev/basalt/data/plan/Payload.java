package dev.basalt.data.plan;

import java.util.List;

/**
 * The shape of a JSON body: what the plan of a write depends on besides the query.
 *
 * @param array whether it is an array of rows, or one row
 * @param keys the members of its (first) row, in their order
 */
public record Payload(boolean array, List<String> keys) {
    public Payload {
        keys = List.copyOf(keys);
    }
}
