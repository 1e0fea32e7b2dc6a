package dev.basalt.functions.js;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.egress.WebAnswer;
import dev.basalt.functions.egress.WebCall;
import dev.basalt.functions.egress.WebRequest;
import dev.basalt.functions.egress.WebRequest.Redirect;
import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FlowingBody;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.PlatformAccess;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one invocation: its own two bodies and the calls that it makes. Used on the instance's event loop. What comes
 * from the worker is a stranger's: a frame that can't be, one call too many or bytes that nobody asked for are answered by an
 * {@link IllegalStateException}, and that by the worker's end.
 */
final class RunStreams {
    /** What says who calls. */
    private static final Set<String> CREDENTIALS = Set.of("apikey", "authorization");

    private static final String FORWARDED = "x-forwarded-";

    /** A call on its way, with the two bodies that it may have. */
    private static final class Call {
        @Nullable
        WebCall web;

        @Nullable
        FlowingBody sent;

        @Nullable
        BodySender received;
    }

    private final ContextInternal context;
    private final int number;
    private final Egress egress;
    private final Egress.AllowList allowed;
    private final Invocation invocation;
    private final Consumer<FrameWriter> out;
    private final Map<Integer, Call> calls = new HashMap<>();
    private @Nullable BodySender request;
    private @Nullable FlowingBody response;
    private int made;
    private int lastCall;
    private long bytes;

    RunStreams(
            ContextInternal context,
            int number,
            Egress egress,
            Egress.AllowList allowed,
            Invocation invocation,
            Consumer<FrameWriter> out) {
        this.context = context;
        this.number = number;
        this.egress = egress;
        this.allowed = allowed;
        this.invocation = invocation;
        this.out = out;
    }

    /** Sends the request's body where it flows, and the word that the caller has left when that comes. */
    void start(ContextInternal callers) {
        Links links = invocation.links();
        if (links.body() != null) {
            BodySender sender = new BodySender(callers, links.body(), number, 0, out);
            request = sender;
            sender.start();
        }
        if (links.abandoned() != null) {
            links.abandoned().onComplete(left -> abandon());
        }
    }

    /** Tells the function that nobody waits any more; from any thread. */
    void abandon() {
        out.accept(new FrameWriter(Op.CANCEL, number, 16).int32(0));
    }

    /** The response's body, which is about to flow. */
    FlowingBody response(ContextInternal reader) {
        if (response != null) {
            throw new IllegalStateException("a second answer");
        }
        FlowingBody body = new FlowingBody(reader, Op.WINDOW, credit(0));
        response = body;
        return body;
    }

    /**
     * Ends what the invocation still had under way.
     *
     * @param why what a body that has not ended is broken off by
     */
    void end(Failure why) {
        List.copyOf(calls.keySet()).forEach(this::drop);
        if (request != null) {
            request.stop();
        }
        if (response != null) {
            response.fail(new BrokenOffException(why));
        }
    }

    /** What went out to the internet and came in from there. */
    long bytes() {
        return bytes
                + calls.values().stream()
                        .mapToLong(call -> call.web == null ? 0 : call.web.bytes())
                        .sum();
    }

    void frame(FrameReader frame) {
        int stream = frame.int32();
        switch (frame.op()) {
            case Op.CALL -> call(stream, frame);
            case Op.DATA -> data(stream, frame.rest());
            case Op.END -> ended(stream, frame.string());
            case Op.CREDIT -> credited(stream, frame.int32());
            case Op.CANCEL -> {
                if (stream != 0) {
                    drop(stream);
                } else if (request != null) {
                    request.stop();
                }
            }
            default -> throw new IllegalStateException("frame " + frame.op());
        }
    }

    private void data(int stream, byte[] content) {
        FlowingBody body = body(stream);
        // Bytes of a call that has ended here may still be on their way.
        if (content.length > Op.CHUNK || (body != null && !body.push(content))) {
            throw new IllegalStateException("bytes that nobody asked for");
        }
    }

    private void ended(int stream, String error) {
        FlowingBody body = body(stream);
        if (body != null) {
            if (error.isEmpty()) {
                body.end();
            } else {
                body.fail(new IllegalStateException(error));
            }
        }
    }

    private void credited(int stream, int more) {
        Call call = calls.get(stream);
        BodySender sender = stream == 0 ? request : call == null ? null : call.received;
        if (more <= 0 || more > Op.WINDOW) {
            throw new IllegalStateException("credit of " + more);
        }
        if (sender != null) {
            sender.credit(more);
        }
    }

    private @Nullable FlowingBody body(int stream) {
        if (stream == 0) {
            if (response == null) {
                throw new IllegalStateException("a body without an answer");
            }
            return response;
        }
        Call call = calls.get(stream);
        return call == null ? null : call.sent;
    }

