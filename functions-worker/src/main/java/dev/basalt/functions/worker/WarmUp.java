package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs one of everything a worker does before it takes the first request: what the prelude compiles to is kept for all
 * isolates, and the JVM's ahead-of-time cache learns what a worker needs.
 */
final class WarmUp {
    private static final String SOURCE = """
            import { greet } from './lib.js';
            export default { async fetch(request, env, ctx) {
              const { name } = await request.json();
              const url = new URL(request.url);
              await new Promise((done) => setTimeout(done, 1));
              console.log('hello', { name, path: url.pathname });
              return Response.json({ text: greet(name), id: crypto.randomUUID() });
            } };
            export async function onEvent(event, ctx) { return { record: { ...event.record, seen: true } }; }
            """;

    private WarmUp() {}

    static void run(int rounds) throws JavetException {
        Map<String, String> files =
                Map.of("main.js", SOURCE, "lib.js", "export const greet = (name) => `Hello ${name}`;");
        Failure failure = Isolate.check(files, "main.js");
        if (failure != null) {
            throw new IllegalStateException(failure.message());
        }
        InvocationLog log = new InvocationLog(1024);
        LoadRequest request = new LoadRequest(1000, 64, 1 << 20, 1 << 16, "{}", "main.js", files);
        try (Isolate isolate = new Isolate(request, log)) {
            isolate.limits().arm(5_000);
            isolate.load();
            for (int i = 0; i < rounds; i++) {
                byte[] body = "{\"name\":\"Ann\"}".getBytes(StandardCharsets.UTF_8);
                isolate.invoke(
                        0,
                        "{\"method\":\"POST\",\"url\":\"http://x/y\",\"headers\":[[\"a\",\"b\"]],\"ctx\":{}}",
                        body,
                        false);
                isolate.invoke(
                        1, "{\"event\":{\"type\":\"insert\",\"record\":{\"a\":1}},\"ctx\":{}}", new byte[0], false);
            }
            isolate.limits().check();
            isolate.limits().disarm();
            isolate.keepPrelude();
        } catch (FailedException e) {
            throw new IllegalStateException(e);
        }
        String logged = log.take();
        FrameWriter frame = new FrameWriter(Op.LOGS, 1, 16).string(logged == null ? "" : logged);
        byte[] bytes = frame.finish().array();
        byte[] content = new byte[bytes.length - 4];
        System.arraycopy(bytes, 4, content, 0, content.length);
        if (new FrameReader(content).op() != Op.LOGS) {
            throw new IllegalStateException();
        }
    }
}
