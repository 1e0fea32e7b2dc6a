package dev.basalt.functions.runtime;

import dev.basalt.functions.runtime.Outcome.LogLine;
import java.util.List;

/** Who hears of an invocation while it runs. Called on any thread, one call after the other; never blocks. */
public interface Progress {
    /** For invocations that nobody wants to hear of before their end. */
    Progress UNHEARD = new Progress() {
        @Override
        public void started() {}

        @Override
        public void printed(List<LogLine> lines) {}
    };

    /** The handler starts: the invocation waits no more. */
    void started();

    /** The function printed; all that is told here is in the outcome's report too, in the same order and first. */
    void printed(List<LogLine> lines);
}
