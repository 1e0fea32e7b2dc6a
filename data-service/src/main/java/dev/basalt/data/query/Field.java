package dev.basalt.data.query;

import java.util.List;

/** A column, or a place inside a JSON (or composite, or array) column. */
public record Field(String name, List<JsonStep> path) {
    public Field {
        path = List.copyOf(path);
    }

    /** A whole column. */
    public static Field of(String name) {
        return new Field(name, List.of());
    }

    /** A place in a document, by the names on the way there. */
    static Field ofPath(List<String> steps) {
        return new Field(
                steps.getFirst(),
                steps.stream()
                        .skip(1)
                        .<JsonStep>map(name -> new JsonStep.Key(name, false))
                        .toList());
    }

    /** Whether the value is text because the last step is {@code ->>}. */
    public boolean isText() {
        return !path.isEmpty() && path.getLast().asText();
    }
}
