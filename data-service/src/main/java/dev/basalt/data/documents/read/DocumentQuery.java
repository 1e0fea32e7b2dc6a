package dev.basalt.data.documents.read;

import dev.basalt.data.documents.CollectionPath;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.documents.Grammar;
import dev.basalt.data.query.PathQuery;
import dev.basalt.data.query.PathQueryParser;
import dev.basalt.kit.error.ApiException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query on a collection. Immutable; equal to another that asks for the same.
 *
 * @param group whether it spans the collections of that name under all parents
 * @param cursor where the page before ended, or null
 * @param counted whether all matching documents are counted
 */
public record DocumentQuery(
        CollectionPath collection,
        boolean group,
        PathQuery asked,
        int limit,
        @Nullable String cursor,
        boolean counted) {
    private static final String GROUP = "group";
    private static final String CURSOR = "cursor";
    private static final String COUNT = "count";
    private static final Set<String> SETTINGS = Set.of(GROUP, CURSOR, COUNT);

    /** Reads a query string; {@link DocumentError#INVALID_QUERY} with the position if it does not follow the grammar. */
    static DocumentQuery parse(CollectionPath collection, @Nullable String query, DocumentsConfig config) {
        var asked = Grammar.read(() -> PathQueryParser.parse(query, SETTINGS));
        boolean group = flag(asked, GROUP, "true");
        if (group && !collection.parent().isEmpty()) {
            throw ApiException.of(DocumentError.INVALID_QUERY, "group=true goes with a collection at the top");
        }
        long limit = asked.limit() == null ? config.defaultPage() : asked.limit();
        if (limit > config.maxPage()) {
            throw ApiException.of(
                    DocumentError.INVALID_QUERY,
                    "limit is at most " + config.maxPage() + " (basalt.data.documents.max-page); go on by cursor");
        }
        return new DocumentQuery(
                collection, group, asked, (int) limit, asked.settings().get(CURSOR), flag(asked, COUNT, "exact"));
    }

    private static boolean flag(PathQuery asked, String name, String on) {
        var value = asked.settings().get(name);
        if (value != null && !value.equals(on) && !(name.equals(GROUP) && value.equals("false"))) {
            throw ApiException.of(DocumentError.INVALID_QUERY, name + " is " + on + ", not '" + value + "'");
        }
        return on.equals(value);
    }

    /** What a cursor belongs to, beside the project: anything but the page's size and what of the documents is shown. */
    String identity() {
        return collection + "|" + group + "|" + asked.where() + "|" + asked.values() + "|" + asked.order();
    }
}
