package dev.basalt.kit.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;

/** JSON whose fractions are decimals, where doubles would lose digits. Stateless. */
final class ExactNumbers {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private ExactNumbers() {}

    /**
     * Reads an object.
     *
     * @throws DecodeException if it is none
     */
    static JsonObject object(String text) {
        try {
            var members = MAPPER.readValue(text, OBJECT);
            if (members == null) {
                throw new DecodeException("null is not a JSON object");
            }
            return new JsonObject(members);
        } catch (JsonProcessingException malformed) {
            throw new DecodeException("not a JSON object", malformed);
        }
    }
}
