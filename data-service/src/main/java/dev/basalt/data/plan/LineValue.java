package dev.basalt.data.plan;

import dev.basalt.data.schema.PgType;
import org.jspecify.annotations.Nullable;

/**
 * A value of each row of {@link DataRequest.Lines}. PostgreSQL sends it as cheaply as it can, and what reads it writes the form
 * that is asked for.
 *
 * @param name what it is called in the answer
 */
public record LineValue(String name, Sent sent) {
    /** How PostgreSQL sends it. */
    public enum Sent {
        /** As it is: a whole number, a truth value, a UUID or text. */
        PLAIN,
        /** As the text of a number, or of something that JSON has no number for: {@code NaN}. */
        NUMBER,
        /** As the text of a day, a time of one, or something beyond all of them: {@code infinity}. */
        MOMENT,
        /** As the text of its JSON; for CSV, of a row of nothing else. */
        WRITTEN
    }

    /** @param type of the value, or null if that is not known or not how it is shown */
    static LineValue of(String name, @Nullable PgType type) {
        return new LineValue(
                name,
                switch (type == null ? "" : type.baseName()) {
                    case "pg_catalog.int2",
                            "pg_catalog.int4",
                            "pg_catalog.int8",
                            "pg_catalog.bool",
                            "pg_catalog.uuid",
                            "pg_catalog.text",
                            "pg_catalog.varchar" -> Sent.PLAIN;
                    case "pg_catalog.numeric", "pg_catalog.float4", "pg_catalog.float8" -> Sent.NUMBER;
                    case "pg_catalog.date", "pg_catalog.timestamp", "pg_catalog.timestamptz" -> Sent.MOMENT;
                    default -> Sent.WRITTEN;
                });
    }
}
