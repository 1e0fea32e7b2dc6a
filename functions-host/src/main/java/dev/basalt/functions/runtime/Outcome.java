package dev.basalt.functions.runtime;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How an invocation ended, and what it took. */
public record Outcome(Result result, Report report) {
    /** The end of an invocation. */
    public sealed interface Result {
        /** What {@code fetch} answered; header names and values are valid ones. */
        record HttpAnswer(int status, List<Map.Entry<String, String>> headers, Buffer body) implements Result {}

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
     * @param egressBytes what went to other hosts and came from there; 0 where the runtime lets nothing out
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
