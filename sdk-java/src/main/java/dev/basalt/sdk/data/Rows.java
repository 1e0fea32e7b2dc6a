package dev.basalt.sdk.data;

import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one answer, in order.
 *
 * @param list the rows; unmodifiable
 * @param counted how many rows match without limit and offset, if that was asked for
 */
public record Rows<T>(List<T> list, @Nullable Long counted) implements Iterable<T> {
    public Rows {
        list = List.copyOf(list);
    }

    /** How many rows match without limit and offset, if {@link SelectQuery#withTotal} asked for it. */
    public OptionalLong total() {
        return counted == null ? OptionalLong.empty() : OptionalLong.of(counted);
    }

    public int size() {
        return list.size();
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    public T get(int index) {
        return list.get(index);
    }

    public Stream<T> stream() {
        return list.stream();
    }

    @Override
    public Iterator<T> iterator() {
        return list.iterator();
    }
}
