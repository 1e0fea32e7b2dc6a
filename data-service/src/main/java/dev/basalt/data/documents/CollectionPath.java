package dev.basalt.data.documents;

/**
 * A collection of the documents under one parent. Immutable.
 *
 * @param parent the path of the document it belongs to; empty for a collection at the top
 */
public record CollectionPath(String parent, String collection) implements Path {
    /** A document of it. */
    public DocumentPath document(String id) {
        return new DocumentPath(this, id);
    }

    @Override
    public String toString() {
        return parent.isEmpty() ? collection : parent + "/" + collection;
    }
}
