package dev.basalt.sdk.documents;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A page of a query. Immutable.
 *
 * @param documents in order
 * @param next where the next page begins; {@code null} after the last
 * @param counted how many documents match, if that was asked for
 * @param advice the index that the query lacks, if the server says so
 */
public record Page<T>(
        List<Document<T>> documents,
        @Nullable String next,
        @Nullable Long counted,
        @Nullable IndexHint advice) implements Iterable<Document<T>> {
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

    /**
     * An index that would help.
     *
     * @param index what to declare, as {@code {"fields": ["author.name"]}}
     */
    public record IndexHint(String message, Map<String, Object> index) {
        public IndexHint {
            index = Map.copyOf(index);
        }
    }

    /** With the secret key, what would spare the server looking through a large collection. */
    public Optional<IndexHint> hint() {
        return Optional.ofNullable(advice);
    }

    @Override
    public Iterator<Document<T>> iterator() {
        return documents.iterator();
    }
}
