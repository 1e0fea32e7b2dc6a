package dev.basalt.sdk.http;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Futures made from others which, unlike the JDK's own, cancel what they were made from when they are cancelled. */
public final class Linked {
    private Linked() {}

    /** A future of what the function makes of the value. */
    public static <S, T> CompletableFuture<T> map(CompletableFuture<S> source, Function<S, T> function) {
        return link(source, source.thenApply(function));
    }

    /** A future of what the function makes of the value or, without its JDK wrapper, the failure. */
    public static <S, T> CompletableFuture<T> handle(
            CompletableFuture<S> source, BiFunction<S, @Nullable Throwable, T> function) {
        return link(
                source,
                source.handle(
                        (value, failure) -> function.apply(value, failure == null ? null : Waiting.unwrap(failure))));
    }

    /** What to throw on for a failure that a function does not handle. */
    public static RuntimeException rethrown(Throwable failure) {
        return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }

    private static <T> CompletableFuture<T> link(CompletableFuture<?> source, CompletableFuture<T> made) {
        var _ = made.whenComplete((value, failure) -> {
            if (made.isCancelled()) source.cancel(true);
        });
        return made;
    }
}
