package dev.basalt.functions.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Why there is no answer. The message is for the function's author and may hold what the function put there; callers of a
 * function never see it. What is longer than a name, a message and a stack are is cut.
 *
 * @param name the class of what was thrown, {@code Error} where nothing was
 * @param file the artifact's file, where known
 * @param line from 1; 0 where unknown
 */
public record Failure(
        Kind kind,
        String name,
        String message,
        String stack,
        @Nullable String file,
        int line,
        int column) {
    // Above what a worker cuts at, so that nothing is cut twice.
    private static final int MAX_NAME = 210;
    private static final int MAX_MESSAGE = 8200;
    private static final int MAX_STACK = 32_780;

    public Failure {
        name = cut(name, MAX_NAME);
        message = cut(message, MAX_MESSAGE);
        stack = cut(stack, MAX_STACK);
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) + "..." : text;
    }

    /** The closed list of causes. */
    public enum Kind {
        /** The files do not compile or an import does not resolve. */
        COMPILE,
        /** The handler threw, or its promise was rejected. */
        EXCEPTION,
        /** The handler ran past its time. */
        TIMEOUT,
        /** The instance used more than its memory. */
        MEMORY,
        /** The handler waits for something that can't happen. */
        STALLED,
        /** The function exports no handler for this kind of invocation. */
        NO_HANDLER,
        /** The handler's answer is not one. */
        BAD_ANSWER,
        /** The answer is over the limit. */
        TOO_LARGE,
        /** The process died under the invocation, by this function's doing or a neighbour's of the same project. */
        CRASHED,
        /** The caller left before there was an answer. */
        CANCELLED,
        /** Every instance is busy and the queue is full, or waiting took too long: try again. */
        OVERLOADED,
        /** The functions that one call led to have used what they may use together. */
        OVER_BUDGET,
        /** Functions can't run on this host as it is configured. */
        UNAVAILABLE,
        /** A defect of the runtime. */
        INTERNAL
    }

    public static Failure of(Kind kind, String message) {
        return new Failure(kind, "Error", message, "", null, 0, 0);
    }
}
