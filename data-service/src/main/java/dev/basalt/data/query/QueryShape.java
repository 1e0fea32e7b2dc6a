package dev.basalt.data.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query string asks for, without its values: the key under which its plan is kept.
 *
 * <p>A {@code path} names the embedded resource that a condition, an order or a page belongs to; empty is the resource
 * itself. Immutable; equality is by content.
 *
 * @param select what to return; a missing {@code select} is one {@link SelectItem.Star}, an empty one is empty
 * @param columns the {@code columns=} list, or null
 * @param onConflict the {@code on_conflict=} list, or null
 */
public record QueryShape(
        List<SelectItem> select,
        List<Where> where,
        List<Order> order,
        List<Page> pages,
        @Nullable List<String> columns,
        @Nullable List<String> onConflict) {
    public QueryShape {
        select = List.copyOf(select);
        where = List.copyOf(where);
        order = List.copyOf(order);
        pages = List.copyOf(pages);
        columns = columns == null ? null : List.copyOf(columns);
        onConflict = onConflict == null ? null : List.copyOf(onConflict);
    }

    /** A condition and the resource it holds for. */
    public record Where(List<String> path, Condition condition) {
        public Where {
            path = List.copyOf(path);
        }
    }

    /** The order of a resource. */
    public record Order(List<String> path, List<OrderTerm> terms) {
        public Order {
            path = List.copyOf(path);
            terms = List.copyOf(terms);
        }
    }

    /** The page of an embedded resource; the indexes point into {@link ParsedQuery#values()}, -1 is none. */
    public record Page(List<String> path, int limit, int offset) {
        public Page {
            path = List.copyOf(path);
        }
    }
}
