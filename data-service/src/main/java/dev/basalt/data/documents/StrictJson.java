package dev.basalt.data.documents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * JSON that every reader understands alike, as I-JSON (RFC 7493) asks: no member twice, no lone surrogate, no number beyond a
 * double; and no NUL, which PostgreSQL's text can't hold. Numbers within a double's range keep all their digits.
 *
 * <p>What is wrong is refused with {@link DocumentError#INVALID_DOCUMENT} and the {@code pointer} (RFC 6901) to it; what is
 * no JSON at all with {@link KitError#MALFORMED_JSON}. Stateless.
 */
public final class StrictJson {
    /** The largest document, in bytes of UTF-8. */
    public static final int MAX_BYTES = 1 << 20;

    /** The deepest document: an object in itself is one level. */
    public static final int MAX_DEPTH = 100;

    private static final int MAX_DIGITS = 1000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(MAX_DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(MAX_BYTES)
                    .maxNestingDepth(1000)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private StrictJson() {}

    /** A body that is one document: the text as it came. */
    public static String document(Buffer body) {
        if (body.length() > MAX_BYTES) {
            throw ApiException.of(DocumentError.DOCUMENT_TOO_LARGE).with("pointer", "");
        }
        var text = text(body);
        check(text, MAX_DEPTH, true);
        return text;
    }

    /** A body that is one checked JSON value of any kind, as a tree. */
    public static JsonNode tree(Buffer body, int depth) {
        var text = text(body);
        check(text, depth, false);
        return parse(text);
    }

    /** A body that is one checked JSON object, as a tree. */
    public static ObjectNode object(Buffer body, int depth) {
        var text = text(body);
        check(text, depth, true);
        return (ObjectNode) parse(text);
    }

    /** Text that is known to be JSON, as a tree whose numbers keep their digits. */
    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a text that was checked does not parse", e);
        }
    }

    /** Whether a text is one checked JSON value. */
    public static boolean isJson(String text) {
        try {
            check(text, MAX_DEPTH, false);
            return true;
        } catch (ApiException refused) {
            return false;
        }
    }

    /**
     * The text of a document that is a part of something larger, or was made here.
     *
     * @param pointer where it stands
     */
    public static String document(JsonNode node, String pointer) {
        if (!node.isObject()) {
            throw invalid(pointer, "A document is an object");
        }
        requireDepth(node, pointer, MAX_DEPTH);
        var text = node.toString();
        if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw ApiException.of(DocumentError.DOCUMENT_TOO_LARGE).with("pointer", pointer);
        }
        return text;
    }

    private static void requireDepth(JsonNode node, String pointer, int left) {
        if (!node.isContainerNode()) {
            return;
        }
        if (left == 0) {
            throw tooDeep(pointer);
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(member ->
                            requireDepth(member.getValue(), pointer + "/" + escaped(member.getKey()), left - 1));
        } else {
            for (int i = 0; i < node.size(); i++) {
                requireDepth(node.get(i), pointer + "/" + i, left - 1);
            }
        }
    }

    /** Refuses with {@link DocumentError#INVALID_REQUEST} an object that has a member beside the known ones. */
    public static void requireMembers(JsonNode object, Set<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw ApiException.of(
                        DocumentError.INVALID_REQUEST,
                        "'" + name + "' is none of "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    /** The refusal of what stands at a pointer. */
    public static ApiException invalid(String pointer, String detail) {
        return ApiException.of(DocumentError.INVALID_DOCUMENT, detail).with("pointer", pointer);
    }

    /** A member's name as a step of a pointer (RFC 6901, section 3). */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String text(Buffer body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw ApiException.of(KitError.MALFORMED_JSON, "The body is not valid UTF-8");
        }
    }

    private static void check(String text, int maxDepth, boolean object) {
        try (var parser = FACTORY.createParser(text)) {
            var first = parser.nextToken();
            if (first == null) {
                throw ApiException.of(KitError.MALFORMED_JSON, "The body is empty");
            }
            if (object && first != JsonToken.START_OBJECT) {
                throw invalid("", "A document is an object");
            }
            var names = new ArrayDeque<Set<String>>();
            try {
                for (var token = first; token != null; token = parser.nextToken()) {
                    check(parser, token, names, maxDepth);
                }
            } catch (StreamConstraintsException e) {
                throw invalid(pointer(parser), "A number has at most " + MAX_DIGITS + " digits");
            }
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw ApiException.of(
                    KitError.MALFORMED_JSON,
                    e.getOriginalMessage()
                            + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void check(JsonParser parser, JsonToken token, ArrayDeque<Set<String>> names, int maxDepth)
            throws IOException {
        switch (token) {
            case START_OBJECT, START_ARRAY -> {
                names.push(new HashSet<>());
                if (names.size() > maxDepth) {
                    throw tooDeep(containerPointer(parser));
                }
            }
            case END_OBJECT, END_ARRAY -> names.pop();
            case FIELD_NAME -> {
                requireText(parser, parser.currentName());
                var known = names.peek();
                if (known != null && !known.add(parser.currentName())) {
                    throw invalid(pointer(parser), "A member stands twice in its object");
                }
            }
            case VALUE_STRING -> requireText(parser, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> requireDouble(parser, parser.getText());
            default -> {
                // Literals have nothing that could be wrong.
            }
        }
        if (names.isEmpty()
                && parser.getParsingContext().inRoot()
                && parser.getParsingContext().getCurrentIndex() > 0) {
            throw ApiException.of(KitError.MALFORMED_JSON, "The body goes on after its JSON value");
        }
    }

    private static void requireText(JsonParser parser, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0') {
                throw invalid(pointer(parser), "A string holds \\u0000");
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw invalid(pointer(parser), "A string holds a lone surrogate");
                }
                i++;
            }
        }
    }

    private static void requireDouble(JsonParser parser, String digits) {
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value) || (value == 0 && hasDigits(digits))) {
            throw invalid(pointer(parser), "A number is beyond what a double can hold");
        }
    }

    /** Whether a number that became zero was not zero. */
    private static boolean hasDigits(String number) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                return false;
            }
            if (c >= '1' && c <= '9') {
                return true;
            }
        }
        return false;
    }

    private static ApiException tooDeep(String pointer) {
        return invalid(pointer, "A document is at most " + MAX_DEPTH + " levels deep");
    }

    private static String pointer(JsonParser parser) {
        return parser.getParsingContext().pathAsPointer().toString();
    }

    /** At the start of a container, its own context has no position yet. */
    private static String containerPointer(JsonParser parser) {
        var around = parser.getParsingContext().getParent();
        return around == null ? "" : around.pathAsPointer().toString();
    }
}
