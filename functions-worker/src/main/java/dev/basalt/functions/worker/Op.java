package dev.basalt.functions.worker;

/**
 * What a frame says. A worker connects to one socket to be told what to do, and for each thread that it is asked for to one
 * more; the end of that ends the thread. A frame is {@code int length, byte op, int request, payload}; the length counts what follows it.
 * Integers are big endian, strings are UTF-8 behind an int length; where all of it is ASCII, which needs no look at each byte, the length is its complement. The request number is the host's and comes back with
 * every frame that belongs to it.
 */
public final class Op {
    /** The name of the socket that a worker connects to first, in its directory of sockets. */
    public static final String CONTROL_SOCKET = "w";

    /** To the worker, on its first socket: start a thread that connects to the socket whose name is the request number. */
    public static final byte OPEN = 0;
    /** To the worker: int init millis, int memory MB, int max response bytes, int max log bytes, int max calls, int max open
     * calls, int concurrency, string environment (JSON object), string entrypoint, int count, then count times (string path, string source). */
    public static final byte LOAD = 1;
    /** To the worker: int budget millis, byte kind (0 fetch, 1 event, 2 fetch whose body follows on stream 0), string of
     * lines (JSON {@code {ctx, event}} or {@code {ctx, method, url}}; the caller as JSON, or nothing; {@code name:value} of each header of a fetch), bytes body. As many are under way at a time as {@link #LOAD} says;
     * those sent beyond begin when another has ended, or are handed {@link #BACK}. */
    public static final byte INVOKE = 2;
    /** To the worker: string entrypoint, int count, then count times (string path, string source): compile and link only. */
    public static final byte CHECK = 4;

    /** From the worker, once, on its first socket, with request 0: it can take frames. */
    public static final byte READY = 16;
    /** From the worker: string handlers (comma separated). Answers {@link #LOAD} and {@link #CHECK}. */
    public static final byte LOADED = 17;
    /** From the worker: byte flags, int run micros, int CPU micros, int peak KiB, byte binary, string, bytes body. The string of an event is its
     * value (JSON); of a fetch its status and {@code name:value} of each header, in lines, and where it is not binary the body behind an empty line. */
    public static final byte RESULT = 18;
    /** From the worker: byte flags, int run micros, int CPU micros, int peak KiB, string failure (JSON {@code {kind,name,message,stack,file?,line?,column?}}). */
    public static final byte FAILED = 19;
    /** From the worker, before the answer it belongs to: string JSON array of {@code [millis, level, text]}. */
    public static final byte LOGS = 20;
    /** From the worker: byte flags, int run micros, int CPU micros, int peak KiB, string failure (JSON, empty for none). The work behind an answer
     * without {@link #FLAG_DONE} has ended. */
    public static final byte DONE = 21;

    /** From the worker, nothing more: an {@link #INVOKE} was not begun, because those under way wait for something or one of them
     * computes for long. Where one is under way at a time, that is said before its end. */
    public static final byte BACK = 22;

    /** The instance is free for the next invocation. */
    public static final int FLAG_DONE = 1;
    /** The instance is no more: its isolate was thrown away. */
    public static final int FLAG_GONE = 2;
    /** The answer's body follows on stream 0. */
    public static final int FLAG_STREAM = 4;

    // Streams. An invocation has the stream 0, its own two bodies, and one for each call that it makes of the host,
    // numbered
    // by the worker. Who sends bytes may send WINDOW of them, and more as the other end gives credit for those it has
    // used.

    /** Both ways: int stream, bytes of a body; at most {@link #CHUNK}. */
    public static final byte DATA = 32;
    /** Both ways: int stream, string error. A body, and with it a call that is answered, has ended; well where the error is empty. */
    public static final byte END = 33;
    /** Both ways: int stream, int bytes that may be sent more. */
    public static final byte CREDIT = 34;
    /** Both ways: int stream. To the worker: of stream 0, the client has left; of a call, no more of its body is wanted. From the
     * worker: of stream 0, no more of the request is wanted; of a call, it is given up. */
    public static final byte CANCEL = 35;
    /** From the worker: int stream, string meta (JSON {@code {to, method, url, headers, redirect, flows}}), bytes body. */
    public static final byte CALL = 36;
    /** To the worker: int stream, string head (JSON {@code {status, statusText, headers, url, redirected, body}}). */
    public static final byte HEAD = 37;

    /** What may be under way of one body in one direction. */
    public static final int WINDOW = 256 << 10;
    /** The most bytes in one {@link #DATA}, or in the body that comes with a {@link #CALL}. */
    public static final int CHUNK = 64 << 10;

    /** Frames above this many bytes are a protocol error. */
    public static final int MAX_FRAME = 64 << 20;

    private Op() {}
}
