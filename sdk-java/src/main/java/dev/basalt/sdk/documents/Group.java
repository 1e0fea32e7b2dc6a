package dev.basalt.sdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.http.DocumentJson;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of one group of documents. A path is what was asked for; one that was not asked for is an {@link
 * IllegalArgumentException}. Immutable.
 */
public final class Group {
    private final JsonNode values;
    private final @Nullable String requestId;

    Group(JsonNode values, @Nullable String requestId) {
        this.values = values;
        this.requestId = requestId;
    }

    /** How many documents there are. */
    public long count() {
        JsonNode count = values.path("count");
        if (!count.isNumber()) throw new IllegalArgumentException("count was not asked for");
        return count.asLong();
    }

    /** The sum of the numbers of a field; 0 where there are none. */
    public BigDecimal sum(String path) {
        return asked("sum", path).decimalValue();
    }

    /** The average of the numbers of a field, if there are any. */
    public Optional<BigDecimal> avg(String path) {
        return value("avg", path, BigDecimal.class);
    }

    /** The least value of a field, if there is one. */
    public <V> Optional<V> min(String path, Class<V> type) {
        return value("min", path, type);
    }

    /** The greatest value of a field, if there is one. */
    public <V> Optional<V> max(String path, Class<V> type) {
        return value("max", path, type);
    }

    /** The value that the group's documents have in common; nothing where it is null or missing. */
    public <V> Optional<V> key(String path, Class<V> type) {
        return value("key", path, type);
    }

    private <V> Optional<V> value(String member, String path, Class<V> type) {
        return Optional.ofNullable(DocumentJson.read(asked(member, path), type, requestId));
    }

    private JsonNode asked(String member, String path) {
        JsonNode value = values.path(member).get(Aggregate.written(path));
        if (value == null) throw new IllegalArgumentException(member + " of " + path + " was not asked for");
        return value;
    }
}
