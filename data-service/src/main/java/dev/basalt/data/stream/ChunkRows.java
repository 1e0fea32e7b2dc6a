package dev.basalt.data.stream;

/**
 * How many rows to fetch for a chunk of about so many bytes, by the rows that came. Rows may grow along the way, so the number
 * only grows by so much at a time. Used by one event loop.
 */
public final class ChunkRows {
    private static final int MOST = 10_000;
    private static final int GROWTH = 4;

    private final long bytes;
    private int wanted;

    /**
     * @param bytes the size that a chunk should have
     * @param first the rows of the first fetch, of which nothing is known
     */
    public ChunkRows(long bytes, int first) {
        this.bytes = bytes;
        this.wanted = first;
    }

    /** The rows of the next fetch. */
    public int wanted() {
        return wanted;
    }

    /** Learns from a fetch. */
    public void came(int rows, long size) {
        if (rows > 0) {
            long most = Math.min(MOST, (long) wanted * GROWTH);
            wanted = (int) Math.clamp(bytes * rows / Math.max(1, size), 1, most);
        }
    }
}
