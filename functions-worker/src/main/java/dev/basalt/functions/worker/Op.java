package dev.basalt.functions.worker;

/**
 * What a frame says. A worker connects to one socket to be told what to do, and for each thread that it is asked for to one
 * more; the end of that ends the thread. A frame is {@code int length, byte op, int request, payload}; the length counts what follows it.
 * Integers are big endian, strings are UTF-8 behind an int length. The request number is the host's and comes back with
 * every frame that belongs to it.
 */
public final class Op {
    /** The name of the socket that a worker connects to first, in its directory of sockets. */
    public static final String CONTROL_SOCKET = "w";

    /** To the worker, on its first socket: start a thread that connects to the socket whose name is the request number. */
    public static final byte OPEN = 0;
    /** To the worker: int init millis, int memory MB, int max response bytes, int max log bytes, string
     * environment (JSON object), string entrypoint, int count, then count times (string path, string source). */
    public static final byte LOAD = 1;
    /** To the worker: int budget millis, byte kind (0 fetch, 1 event), string meta (JSON), bytes body. */
    public static final byte INVOKE = 2;
    /** To the worker: string entrypoint, int count, then count times (string path, string source): compile and link only. */
    public static final byte CHECK = 4;

    /** From the worker, once, on its first socket, with request 0: it can take frames. */
    public static final byte READY = 16;
    /** From the worker: int micros, string handlers (comma separated). Answers {@link #LOAD} and {@link #CHECK}. */
    public static final byte LOADED = 17;
    /** From the worker: byte flags, int run micros, int peak KiB, byte binary, string meta or value (JSON), bytes body. */
    public static final byte RESULT = 18;
    /** From the worker: byte flags, int run micros, int peak KiB, string failure (JSON {@code {kind,name,message,stack,file?,line?,column?}}). */
    public static final byte FAILED = 19;
    /** From the worker, before the answer it belongs to: string JSON array of {@code [millis, level, text]}. */
    public static final byte LOGS = 20;
    /** From the worker: byte flags. The work behind an answer without {@link #FLAG_DONE} has ended. */
    public static final byte DONE = 21;

    /** The instance is free for the next invocation. */
    public static final int FLAG_DONE = 1;
    /** The instance is no more: its isolate was thrown away. */
    public static final int FLAG_GONE = 2;

    /** Frames above this many bytes are a protocol error. */
    public static final int MAX_FRAME = 64 << 20;

    private Op() {}
}
