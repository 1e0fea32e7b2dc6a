package dev.basalt.sdk.documents;

import java.util.Collections;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The documents of a query, page after page. For one thread. */
final class AllPages<T> extends AbstractSpliterator<Document<T>> {
    private @Nullable DocumentQuery<T> next;
    private Iterator<Document<T>> page = Collections.emptyIterator();

    AllPages(DocumentQuery<T> query) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.next = query;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Document<T>> action) {
        while (!page.hasNext()) {
            DocumentQuery<T> query = next;
            if (query == null) return false;
            Page<T> read = query.page();
            page = read.iterator();
            next = read.cursor().map(query::after).orElse(null);
        }
        action.accept(page.next());
        return true;
    }
}
