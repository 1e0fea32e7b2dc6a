package dev.basalt.functions.worker;

import java.util.zip.DataFormatException;

/** What stands around the data of a gzip member (RFC 1952), taken byte by byte and never held. Not thread-safe. */
final class GzipFrame {
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int FIXED = 10;
    private static final int TRAILER = 8;

    private int taken;
    private int flags;
    /** How many bytes of an extra field, or of a header's checksum, are to be passed over. */
    private int skip;

    private int extraTaken;
    private boolean headed;
    private int trailed;

    /** Whether the header is complete. */
    boolean headed() {
        return headed;
    }

    /** Whether the trailer is complete. */
    boolean whole() {
        return trailed == TRAILER;
    }

    /** Takes the next byte of the header. */
    void header(int value) throws DataFormatException {
        if (taken < FIXED) {
            fixed(value);
        } else if ((flags & HAS_EXTRA) != 0) {
            extra(value);
        } else if ((flags & (HAS_NAME | HAS_COMMENT)) != 0) {
            if (value == 0) {
                flags &= (flags & HAS_NAME) != 0 ? ~HAS_NAME : ~HAS_COMMENT;
            }
        } else if (++skip == 2) {
            flags = 0;
        }
        headed = taken == FIXED && flags == 0;
    }

    private void fixed(int value) throws DataFormatException {
        switch (taken++) {
            case 0 -> expect(value == 0x1f);
            case 1 -> expect(value == 0x8b);
            case 2 -> expect(value == 8);
            case 3 -> {
                expect((value & RESERVED) == 0);
                // The lowest bit says that it is text, which nobody uses.
                flags = value & (HAS_CHECKSUM | HAS_EXTRA | HAS_NAME | HAS_COMMENT);
            }
            default -> {
                // Time, level and system say nothing about the data.
            }
        }
    }

    /** Two bytes of length, the lower first, then as many bytes. */
    private void extra(int value) {
        if (extraTaken < 2) {
            skip |= value << (8 * extraTaken++);
        } else {
            skip--;
        }
        if (extraTaken == 2 && skip == 0) {
            flags &= ~HAS_EXTRA;
        }
    }

    /** Takes the next byte of the trailer, which has to fit what was decompressed. */
    void trailer(int value, long checksum, long size) throws DataFormatException {
        long wanted = (trailed < 4 ? checksum : size) >>> (8 * (trailed % 4));
        if ((wanted & 0xff) != value) {
            throw new DataFormatException("the checksum of the compressed data is wrong");
        }
        trailed++;
    }

    private static void expect(boolean good) throws DataFormatException {
        if (!good) {
            throw new DataFormatException("the data is not gzip");
        }
    }
}
