package dev.basalt.storage.object;

import dev.basalt.kit.error.ApiException;
import dev.basalt.storage.error.StorageError;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of bytes that was asked for (RFC 9110, section 14).
 *
 * @param first the first byte
 * @param last the last byte, not behind the end
 */
record ByteRange(long first, long last) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * The range that a header asks for, of a representation of that length. Empty for no header and for one that a
     * server may ignore: another unit, several ranges, or no valid range at all.
     *
     * @throws ApiException {@link StorageError#INVALID_RANGE} when nothing of it is there
     */
    static Optional<ByteRange> of(@Nullable String header, long length) {
        if (header == null) {
            return Optional.empty();
        }
        var matcher = SINGLE.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            if (to.isEmpty()) {
                return Optional.empty();
            }
            long suffix = Math.min(Long.parseLong(to), length);
            return satisfiable(length - suffix, length - 1, length);
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? length - 1 : Long.parseLong(to);
        if (!to.isEmpty() && last < first) {
            return Optional.empty();
        }
        return satisfiable(first, Math.min(last, length - 1), length);
    }

    private static Optional<ByteRange> satisfiable(long first, long last, long length) {
        if (first >= length || last < first) {
            throw ApiException.of(StorageError.INVALID_RANGE).withHeader("Content-Range", "bytes */" + length);
        }
        return Optional.of(new ByteRange(first, last));
    }

    long length() {
        return last - first + 1;
    }

    /** The value of {@code Content-Range}. */
    String contentRange(long total) {
        return "bytes " + first + "-" + last + "/" + total;
    }
}
