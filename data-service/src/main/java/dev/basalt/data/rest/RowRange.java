package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the matching ones a read returns.
 *
 * @param offset how many to skip
 * @param limit how many to return at most, or null
 */
record RowRange(long offset, @Nullable Long limit) {
    private static final Pattern HEADER = Pattern.compile("(\\d{1,18})-(\\d{1,18})?");

    /**
     * The page that query and header allow together.
     *
     * @param header the {@code Range} header in rows, or null; what is no row range is no range
     * @param maxRows the most rows of any page, 0 for no bound
     */
    static RowRange of(@Nullable Long limit, @Nullable Long offset, @Nullable String header, long maxRows) {
        long first = offset == null ? 0 : offset;
        long after = limit == null ? Long.MAX_VALUE : saturated(first, limit);
        if (header != null) {
            var matcher = HEADER.matcher(header.strip());
            if (matcher.matches()) {
                long from = Long.parseLong(matcher.group(1));
                var last = matcher.group(2);
                if (last != null && Long.parseLong(last) < from) {
                    throw Refusal.withDetails(
                            RestError.INVALID_RANGE,
                            "The lower boundary must be lower than or equal to the upper boundary in the Range header.");
                }
                first = Math.max(first, from);
                after = Math.min(after, last == null ? Long.MAX_VALUE : Long.parseLong(last) + 1);
            }
        }
        if (maxRows > 0) {
            after = Math.min(after, saturated(first, maxRows));
        }
        return new RowRange(first, after == Long.MAX_VALUE ? null : Math.max(0, after - first));
    }

    private static long saturated(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /**
     * The {@code Content-Range} of a page.
     *
     * @param rows how many rows it has
     * @param total how many there are, or null when they were not counted
     */
    static String contentRange(long offset, long rows, @Nullable Long total) {
        boolean empty = rows == 0 || (total != null && total == 0);
        return (empty ? "*" : offset + "-" + (offset + rows - 1)) + "/" + (total == null ? "*" : total);
    }
}
