package dev.basalt.functions.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an invocation ended, and what it took; or what it answered, where it goes on behind that.
 *
 * @param later how it ended in the end, where that was not yet
 */
public record Outcome(
        Result result, Report report, @Nullable Future<Outcome> later) {
    /** What the names and values of an answer's headers may hold together, in characters. */
    private static final int MAX_HEADERS = 65_536;

    /** The outcome of an invocation that has ended. */
    public Outcome(Result result, Report report) {
        this(result, report, null);
    }

    /** The same, but a failure where the answer's headers are more than a client can be expected to take. */
    public Outcome withinBounds() {
        return switch (result) {
            case Result.HttpAnswer(int _, var headers, Buffer _) when tooMany(headers) -> unfit();
            case Result.HttpStream(int _, var headers, ReadStream<Buffer> _, Runnable abandon)
            when tooMany(headers) -> {
                abandon.run();
                yield unfit();
            }
            case Result.HttpAnswer _, Result.HttpStream _, Result.Value _, Result.Failed _ -> this;
        };
    }

    private Outcome unfit() {
        return new Outcome(
                new Result.Failed(Failure.of(
                        Failure.Kind.BAD_ANSWER, "the answer's headers hold more than " + MAX_HEADERS + " characters")),
                report,
                later);
    }

    private static boolean tooMany(List<Map.Entry<String, String>> headers) {
        return headers.stream()
                        .mapToLong(header ->
                                header.getKey().length() + header.getValue().length())
                        .sum()
                > MAX_HEADERS;
    }

    /** The outcome once nothing of the invocation goes on: a body has flowed, work behind the answer is done. */
    public Future<Outcome> ended() {
        return later == null ? Future.succeededFuture(this) : later;
    }

    /** The end of an invocation. */
    public sealed interface Result {
        /** What {@code fetch} answered; header names and values are valid ones. */
        record HttpAnswer(int status, List<Map.Entry<String, String>> headers, Buffer body) implements Result {}

        /**
         * As {@link HttpAnswer}, with a body that flows: paused, it fails if the invocation ends before it has.
         *
         * @param abandon ends the invocation when nobody takes the rest
         */
        record HttpStream(
                int status, List<Map.Entry<String, String>> headers, ReadStream<Buffer> body, Runnable abandon)
                implements Result {}

        /** What {@code onEvent} returned, as JSON; {@code null} when it returned nothing. */
        record Value(String json) implements Result {}

        /** There is no answer. */
        record Failed(Failure failure) implements Result {}
    }

    /**
     * What an invocation took.
     *
     * @param cold whether an instance had to be made for it
     * @param queueMicros from acceptance to the handler's start, making an instance included
     * @param initMicros making the instance, 0 when warm
     * @param runMicros what the handler ran
     * @param cpuMicros time on a processor; 0 where the runtime does not know it
     * @param peakKib memory at its highest as sampled; 0 where the run was too short for a sample
     * @param egressBytes what went to the internet and came from there, bodies and headers
     */
    public record Report(
            boolean cold,
            long queueMicros,
            long initMicros,
            long runMicros,
            long cpuMicros,
            int peakKib,
            long egressBytes,
            List<LogLine> logs) {
        public static final Report NONE = new Report(false, 0, 0, 0, 0, List.of());

        /** A report of a runtime that knows neither the processor's time nor a way out. */
        public Report(
                boolean cold, long queueMicros, long initMicros, long runMicros, int peakKib, List<LogLine> logs) {
            this(cold, queueMicros, initMicros, runMicros, 0, peakKib, 0, logs);
        }

        /** The same with other lines. */
        public Report withLogs(List<LogLine> lines) {
            return new Report(cold, queueMicros, initMicros, runMicros, cpuMicros, peakKib, egressBytes, lines);
        }

        public Report {
            logs = List.copyOf(logs);
        }
    }

    /**
     * A line that the function printed.
     *
     * @param millis since the invocation's start
     * @param level 0 debug, 1 info, 2 warn, 3 error
     */
    public record LogLine(int millis, int level, String text) {}

    /** How it ended in one word: {@code ok} or the kind of the failure. */
    public String word() {
        return result instanceof Result.Failed(Failure failure)
                ? failure.kind().name().toLowerCase(Locale.ROOT)
                : "ok";
    }

    public static Outcome failed(Failure.Kind kind, String message) {
        return new Outcome(new Result.Failed(Failure.of(kind, message)), Report.NONE);
    }
}
