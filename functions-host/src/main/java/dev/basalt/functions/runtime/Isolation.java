package dev.basalt.functions.runtime;

/**
 * How functions are kept apart.
 *
 * @param reason why it is not more, in words for the operator; empty when it is all
 */
public record Isolation(Level level, String reason) {
    /** From least to most. */
    public enum Level {
        /** A process of their own and V8's own bounds: for code that the operator trusts. */
        PROCESS,
        /** Also without a network, file system or view of other processes; memory is bounded by V8 alone. */
        SANDBOX,
        /** Also with system calls filtered, and memory and process count bounded by the kernel: for code of strangers. */
        FULL
    }
}
