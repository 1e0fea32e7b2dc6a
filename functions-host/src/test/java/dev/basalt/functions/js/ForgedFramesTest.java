package dev.basalt.functions.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.PlatformAccess;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker that is not ours any more may send: each such frame is an exception, at which the host kills the worker. */
class ForgedFramesTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String GOOD =
            "{\"to\":\"web\",\"method\":\"GET\",\"url\":\"http://a.example/\",\"headers\":[],\"redirect\":\"follow\",\"flows\":false}";

    private final List<FrameReader> said = new CopyOnWriteArrayList<>();
    private final Egress egress = new Egress(
            VERTX,
            new SmallRyeConfigBuilder()
                    .withMapping(EgressConfig.class)
                    .withDefaultValue("basalt.functions.egress.max-open-calls", "3")
                    .build()
                    .getConfigMapping(EgressConfig.class));

    @AfterAll
    static void close() {
        VERTX.close();
    }

    private RunStreams streams(Links links) {
        return new RunStreams(
                (ContextInternal) VERTX.getOrCreateContext(),
                1,
                egress,
                (host, port) -> false,
                new Invocation.Http(
                        Duration.ofSeconds(1),
                        new HandlerContext(new JsonObject()),
                        "GET",
                        "http://p/",
                        List.of(),
                        Buffer.buffer(),
                        links),
                frame -> said.add(read(frame)));
    }

    private static FrameReader read(FrameWriter frame) {
        ByteBuffer bytes = frame.finish().position(4);
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        return new FrameReader(content);
    }

    private static FrameReader call(int stream, String meta) {
        return read(new FrameWriter(Op.CALL, 1, 64).int32(stream).string(meta));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"to\":\"web\"}",
                "{\"to\":\"root\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":[],\"redirect\":\"follow\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"G E T\",\"url\":\"http://a/\",\"headers\":[],\"redirect\":\"follow\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"CONNECT\",\"url\":\"http://a/\",\"headers\":[],\"redirect\":\"follow\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":[[\"a\",\"b\\r\\nc: d\"]],\"redirect\":\"follow\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":[[\"a\\r\\nc\",\"b\"]],\"redirect\":\"follow\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":{\"a\":1},\"redirect\":\"follow\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":[],\"redirect\":\"sideways\",\"flows\":false}",
                "{\"to\":\"web\",\"method\":\"GET\",\"url\":\"http://a/\",\"headers\":[],\"redirect\":\"follow\"}",
            })
    void aCallThatIsNoneIsNotMade(String meta) {
        assertThatThrownBy(() -> streams(Links.NONE).frame(call(1, meta))).isInstanceOf(RuntimeException.class);
        assertThat(said).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a.example/ HTTP/1.1\\r\\nx: y",
                "http://a.example/\u0000",
                "http://user@a.example/",
                "http://a.example:0/",
                "http://a.example:99999/",
                "http:///x",
                "gopher://a.example/",
                "file:///etc/passwd",
                "//a.example/",
                "a.example",
                "http://a.example\\\\@127.0.0.1/",
            })
    void aUrlThatIsNoneLeadsNowhere(String url) {
        streams(Links.NONE).frame(call(1, new JsonObject(GOOD).put("url", url).encode()));
        await().atMost(Duration.ofSeconds(5)).until(() -> said.size() == 1);
        assertThat(said.getFirst().op()).isEqualTo(Op.END);
    }

    @Test
    void framesOutOfTurnAreNotTaken() {
        for (FrameReader frame : List.of(
                read(new FrameWriter(Op.DATA, 1, 64).int32(0).raw(new byte[9])),
                read(new FrameWriter(Op.END, 1, 64).int32(0).string("")),
                read(new FrameWriter(Op.HEAD, 1, 64).int32(1).string("{}")),
                read(new FrameWriter(Op.LOAD, 1, 64).int32(1)),
                read(new FrameWriter((byte) 99, 1, 64).int32(1)),
                read(new FrameWriter(Op.CREDIT, 1, 64).int32(0).int32(-1)),
                read(new FrameWriter(Op.CREDIT, 1, 64).int32(0).int32(Integer.MAX_VALUE)),
                read(new FrameWriter(Op.DATA, 1, 64).int32(5).raw(new byte[Op.CHUNK + 1])),
                read(new FrameWriter(Op.CALL, 1, 64)),
                read(new FrameWriter(Op.CALL, 1, 64).int32(1).int32(999_999)),
                read(new FrameWriter(Op.CALL, 1, 64).int32(1).int32(-5)),
                read(new FrameWriter(Op.CALL, 1, 64).int32(1).string(GOOD).raw(new byte[Op.CHUNK + 1])),
                call(0, GOOD),
                call(-1, GOOD))) {
            RunStreams streams = streams(Links.NONE);
            assertThatThrownBy(() -> streams.frame(frame)).isInstanceOf(RuntimeException.class);
        }
        assertThat(said).isEmpty();
    }

    @Test
    void aBodyMayNotBeLargerThanItsWindow() {
        RunStreams streams = streams(Links.NONE);
        streams.response((ContextInternal) VERTX.getOrCreateContext());
        for (int i = 0; i < Op.WINDOW / Op.CHUNK; i++) {
            streams.frame(read(new FrameWriter(Op.DATA, 1, 64).int32(0).raw(new byte[Op.CHUNK])));
        }
        assertThatThrownBy(() -> streams.frame(
                        read(new FrameWriter(Op.DATA, 1, 64).int32(0).raw(new byte[1]))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> streams.response((ContextInternal) VERTX.getOrCreateContext()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void callsAreNumberedUpwardsAndSoManyAtATime() throws IOException {
        // Takes connections and never answers.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            callsUpwards(streams(new Links(new Nowhere(silent.getLocalPort()), null, null)));
        }
    }

    private static void callsUpwards(RunStreams streams) {
        String platform = new JsonObject(GOOD)
                .put("to", "caller")
                .put("url", "/rest/v1/t")
                .encode();
        for (int i = 1; i <= 4; i++) {
            streams.frame(call(i, platform));
        }
        assertThatThrownBy(() -> streams.frame(call(5, platform))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> streams.frame(call(2, platform))).isInstanceOf(IllegalStateException.class);
        streams.end(Failure.of(Failure.Kind.CRASHED, "over"));
    }

    @Test
    void thePlatformIsCalledByPathAndOnlyAsIsGranted() {
        RunStreams streams = streams(new Links(new Nowhere(9), null, null));
        String elsewhere = new JsonObject(GOOD)
                .put("to", "caller")
                .put("url", "http://evil.example/")
                .encode();
        assertThatThrownBy(() -> streams.frame(call(1, elsewhere))).isInstanceOf(IllegalStateException.class);
        streams.frame(call(
                2,
                new JsonObject(GOOD)
                        .put("to", "service")
                        .put("url", "/rest/v1/t")
                        .encode()));
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().op()).isEqualTo(Op.END);
        said.getFirst().int32();
        assertThat(said.getFirst().string()).contains("does not grant");
    }

    /** A platform that nobody listens at. */
    private record Nowhere(int port) implements PlatformAccess {
        @Override
        public String url() {
            return "http://127.0.0.1:" + port;
        }

        @Override
        public boolean allows(As as) {
            return as == As.CALLER;
        }

        @Override
        public List<Map.Entry<String, String>> headers(As as) {
            return List.of();
        }
    }
}
