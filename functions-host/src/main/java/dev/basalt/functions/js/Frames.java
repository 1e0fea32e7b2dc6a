package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.json.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns invocations into frames and frames into outcomes. What comes from a worker is a stranger's and is checked. */
final class Frames {
    private static final int MAX_LINES = 10_000;
    /** What an invocation takes as a rule, in bytes: a token is half of it. */
    private static final int FRAME = 2560;
    /** Token by token: half of what binding objects costs. */
    private static final JsonCodec JSON = new JacksonCodec();

    private Frames() {}

    /** A frame as a socket takes it. */
    static ByteBuf bytes(FrameWriter frame) {
        return Unpooled.wrappedBuffer(frame.finish());
    }

    static FrameWriter files(FrameWriter frame, Artifact artifact) {
        // Source maps are larger than the code, and only read here when something fails.
        Map<String, Buffer> code = new HashMap<>(artifact.files());
        code.keySet().removeIf(path -> path.endsWith(".map"));
        frame.int32(code.size());
        code.forEach((path, content) -> frame.string(path).string(content.toString(StandardCharsets.UTF_8)));
        return frame;
    }

    static FrameWriter invoke(int number, Invocation invocation) {
        HandlerContext context = invocation.context();
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("ctx", context.values());
        List<String> lines = new ArrayList<>();
        int millis = (int) invocation.timeout().toMillis();
        return switch (invocation) {
            case Invocation.Event event -> {
                meta.put("event", event.event());
                begin(lines, meta, context);
                yield new FrameWriter(Op.INVOKE, number, FRAME)
                        .int32(millis)
                        .int8(1)
                        .string(lines);
            }
            case Invocation.Http http -> {
                meta.put("method", http.method());
                meta.put("url", http.url());
                begin(lines, meta, context);
                for (Map.Entry<String, String> header : http.headers()) {
                    lines.add("\n");
                    lines.add(header.getKey());
                    lines.add(":");
                    // RFC 9112, section 5.2: a value in several lines is one in one line.
                    lines.add(header.getValue().replace('\r', ' ').replace('\n', ' '));
                }
                yield new FrameWriter(Op.INVOKE, number, FRAME + http.body().length())
                        .int32(millis)
                        .int8(http.links().body() == null ? 0 : 2)
                        .string(lines)
                        .raw(http.body().getBytes());
            }
        };
    }

    /** What the isolate reads first, and the caller, which it reads where the function does. */
    private static void begin(List<String> lines, Object meta, HandlerContext context) {
        lines.add(JSON.toString(meta));
        lines.add("\n");
        if (context.callerJson() != null) {
            lines.add(context.callerJson());
        }
    }

    /** Reads what a {@link Op#RESULT}, {@link Op#FAILED} or {@link Op#DONE} holds behind its figures. */
    static Outcome.Result result(Call call, int flags, FrameReader frame) {
        try {
            return switch (frame.op()) {
                case Op.FAILED -> new Outcome.Result.Failed(failure(frame));
                case Op.DONE -> end(call, frame);
                default -> answer(call, flags, frame);
            };
        } catch (DecodeException | ClassCastException | IllegalArgumentException | NullPointerException e) {
            return new Outcome.Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, "the answer is not a valid one"));
        }
    }

    /** What the end of the work behind an answer makes of that: nothing, unless it failed. */
    private static Outcome.Result end(Call call, FrameReader frame) {
        Outcome.Result answered = call.answered();
        if (answered == null) {
            throw new IllegalStateException("an end without an answer");
        }
        String failure = frame.string();
        return failure.isEmpty() || answered instanceof Outcome.Result.Failed
                ? answered
                : new Outcome.Result.Failed(failure(new JsonObject(failure)));
    }

    private static Outcome.Result answer(Call call, int flags, FrameReader frame) {
        boolean binary = frame.int8() == 1;
        String text = frame.string();
        if (call.invocation instanceof Invocation.Event) {
            return new Outcome.Result.Value(text);
        }
        int end = binary ? text.length() : text.indexOf("\n\n");
        if (end < 0) {
            throw new IllegalArgumentException("no end of the head");
        }
        Buffer body = binary ? Buffer.buffer(frame.rest()) : Buffer.buffer(text.substring(end + 2));
        String[] head = text.substring(0, end).split("\n", -1);
        int status = Integer.parseInt(head[0]);
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status");
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            String name = head[i].substring(0, Math.max(0, colon));
            String value = head[i].substring(colon + 1);
            if (name.isEmpty() || HttpHeaderValidationUtil.validateToken(name) >= 0 || !isFieldValue(value)) {
                throw new IllegalArgumentException("header");
            }
            headers.add(Map.entry(name, value));
        }
        RunStreams streams = call.streams;
        if ((flags & Op.FLAG_STREAM) == 0 || streams == null) {
            return new Outcome.Result.HttpAnswer(status, headers, body);
        }
        return new Outcome.Result.HttpStream(status, headers, streams.response(call.context()), streams::abandon);
    }

    /** RFC 9110, section 5.5. */
    private static boolean isFieldValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    static Failure failure(FrameReader frame) {
        return failure(new JsonObject(frame.string()));
    }

    private static Failure failure(JsonObject json) {
        Failure.Kind kind = switch (json.getString("kind", "")) {
            case "compile" -> Failure.Kind.COMPILE;
            case "exception" -> Failure.Kind.EXCEPTION;
            case "timeout" -> Failure.Kind.TIMEOUT;
            case "memory" -> Failure.Kind.MEMORY;
            case "stalled" -> Failure.Kind.STALLED;
            case "no_handler" -> Failure.Kind.NO_HANDLER;
            case "bad_answer" -> Failure.Kind.BAD_ANSWER;
            case "too_large" -> Failure.Kind.TOO_LARGE;
            case "cancelled" -> Failure.Kind.CANCELLED;
            case "gone" -> Failure.Kind.CRASHED;
            default -> Failure.Kind.INTERNAL;
        };
        return new Failure(
                kind,
                json.getString("name", "Error"),
                json.getString("message", ""),
                json.getString("stack", ""),
                json.getString("file"),
                json.getInteger("line", 0),
                json.getInteger("column", 0));
    }

    static List<LogLine> logs(FrameReader frame, int have) {
        List<LogLine> lines = new ArrayList<>();
        for (Object entry : new JsonArray(frame.string())) {
            if (have + lines.size() >= MAX_LINES) {
                break;
            }
            JsonArray line = (JsonArray) entry;
            lines.add(new LogLine(line.getInteger(0), line.getInteger(1), line.getString(2)));
        }
        return lines;
    }
}
