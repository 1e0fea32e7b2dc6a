package dev.basalt.data.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed query string.
 *
 * @param values what the client wrote after its operators, in the order of their indexes; lists are array literals
 * @param limit the resource's own {@code limit=}, or null
 * @param offset the resource's own {@code offset=}, or null
 */
public record ParsedQuery(
        QueryShape shape,
        List<String> values,
        @Nullable Long limit,
        @Nullable Long offset) {
    public ParsedQuery {
        values = List.copyOf(values);
    }
}
