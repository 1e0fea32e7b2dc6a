package dev.basalt.data.body;

import dev.basalt.data.plan.Payload;
import io.vertx.core.buffer.Buffer;

/**
 * The rows that a write brings.
 *
 * @param payload their shape
 * @param json an object, or an array of objects, for PostgreSQL to take apart; the numbers of JSON keep their digits
 */
public record RowsBody(Payload payload, String json) {
    /**
     * Reads a body of one of {@link BodyType#OF_ROWS}; {@code PGRST102} when it is malformed.
     *
     * @param uniform whether every row must have the members of the first, because nothing else names the columns
     */
    public static RowsBody read(BodyType type, Buffer body, boolean uniform) {
        var text = BodyText.of(body);
        return switch (type) {
            case JSON -> new RowsBody(JsonRows.read(text, uniform), text);
            case CSV -> CsvRows.read(text);
            case FORM -> FormBody.row(text);
            case TEXT, XML, BINARY -> throw new IllegalArgumentException(type + " holds no rows");
        };
    }
}
