package dev.basalt.kit.request;

/**
 * What invocations of functions took, summed. Immutable.
 *
 * @param millis billed time of handlers, in started milliseconds an invocation
 * @param megabyteMillis the same times the memory that the function was given
 * @param initMillis billed time of making instances, in started milliseconds an instance
 * @param cpuMicros time on a processor, where the runtime reports it
 * @param egressBytes what went to and came from other hosts, where the runtime reports it
 */
public record FunctionUse(long millis, long megabyteMillis, long initMillis, long cpuMicros, long egressBytes) {
    public static final FunctionUse NONE = new FunctionUse(0, 0, 0, 0, 0);

    /** The sum of both. */
    public FunctionUse plus(FunctionUse other) {
        return new FunctionUse(
                millis + other.millis,
                megabyteMillis + other.megabyteMillis,
                initMillis + other.initMillis,
                cpuMicros + other.cpuMicros,
                egressBytes + other.egressBytes);
    }
}
