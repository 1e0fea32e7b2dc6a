package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

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

    private static final String REQUEST = "{\"method\":\"POST\",\"url\":\"http://x/y\",\"ctx\":{}}\n\na:b";

    private WarmUp() {}

    static void run(int rounds) throws JavetException {
        CpuAccount.nanos();
        Map<String, String> files =
                Map.of("main.js", SOURCE, "lib.js", "export const greet = (name) => `Hello ${name}`;");
        Recorder recorder = new Recorder();
        LoadRequest request = new LoadRequest(1000, 64, 1 << 20, 1 << 16, 10, 10, 1, "{}", "main.js", files);
        try (Isolate isolate = new Isolate(recorder)) {
            isolate.limits().arm(System.nanoTime() + 5_000_000_000L);
            isolate.prepare();
            Failure failure = isolate.check(files, "main.js");
            if (failure != null) {
                throw new IllegalStateException(failure.message());
            }
            isolate.load(request);
            byte[] body = "{\"name\":\"Ann\"}".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < rounds; i++) {
                int number = 3 * i;
                isolate.begin(number + 1, 0, REQUEST, body, false);
                drive(isolate);
                isolate.begin(
                        number + 2,
                        1,
                        "{\"event\":{\"type\":\"insert\",\"record\":{\"a\":1}},\"ctx\":{}}\n",
                        new byte[0],
                        false);
                drive(isolate);
                isolate.begin(number + 3, 2, REQUEST, new byte[0], false);
                drive(isolate);
                isolate.frame(received(
                        new FrameWriter(Op.DATA, number + 3, 64).int32(0).raw(body)));
                isolate.frame(received(
                        new FrameWriter(Op.END, number + 3, 64).int32(0).string("")));
                drive(isolate);
            }
            isolate.turn();
            isolate.limits().check();
            isolate.limits().disarm();
            isolate.keepPrelude();
        } catch (FailedException e) {
            throw new IllegalStateException(e);
        }
        String logged = recorder.log.take();
        FrameReader read = received(new FrameWriter(Op.LOGS, 1, 16).string(logged == null ? "" : logged));
        if (read.op() != Op.LOGS) {
            throw new IllegalStateException();
        }
    }

    private static void drive(Isolate isolate) throws JavetException {
        while (isolate.poll() != null || isolate.waitMillis() >= 0) {
            LockSupport.parkNanos(Math.max(0, isolate.waitMillis()) * 1_000_000L);
        }
    }

    private static FrameReader received(FrameWriter frame) {
        ByteBuffer bytes = frame.finish().position(4);
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        return new FrameReader(content);
    }

    /** Takes what a worker would send. */
    private static final class Recorder implements Outside {
        final InvocationLog log = new InvocationLog(1024);

        @Override
        public void send(FrameWriter frame) {
            received(frame);
        }

        @Override
        public void print(int run, int level, String text) {
            log.add(level, text);
        }
    }
}
