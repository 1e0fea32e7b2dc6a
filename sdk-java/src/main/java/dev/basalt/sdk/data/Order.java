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

    /** A column of the table, or of a relation that is embedded in it, as it stands in {@code order=}. */
    String of(Column column) {
        String sorted = switch (column.relations().size()) {
            case 0 -> column.unqualified();
            case 1 -> Quoting.name(column.relations().getFirst()) + "(" + column.unqualified() + ")";
            default -> throw new IllegalArgumentException("rows are sorted by what they embed themselves, not deeper");
        };
        return sorted + "." + wireName;
    }
}
