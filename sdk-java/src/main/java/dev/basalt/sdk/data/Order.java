package dev.basalt.sdk.data;

/** A direction of sorting, and where rows without a value go. */
public enum Order {
    ASCENDING("asc"),
    DESCENDING("desc"),
    ASCENDING_NULLS_FIRST("asc.nullsfirst"),
    DESCENDING_NULLS_LAST("desc.nullslast");

    private final String wireName;

    Order(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}
