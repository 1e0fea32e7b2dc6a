package dev.basalt.data.query;

/** One step into a JSON value, {@code ->} or (when {@code asText}) {@code ->>}. */
public sealed interface JsonStep {
    /** Whether the step yields text instead of JSON. */
    boolean asText();

    /** A member by its name. */
    record Key(String name, boolean asText) implements JsonStep {}

    /** An array element by its position; negative counts from the end. */
    record Index(int position, boolean asText) implements JsonStep {}
}
