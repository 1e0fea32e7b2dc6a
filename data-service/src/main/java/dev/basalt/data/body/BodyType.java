package dev.basalt.data.body;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import java.util.Set;

/** What a body is, by its {@code Content-Type}. */
public enum BodyType {
    JSON,
    CSV,
    FORM,
    TEXT,
    XML,
    BINARY;

    /** What the rows of a write come in. */
    public static final Set<BodyType> OF_ROWS = Set.of(JSON, CSV, FORM);

    /** What the arguments of a call come in. */
    public static final Set<BodyType> OF_ARGUMENTS = Set.of(JSON, FORM, TEXT, XML, BINARY);

    /**
     * The type of that name; none at all is JSON.
     *
     * @param contentType without parameters, in lower case
     * @param accepted what the endpoint takes; anything else is refused with 415
     */
    public static BodyType of(String contentType, Set<BodyType> accepted) {
        var type = switch (contentType) {
            case "", "application/json" -> JSON;
            case "text/csv" -> CSV;
            case "application/x-www-form-urlencoded" -> FORM;
            case "text/plain" -> TEXT;
            case "text/xml" -> XML;
            case "application/octet-stream" -> BINARY;
            default -> contentType.endsWith("+json") ? JSON : null;
        };
        if (type == null || !accepted.contains(type)) {
            throw Refusal.of(
                    RestError.UNSUPPORTED_CONTENT_TYPE, "Content-Type not acceptable: " + contentType, null, null);
        }
        return type;
    }
}
