package dev.basalt.sdk.documents;

/** What became of one document between two snapshots. Immutable. */
public sealed interface Change<T> {
    /** The document: as it is, or as it was before it was removed. */
    Document<T> document();

    /** It is found now. */
    record Added<T>(Document<T> document) implements Change<T> {}

    /** It was written. */
    record Modified<T>(Document<T> document) implements Change<T> {}

    /** It is found no more: deleted, hidden, or beyond the conditions or the page. */
    record Removed<T>(Document<T> document) implements Change<T> {}
}
