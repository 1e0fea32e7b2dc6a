package dev.basalt.data.documents;

import dev.basalt.kit.error.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a path names: {@code collection/id/collection/id…}. Ids are compared byte by byte: no Unicode form is turned into
 * another.
 */
public sealed interface Path permits CollectionPath, DocumentPath {
    /** The longest id, in bytes of UTF-8. */
    int MAX_ID = 1500;

    /** The longest parent and id together, in bytes: what one entry of PostgreSQL's index holds. */
    int MAX_KEY = 2600;

    /** Names of collections, which are names of tables. */
    Pattern COLLECTION = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    /**
     * Reads a path.
     *
     * @param path percent-encoded segments joined by slashes, without one at either end
     * @throws ApiException {@link DocumentError#INVALID_PATH} with the segment that is wrong
     */
    static Path parse(String path) {
        Path found = null;
        int start = 0;
        while (true) {
            int slash = path.indexOf('/', start);
            var segment = decode(path.substring(start, slash < 0 ? path.length() : slash));
            found = switch (found) {
                case null -> new CollectionPath("", collection(segment));
                case CollectionPath collection -> document(collection, segment);
                case DocumentPath document -> new CollectionPath(document.toString(), collection(segment));
            };
            if (slash < 0) {
                return found;
            }
            start = slash + 1;
        }
    }

    /** A path that must name a document. */
    static DocumentPath document(String path) {
        if (parse(path) instanceof DocumentPath document) {
            return document;
        }
        throw refused("'" + path + "' names a collection; a document is collection/id");
    }

    /** A document of a collection, if its id is one. */
    static DocumentPath document(CollectionPath collection, String id) {
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_ID) {
            throw refused("an id has 1 to " + MAX_ID + " bytes; here are " + bytes);
        }
        if (id.equals(".") || id.equals("..")) {
            throw refused("'" + id + "' is no id, because clients take it out of a URL");
        }
        if (id.indexOf('\0') >= 0) {
            throw refused("an id holds no NUL");
        }
        int key = collection.parent().getBytes(StandardCharsets.UTF_8).length + bytes;
        if (key > MAX_KEY) {
            throw refused("the parent's path and the id have at most " + MAX_KEY + " bytes together; here are " + key);
        }
        return collection.document(id);
    }

    private static String collection(String name) {
        if (!COLLECTION.matcher(name).matches()) {
            throw refused("'" + name + "' is no collection: 1 to 63 of A-Z, a-z, 0-9, _ and -, a letter first");
        }
        return name;
    }

    private static String decode(String segment) {
        if (segment.indexOf('%') < 0 && segment.chars().allMatch(c -> c > 0 && c < 128)) {
            return segment;
        }
        var bytes = ByteBuffer.allocate(segment.length() * 3);
        for (int i = 0; i < segment.length(); ) {
            if (segment.charAt(i) == '%') {
                if (i + 2 >= segment.length()
                        || Character.digit(segment.charAt(i + 1), 16) < 0
                        || Character.digit(segment.charAt(i + 2), 16) < 0) {
                    throw refused("a % is followed by two hexadecimal digits");
                }
                bytes.put((byte) Integer.parseInt(segment, i + 1, i + 3, 16));
                i += 3;
            } else {
                int point = segment.codePointAt(i);
                if (Character.getType(point) == Character.SURROGATE) {
                    throw refused("a lone surrogate is no character");
                }
                bytes.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException broken) {
            throw refused("a segment is not valid UTF-8");
        }
    }

    private static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_PATH, detail);
    }
}
