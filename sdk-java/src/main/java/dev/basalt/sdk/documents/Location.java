package dev.basalt.sdk.documents;

import dev.basalt.sdk.http.Url;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a document or collection is: the names of collections and ids of documents that lead there, in turns, as they are.
 * Immutable.
 */
record Location(List<String> segments) {
    private static final String PREFIX = "/documents/v1/";

    Location {
        for (String segment : segments) {
            // Whatever handles a URL on its way takes them for something else.
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("neither an id nor a collection's name is '', '.' or '..'");
            }
        }
        segments = List.copyOf(segments);
    }

    /** Reads a path as the API writes it: of ids, {@code %} and {@code /} are percent-encoded. */
    static Location parse(String path) {
        return new Location(
                Arrays.stream(path.split("/", -1)).map(Location::decoded).toList());
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    Location then(String segment) {
        var more = new ArrayList<>(segments);
        more.add(segment);
        return new Location(more);
    }

    boolean isDocument() {
        return segments.size() % 2 == 0;
    }

    String last() {
        return segments.getLast();
    }

    /** As it stands in a URL, below the origin. */
    String url() {
        return PREFIX + segments.stream().map(Url::encode).collect(Collectors.joining("/"));
    }

    /** As it stands in bodies and answers. */
    String text() {
        return segments.stream()
                .map(segment -> segment.replace("%", "%25").replace("/", "%2F"))
                .collect(Collectors.joining("/"));
    }
}
