package dev.basalt.data.documents;

import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entity tags (RFC 9110, section 8.8.3), which are versions in quotes. Stateless. */
public final class Preconditions {
    private static final long NO_VERSION = -1;

    private Preconditions() {}

    /** The tag of a version. */
    public static String etag(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The versions that a list of tags names; of a tag that is nobody's, one that no document has.
     *
     * @param strong whether a weak tag names nothing, as in {@code If-Match}
     * @return empty for {@code *}
     */
    public static List<Long> versions(String header, boolean strong) {
        var text = header.strip();
        if (text.equals("*")) {
            return List.of();
        }
        var versions = new ArrayList<Long>();
        for (var item : text.split(",", -1)) {
            var tag = item.strip();
            boolean weak = tag.startsWith("W/");
            var quoted = weak ? tag.substring(2) : tag;
            if (quoted.length() < 2 || quoted.charAt(0) != '"' || quoted.indexOf('"', 1) != quoted.length() - 1) {
                throw ApiException.of(DocumentError.INVALID_PRECONDITION, "'" + tag + "' is no entity tag");
            }
            versions.add(weak && strong ? NO_VERSION : version(quoted.substring(1, quoted.length() - 1)));
        }
        return versions;
    }

    private static long version(String tag) {
        if (tag.isEmpty() || tag.length() > 18 || !tag.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return NO_VERSION;
        }
        return Long.parseLong(tag);
    }

    /** Whether a header of tags names the version; no header names none. */
    public static boolean names(@Nullable String header, long version) {
        if (header == null) {
            return false;
        }
        var versions = versions(header, false);
        return versions.isEmpty() || versions.contains(version);
    }
}
