package dev.basalt.sdk.documents;

import dev.basalt.sdk.data.PathGrammar;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A value to be worked out from documents. Immutable. */
public final class Aggregate {
    /** What is worked out. */
    enum Kind {
        COUNT,
        SUM,
        AVG,
        MIN,
        MAX;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final @Nullable String path;

    private Aggregate(Kind kind, @Nullable String path) {
        this.kind = kind;
        this.path = path == null ? null : written(path);
    }

    /** How many documents there are. */
    public static Aggregate count() {
        return new Aggregate(Kind.COUNT, null);
    }

    /** The sum of the numbers of a field. */
    public static Aggregate sum(String path) {
        return new Aggregate(Kind.SUM, path);
    }

    /** The average of the numbers of a field. */
    public static Aggregate avg(String path) {
        return new Aggregate(Kind.AVG, path);
    }

    /** The least value of a field. */
    public static Aggregate min(String path) {
        return new Aggregate(Kind.MIN, path);
    }

    /** The greatest value of a field. */
    public static Aggregate max(String path) {
        return new Aggregate(Kind.MAX, path);
    }

    Kind kind() {
        return kind;
    }

    /** As it stands in a request; {@code null} for a count. */
    @Nullable
    String path() {
        return path;
    }

    static String written(String path) {
        return PathGrammar.path(Field.field(path));
    }
}