    private void call(int stream, FrameReader frame) {
        if (stream <= lastCall || calls.size() >= egress.config().maxOpenCalls() + 1) {
            throw new IllegalStateException("a call that can't be");
        }
        lastCall = stream;
        JsonObject meta = new JsonObject(frame.string());
        byte[] whole = frame.rest();
        if (whole.length > Op.CHUNK) {
            throw new IllegalStateException("a body that should flow");
        }
        if (++made > egress.config().maxCalls()) {
            fail(stream, "more than " + egress.config().maxCalls() + " calls in one invocation");
            return;
        }
        Call call = new Call();
        if (meta.getBoolean("flows")) {
            call.sent = new FlowingBody(context, Op.WINDOW, credit(stream));
        }
        WebRequest asked = new WebRequest(
                meta.getString("method"),
                meta.getString("url"),
                headers(meta.getJsonArray("headers")),
                Redirect.valueOf(meta.getString("redirect").toUpperCase(Locale.ROOT)),
                Buffer.buffer(whole),
                call.sent);
        switch (meta.getString("to")) {
            case "web" -> {
                if (asked.url().startsWith(PlatformAccess.ORIGIN + "/")) {
                    platform(stream, call, asked, PlatformAccess.As.OWN);
                } else {
                    run(stream, call, egress.call(context, asked, allowed));
                }
            }
            case "caller" -> platform(stream, call, asked, PlatformAccess.As.CALLER);
            case "service" -> platform(stream, call, asked, PlatformAccess.As.SERVICE);
            default -> throw new IllegalStateException("a call to nowhere");
        }
    }

    private void platform(int stream, Call call, WebRequest asked, PlatformAccess.As as) {
        PlatformAccess platform = invocation.links().platform();
        if (platform == null || !platform.allows(as)) {
            fail(
                    stream,
                    as == PlatformAccess.As.SERVICE
                            ? "the function's manifest does not grant it the service's rights"
                            : "there is no platform to call");
            return;
        }
        String path = as == PlatformAccess.As.OWN ? asked.url().substring(PlatformAccess.ORIGIN.length()) : asked.url();
        if (!path.startsWith("/")) {
            throw new IllegalStateException("a call of the platform elsewhere");
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>(asked.headers());
        boolean proves =
                as == PlatformAccess.As.OWN && headers.stream().anyMatch(header -> CREDENTIALS.contains(name(header)));
        List<Map.Entry<String, String>> own = platform.headers(as).stream()
                .filter(header -> !proves || !CREDENTIALS.contains(name(header)))
                .toList();
        headers.removeIf(header -> (as != PlatformAccess.As.OWN && CREDENTIALS.contains(name(header)))
                || name(header).startsWith(FORWARDED)
                || own.stream().anyMatch(mine -> name(mine).equals(name(header))));
        headers.addAll(own);
        run(
                stream,
                call,
                egress.callPlatform(
                        context,
                        new WebRequest(
                                asked.method(),
                                platform.url() + path,
                                headers,
                                // Where that leads is not the platform's any more.
                                Redirect.MANUAL,
                                asked.body(),
                                asked.flow())));
    }

    private static String name(Map.Entry<String, String> header) {
        return header.getKey().toLowerCase(Locale.ROOT);
    }

    private void run(int stream, Call call, WebCall web) {
        call.web = web;
        calls.put(stream, call);
        web.answer().onSuccess(answer -> answered(stream, call, answer)).onFailure(failure -> {
            if (calls.get(stream) == call) {
                drop(stream);
                fail(stream, String.valueOf(failure.getMessage()));
            }
        });
    }

    private void answered(int stream, Call call, WebAnswer answer) {
        if (calls.get(stream) != call) {
            return;
        }
        JsonArray headers = new JsonArray();
        answer.headers()
                .forEach(header ->
                        headers.add(new JsonArray().add(header.getKey()).add(header.getValue())));
        String head = new JsonObject()
                .put("status", answer.status())
                .put("statusText", answer.statusText())
                .put("headers", headers)
                .put("url", answer.url())
                .put("redirected", answer.redirected())
                .put("body", answer.body() != null)
                .encode();
        out.accept(new FrameWriter(Op.HEAD, number, head.length() + 32)
                .int32(stream)
                .string(head));
        if (answer.body() == null) {
            done(stream);
            return;
        }
        BodySender sender = new BodySender(context, answer.body(), number, stream, frame -> {
            out.accept(frame);
            if (frame.op() == Op.END) {
                done(stream);
            }
        });
        call.received = sender;
        sender.start();
    }

    /** Forgets a call that is over. */
    private void done(int stream) {
        Call call = calls.remove(stream);
        if (call != null && call.web != null) {
            bytes += call.web.bytes();
        }
    }

    /** Gives a call up. */
    private void drop(int stream) {
        Call call = calls.get(stream);
        if (call != null) {
            done(stream);
            if (call.received != null) {
                call.received.stop();
            }
            if (call.sent != null) {
                call.sent.fail(new IllegalStateException("the call was given up"));
            }
            if (call.web != null) {
                call.web.cancel();
            }
        }
    }

    private void fail(int stream, String why) {
        out.accept(
                new FrameWriter(Op.END, number, why.length() + 32).int32(stream).string(why));
    }

    private java.util.function.IntConsumer credit(int stream) {
        return more ->
                out.accept(new FrameWriter(Op.CREDIT, number, 16).int32(stream).int32(more));
    }

    private static List<Map.Entry<String, String>> headers(JsonArray pairs) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Object pair : pairs) {
            JsonArray both = (JsonArray) pair;
            headers.add(Map.entry(both.getString(0), both.getString(1)));
        }
        return headers;
    }
}
