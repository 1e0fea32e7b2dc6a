package dev.basalt.sdk.documents;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a live query finds at one moment. Immutable.
 *
 * @param documents in order
 * @param changes what is different from the snapshot before: what was removed, then what was added or modified in order; all is
 *     added in the first one
 */
public record Snapshot<T>(List<Document<T>> documents, List<Change<T>> changes) {
    public Snapshot {
        documents = List.copyOf(documents);
        changes = List.copyOf(changes);
    }

    static <T> Snapshot<T> of(List<Document<T>> before, List<Document<T>> now) {
        Map<String, Document<T>> gone = new HashMap<>();
        before.forEach(document -> gone.put(document.path(), document));
        var written = new ArrayList<Change<T>>();
        for (Document<T> document : now) {
            Document<T> known = gone.remove(document.path());
            if (known == null) written.add(new Change.Added<>(document));
            else if (known.version() != document.version()) written.add(new Change.Modified<>(document));
        }
        var changes = new ArrayList<Change<T>>();
        for (Document<T> document : before) {
            if (gone.containsKey(document.path())) changes.add(new Change.Removed<>(document));
        }
        changes.addAll(written);
        return new Snapshot<>(now, changes);
    }
}
