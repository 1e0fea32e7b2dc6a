package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FlowingBody;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Future;

/**
 * How the host talks with what runs in one process. All of it happens on one event loop, that of the instance; the listener is
 * called there as well.
 */
interface Channel {
    /** What the channel tells its instance. */
    interface Listener {
        /** The process takes calls from now on. */
        void ready();

        /** The process said that it can't run the function. */
        void refused(Failure failure);

        /** A call answers with a body that flows from now on; its end follows. Answers whether it is still under way. */
        boolean flows(Call call, Outcome.Result answer, FlowingBody body);

        /** A call has its end; what was not under way any more is ignored. */
        void answered(Call call, Outcome.Result result);
    }

    /** Makes what the process needs to find when it starts; {@link #port} is known afterwards. */
    Future<Void> open();

    /** The process has been started. */
    void started();

    /** The port of 127.0.0.1 over which the process and the host meet; 0 where they meet over a socket in a directory. */
    int port();

    /** Hands a call over; never more than the function's concurrency at a time. */
    void run(Call call);

    /** Lets everything go; the process is gone or about to be. */
    void close();
}
