package dev.basalt.data.documents;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.http.Exchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Paths of documents in URLs. Stateless. */
public final class Locations {
    private static final String PREFIX = "/documents/v1/";

    private Locations() {}

    /**
     * The path that a URL names. It is read off the URL as it came: the router's own has dots and slashes taken out.
     *
     * @throws ApiException {@link DocumentError#INVALID_PATH}
     */
    public static Path path(Exchange exchange) {
        return path(exchange, "");
    }

    /** The path that a URL names before an action, such as {@code :aggregate}. */
    public static Path path(Exchange exchange, String action) {
        var url = exchange.request().path();
        if (url == null || !url.startsWith(PREFIX) || !url.endsWith(action)) {
            throw ApiException.of(KitError.NOT_FOUND);
        }
        return Path.parse(url.substring(PREFIX.length(), url.length() - action.length()));
    }

    /** The URL of a document, below the origin. */
    public static String of(DocumentPath path) {
        return PREFIX
                + Arrays.stream(path.toString().split("/"))
                        .map(Locations::encoded)
                        .collect(Collectors.joining("/"));
    }

    /** A segment in which {@code %} and {@code /} are encoded already, with all that a URL can't hold. */
    private static String encoded(String segment) {
        return URLEncoder.encode(segment.replace("%2F", "/").replace("%25", "%"), StandardCharsets.UTF_8)
                .replace("+", "%20");
    }
}
