package dev.basalt.functions.worker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses: RFC 1950 ({@code deflate}), 1951 ({@code deflate-raw}) and 1952 ({@code gzip}). Not thread-safe. */
final class Compressor implements Compression.Codec {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    private static final int TRAILER = 8;

    private final boolean gzip;
    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private boolean headed;
    private boolean ended;

    Compressor(String format) {
        gzip = format.equals("gzip");
        deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, !format.equals("deflate"));
    }

    @Override
    public void push(byte[] chunk) {
        checksum.update(chunk);
        deflater.setInput(chunk);
    }

    @Override
    public void end() {
        deflater.finish();
    }

    @Override
    public byte[] pull() {
        if (ended) {
            return new byte[0];
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        if (gzip && !headed) {
            piece.put(HEADER);
        }
        headed = true;
        // Room for the trailer is left in every piece, so that it never needs one of its own.
        piece.limit(PIECE - TRAILER);
        deflater.deflate(piece);
        piece.limit(PIECE);
        if (deflater.finished()) {
            ended = true;
            if (gzip) {
                piece.putInt((int) checksum.getValue()).putInt((int) deflater.getBytesRead());
            }
        }
        return Arrays.copyOf(piece.array(), piece.position());
    }

    @Override
    public void close() {
        deflater.end();
    }
}
