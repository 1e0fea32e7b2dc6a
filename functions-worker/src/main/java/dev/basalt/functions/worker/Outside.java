package dev.basalt.functions.worker;

/** What an isolate says to the world. Called on the isolate's thread. */
interface Outside {
    /** A frame for the host. */
    void send(FrameWriter frame);

    /** A line that was printed while this invocation was worked for; 0 is none of them. */
    void print(int run, int level, String text);
}
