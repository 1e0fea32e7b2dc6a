package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;

/**
 * What compression streams are made of: zlib by {@link Codec}, a piece at a time. Nothing is held here but one chunk of input and
 * zlib's own windows, at most {@value #MAX_OPEN} of them; output is in the isolate's memory, under its limits, and is asked for
 * piece by piece. Lives on the isolate's thread.
 */
final class Compression implements AutoCloseable {
    /** How many streams an isolate may have open: one that compresses takes 256 KiB outside the isolate. */
    static final int MAX_OPEN = 64;

    private final V8Runtime runtime;
    private final Map<Integer, Open> open = new HashMap<>();
    private int sequence;

    Compression(V8Runtime runtime) {
        this.runtime = runtime;
    }

    /**
     * {@code codec(operation, …)}, where a string in the answer is the message of a TypeError.
     *
     * <ul>
     *   <li>{@code open(run, format, decompress)}: the number of a new stream, or null when there are too many
     *   <li>{@code push(number, bytes)}: takes a chunk, when all of the last one is used up
     *   <li>{@code end(number)}: there are no more chunks
     *   <li>{@code pull(number)}: the next piece, of at most 64 KiB; null when it takes more input, or there is no more to come
     *   <li>{@code close(number)}: gives up what the stream holds
     *   <li>{@code drop(run)}: the same for all that an invocation opened
     * </ul>
     */
    V8Value call(V8Value... values) throws JavetException {
        int number = HostFunctions.number(values[1]);
        switch (HostFunctions.text(values[0])) {
            case "open" -> {
                return open.size() >= MAX_OPEN
                        ? runtime.createV8ValueNull()
                        : runtime.createV8ValueInteger(
                                open(number, HostFunctions.text(values[2]), HostFunctions.number(values[3]) == 1));
            }
            case "push" -> get(number).push(HostFunctions.bytes(values[2]));
            case "end" -> get(number).end();
            case "pull" -> {
                return pull(get(number));
            }
            case "close" -> close(number);
            case "drop" ->
                open.entrySet().stream()
                        .filter(entry -> entry.getValue().run == number)
                        .map(Map.Entry::getKey)
                        .toList()
                        .forEach(this::close);
            default -> throw new IllegalArgumentException("there is no such operation");
        }
        return runtime.createV8ValueUndefined();
    }

    private int open(int run, String format, boolean decompress) {
        Codec codec = decompress ? new Decompressor(format) : new Compressor(format);
        open.put(++sequence, new Open(run, codec));
        return sequence;
    }

    private Codec get(int number) {
        Open found = open.get(number);
        if (found == null) {
            throw new IllegalArgumentException("there is no such stream");
        }
        return found.codec;
    }

    private V8Value pull(Codec codec) throws JavetException {
        try {
            byte[] piece = codec.pull();
            return piece.length == 0 ? runtime.createV8ValueNull() : HostFunctions.uint8Array(runtime, piece);
        } catch (DataFormatException e) {
            return runtime.createV8ValueString(String.valueOf(e.getMessage()));
        }
    }

    private void close(int number) {
        Open found = open.remove(number);
        if (found != null) {
            found.codec.close();
        }
    }

    @Override
    public void close() {
        open.values().forEach(each -> each.codec.close());
        open.clear();
    }

    private record Open(int run, Codec codec) {}

    /** One direction of one format. Input is taken by chunk and given out by piece. */
    sealed interface Codec extends AutoCloseable permits Compressor, Decompressor {
        /** The most bytes of a piece. */
        int PIECE = 65_536;

        /** Takes the next chunk; {@link #pull} has answered nothing since the last one. */
        void push(byte[] chunk);

        /** Says that there are no more chunks. */
        void end();

        /**
         * The next piece, of 1 to {@link #PIECE} bytes; empty when there is none before more input, or after the end.
         *
         * @throws DataFormatException when the input is not of the format
         */
        byte[] pull() throws DataFormatException;

        @Override
        void close();
    }
}
