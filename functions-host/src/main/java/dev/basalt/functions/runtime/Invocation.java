package dev.basalt.functions.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One call of a function. Objects and buffers in it must not be modified. */
public sealed interface Invocation {
    /** How long the handler may run; waiting for an instance does not count. */
    Duration timeout();

    /** The same with another time to run. */
    Invocation withTimeout(Duration other);

    /** What the handler finds in {@code ctx}: request id, project, caller. */
    HandlerContext context();

    /** What it is tied to while it runs. */
    Links links();

    /**
     * A request for the {@code fetch} handler.
     *
     * @param url absolute
     */
    record Http(
            Duration timeout,
            HandlerContext context,
            String method,
            String url,
            List<Map.Entry<String, String>> headers,
            Buffer body,
            Links links)
            implements Invocation {
        /** A request whose whole body is here, and that is tied to nothing. */
        public Http(
                Duration timeout,
                HandlerContext context,
                String method,
                String url,
                List<Map.Entry<String, String>> headers,
                Buffer body) {
            this(timeout, context, method, url, headers, body, Links.NONE);
        }

        @Override
        public Invocation withTimeout(Duration other) {
            return new Http(other, context, method, url, headers, body, links);
        }
    }

    /** An event for the {@code onEvent} handler. */
    record Event(Duration timeout, HandlerContext context, JsonObject event, Links links) implements Invocation {
        /** An event that is tied to nothing. */
        public Event(Duration timeout, HandlerContext context, JsonObject event) {
            this(timeout, context, event, Links.NONE);
        }

        @Override
        public Invocation withTimeout(Duration other) {
            return new Event(other, context, event, links);
        }
    }
}
