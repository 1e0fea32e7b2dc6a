package dev.basalt.functions.js;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Where each place of a bundle comes from (ECMA-426, the Source Map format, revision 3). What does not decode maps nothing:
 * it is the author's file. Immutable.
 */
final class SourceMap {
    /** A place in a source; line and column from 1. */
    record Place(String file, int line, int column) {}

    private static final String INLINE = "//# sourceMappingURL=data:application/json;base64,";
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int MAX_BYTES = 16 << 20;
    /** Of a segment: column, source, line, column of the source; all from 0. */
    private static final int FIELDS = 4;

    private final List<String> sources;
    /** By line of the bundle, its segments one after the other. */
    private final List<int[]> lines;

    private SourceMap(List<String> sources, List<int[]> lines) {
        this.sources = sources;
        this.lines = lines;
    }

    /** The map at the end of a bundle, if it has one there. */
    static Optional<SourceMap> inline(String bundle) {
        int at = bundle.lastIndexOf(INLINE);
        if (at < 0 || bundle.length() - at > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return file(Buffer.buffer(Base64.getDecoder()
                    .decode(bundle.substring(at + INLINE.length()).strip())));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The map in a file of its own, if it is one. */
    static Optional<SourceMap> file(Buffer content) {
        try {
            return Optional.of(parse(new JsonObject(content)));
        } catch (DecodeException
                | ClassCastException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NullPointerException malformed) {
            return Optional.empty();
        }
    }

    private static SourceMap parse(JsonObject map) {
        List<String> sources = new ArrayList<>();
        JsonArray names = map.getJsonArray("sources");
        for (int i = 0; i < names.size(); i++) {
            sources.add(names.getString(i));
        }
        List<int[]> lines = new ArrayList<>();
        int[] state = new int[FIELDS];
        for (String line : map.getString("mappings").split(";", -1)) {
            lines.add(segments(line, state));
        }
        return new SourceMap(List.copyOf(sources), lines);
    }

    /** Reads a line's segments; all but the first field go on where the line before has left them. */
    private static int[] segments(String line, int[] state) {
        state[0] = 0;
        if (line.isEmpty()) {
            return new int[0];
        }
        String[] parts = line.split(",", -1);
        int[] segments = new int[parts.length * FIELDS];
        int filled = 0;
        for (String part : parts) {
            int field = 0;
            int at = 0;
            while (at < part.length()) {
                int value = 0;
                int shift = 0;
                int digit;
                do {
                    digit = DIGITS.indexOf(part.charAt(at++));
                    value |= (digit & 31) << shift;
                    shift += 5;
                } while ((digit & 32) != 0);
                if (field < FIELDS) {
                    state[field++] += (value & 1) == 0 ? value >> 1 : -(value >> 1);
                }
            }
            // One field alone is a place that comes from no source.
            if (field == FIELDS) {
                System.arraycopy(state, 0, segments, filled, FIELDS);
                filled += FIELDS;
            }
        }
        return java.util.Arrays.copyOf(segments, filled);
    }

    /** Where a place of the bundle comes from; line and column from 1. */
    Optional<Place> find(int line, int column) {
        if (line < 1 || line > lines.size()) {
            return Optional.empty();
        }
        int[] segments = lines.get(line - 1);
        int found = -1;
        for (int i = 0; i < segments.length && segments[i] < column; i += FIELDS) {
            found = i;
        }
        if (found < 0 || segments[found + 1] < 0 || segments[found + 1] >= sources.size()) {
            return Optional.empty();
        }
        return Optional.of(
                new Place(sources.get(segments[found + 1]), segments[found + 2] + 1, segments[found + 3] + 1));
    }
}
