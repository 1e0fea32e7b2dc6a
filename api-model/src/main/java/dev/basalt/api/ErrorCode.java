package dev.basalt.api;

/**
 * One public error of one dialect: an HTTP status, a stable code that programs compare and a title that people read.
 *
 * <p>Each dialect lists its errors in an enum that implements this; the list is public API. Implementations are
 * immutable and safe for use by any thread.
 */
public interface ErrorCode {
    /** The HTTP status, 400 to 599. */
    int status();

    /** The stable code, in the spelling of its dialect, for example {@code PGRST116} or {@code user_already_exists}. */
    String code();

    /** A short sentence that is the same for every occurrence. */
    String title();
}
