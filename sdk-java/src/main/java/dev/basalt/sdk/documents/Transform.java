package dev.basalt.sdk.documents;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.basalt.sdk.data.PathGrammar;
import dev.basalt.sdk.http.DocumentJson;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of one field that the server works out from the value that is there, so that nobody else's change is lost. A field
 * is a path as {@link Field#field} reads it. Immutable.
 */
public final class Transform {
    private final Map<String, Object> written;

    private Transform(String field, String kind, @Nullable Object operand) {
        this.written = Map.of("field", PathGrammar.path(Field.field(field)), kind, DocumentJson.tree(operand));
    }

    /** Adds to a number; what is no number counts as 0. */
    public static Transform increment(String field, Number by) {
        return new Transform(field, "increment", by);
    }

    /** The greater of two numbers. */
    public static Transform max(String field, Number other) {
        return new Transform(field, "max", other);
    }

    /** The smaller of two numbers. */
    public static Transform min(String field, Number other) {
        return new Transform(field, "min", other);
    }

    /** The time of the commit. */
    public static Transform serverTimestamp(String field) {
        return new Transform(field, "serverTimestamp", true);
    }

    /** Adds elements that an array does not hold yet. */
    public static Transform arrayUnion(String field, @Nullable Object... elements) {
        return new Transform(field, "arrayUnion", Arrays.asList(elements));
    }

    /** Takes elements out of an array wherever they occur. */
    public static Transform arrayRemove(String field, @Nullable Object... elements) {
        return new Transform(field, "arrayRemove", Arrays.asList(elements));
    }

    /** As it stands in JSON. */
    @JsonValue
    Map<String, Object> written() {
        return written;
    }
}
