package dev.basalt.sdk.documents;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A page of a query. Immutable.
 *
 * @param documents in order
 * @param next where the next page begins; {@code null} after the last
 * @param counted how many documents match, if that was asked for
 */
public record Page<T>(
        List<Document<T>> documents,
        @Nullable String next,
        @Nullable Long counted) implements Iterable<Document<T>> {
    public Page {
        documents = List.copyOf(documents);
    }

    /** What {@link DocumentQuery#after} takes to read the next page; nothing after the last. */
    public Optional<String> cursor() {
        return Optional.ofNullable(next);
    }

    /** How many documents match, if {@link DocumentQuery#withTotal} asked for it. */
    public OptionalLong total() {
        return counted == null ? OptionalLong.empty() : OptionalLong.of(counted);
    }

    @Override
    public Iterator<Document<T>> iterator() {
        return documents.iterator();
    }
}
