package dev.basalt.kit.usage;

/** The port through which services count what projects use. Recording never blocks and never fails the request. */
public interface UsageMeter {
    /** Counts one finished request or invocation, durably: a killed process loses nothing that was recorded. */
    void record(UsageRecord usage);
}
