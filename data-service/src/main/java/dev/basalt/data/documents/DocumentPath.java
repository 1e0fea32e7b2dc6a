package dev.basalt.data.documents;

/** A document by its collection and id. Immutable. */
public record DocumentPath(CollectionPath collection, String id) implements Path {
    /** As it stands in URLs and in {@code parent}: of each id, only {@code %} and {@code /} are percent-encoded. */
    @Override
    public String toString() {
        return collection + "/" + id.replace("%", "%25").replace("/", "%2F");
    }
}
