package dev.basalt.functions.process;

import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The headers with which the Runtime API hands out a call: what it is, how long it may take, who makes it. */
final class InvocationHeaders {
    /** Node's client takes headers of 16 KiB together. */
    private static final int MAX_CONTEXT = 8 * 1024;

    private InvocationHeaders() {}

    static void write(HttpServerResponse response, String function, Call call) {
        Invocation invocation = call.invocation;
        long deadline = System.currentTimeMillis() + invocation.timeout().toMillis();
        String client = clientContext(invocation.context());
        response.putHeader("Lambda-Runtime-Aws-Request-Id", call.id)
                .putHeader("Lambda-Runtime-Deadline-Ms", Long.toString(deadline))
                .putHeader(
                        "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local:000000000000:function:" + function)
                .putHeader("Lambda-Runtime-Trace-Id", trace(call))
                .putHeader("Lambda-Runtime-Client-Context", client)
                .putHeader("Basalt-Invocation-Kind", invocation instanceof Invocation.Http ? "http" : "event")
                .putHeader("Content-Type", "application/json");
    }

    /** In AWS' form: the trace that the call belongs to, else one of the call's own id, which is not recorded anywhere. */
    private static String trace(Call call) {
        String parent = call.invocation.context().values().getString("traceparent");
        if (parent != null) {
            String[] parts = parent.split("-", -1);
            return "Root=1-" + parts[1].substring(0, 8) + "-" + parts[1].substring(8) + ";Parent=" + parts[2]
                    + ";Sampled=" + (parts[3].equals("01") ? "1" : "0");
        }
        String digits = call.id.replace("-", "");
        return "Root=1-" + digits.substring(0, 8) + "-" + digits.substring(8) + ";Sampled=0";
    }

    /** Every custom value is a text: Java's client takes no others. */
    private static String custom(JsonObject given) {
        return new JsonObject()
                .put("custom", new JsonObject().put("basalt", given.encode()))
                .encode();
    }

    /** What Lambda calls the client context holds Basalt's, in ASCII as headers want it. */
    private static String clientContext(HandlerContext given) {
        String text = custom(given.json());
        if (text.length() > MAX_CONTEXT) {
            text = custom(given.values());
        }
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x7f) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }
}
