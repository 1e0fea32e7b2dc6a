package dev.basalt.data.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** The arguments of a call that come as JSON. Stateless. */
public final class JsonMembers {
    private JsonMembers() {}

    /**
     * The names of an object's members; none when the document is something else, which only a single argument can take.
     * {@code PGRST102} when it is malformed.
     */
    public static Set<String> of(String text) {
        try (var parser = JsonRows.JSON.createParser(text)) {
            Set<String> names = Set.of();
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                names = JsonRows.row(parser);
            } else {
                parser.skipChildren();
            }
            JsonRows.requireEnd(parser);
            return names;
        } catch (JsonProcessingException malformed) {
            throw JsonRows.malformed(malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
