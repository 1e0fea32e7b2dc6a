package dev.basalt.functions.worker;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses: RFC 1950 ({@code deflate}), 1951 ({@code deflate-raw}) and 1952 ({@code gzip}, one member). What is cut off, has a
 * wrong checksum or goes on behind its end is refused. Not thread-safe.
 */
final class Decompressor implements Compression.Codec {
    private static final byte[] EMPTY = {};

    private final boolean gzip;
    private final Inflater inflater;
    private final CRC32 checksum = new CRC32();
    private final GzipFrame frame = new GzipFrame();
    private byte[] chunk = EMPTY;
    private int at;
    private boolean ended;

    Decompressor(String format) {
        gzip = format.equals("gzip");
        inflater = new Inflater(!format.equals("deflate"));
    }

    @Override
    public void push(byte[] next) {
        chunk = next;
        at = 0;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public byte[] pull() throws DataFormatException {
        while (gzip && !frame.headed() && at < chunk.length) {
            frame.header(chunk[at++] & 0xff);
        }
        if ((!gzip || frame.headed()) && !inflater.finished()) {
            byte[] piece = inflate();
            if (piece.length > 0) {
                return piece;
            }
        }
        if (inflater.finished()) {
            while (gzip && !frame.whole() && at < chunk.length) {
                frame.trailer(chunk[at++] & 0xff, checksum.getValue(), inflater.getBytesWritten());
            }
            if (at < chunk.length) {
                throw new DataFormatException("there is more behind the end of the compressed data");
            }
        }
        if (ended && !(inflater.finished() && (!gzip || frame.whole()))) {
            throw new DataFormatException("the compressed data is cut off");
        }
        return EMPTY;
    }

    private byte[] inflate() throws DataFormatException {
        byte[] piece = new byte[PIECE];
        inflater.setInput(chunk, at, chunk.length - at);
        int size = inflater.inflate(piece);
        at = chunk.length - inflater.getRemaining();
        if (inflater.needsDictionary()) {
            throw new DataFormatException("the compressed data needs a dictionary");
        }
        checksum.update(piece, 0, size);
        return Arrays.copyOf(piece, size);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
