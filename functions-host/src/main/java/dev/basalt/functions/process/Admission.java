package dev.basalt.functions.process;

/** Bounds the processes of all pools together. Thread-safe. */
interface Admission {
    /** Takes a place for one more process, if there is one; it is given back when the process is gone. */
    boolean admitFree();

    /** As {@link #admitFree}, and makes room for a process of the project where there is none. */
    Answer admit(String project);

    /** Whether there is a place. */
    enum Answer {
        YES,
        /** One is being made: {@link ProcessPool#grow} is called when it is there. */
        SOON,
        NO
    }

    /** Gives a place back for which no process was made. */
    void giveBack();

    void gone();
}
