package dev.basalt.functions.worker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
    @TempDir
    Path sockets;

    private final Watchdog watchdog = new Watchdog();

    @Test
    void aFunctionLeavesNothingToTheNextOne() throws Exception {
        try (Host first = new Host("1")) {
            String marks = """
                    globalThis.mark = 'first';
                    Object.prototype.mark = 'first';
                    Response.json = () => 'first';
                    export const onEvent = () => 1;""";
            assertThat(first.load(marks).op()).isEqualTo(Op.LOADED);
            try (Host second = new Host("2")) {
                String looks = """
                        if ('mark' in globalThis || {}.mark || Response.json({}) === 'first') throw new Error('leaked');
                        if (Deno.env.get('MODE') !== '2') throw new Error('not its environment');
                        export const onEvent = () => 1;""";
                assertThat(second.load(looks).op()).isEqualTo(Op.LOADED);
            }
        }
    }

    @Test
    void anInvocationBehindOneThatWaitsIsHandedBackAndBehindAQuickOneBegins() throws Exception {
        try (Host host = new Host("3")) {
            assertThat(host.load(
                                    "export const onEvent = (ms) => ms ? new Promise((d) => setTimeout(() => d(ms), ms)) : 0;")
                            .op())
                    .isEqualTo(Op.LOADED);
            host.invoke(2, 500);
            host.invoke(3, 0);
            host.says(Op.BACK, 3);
            host.says(Op.RESULT, 2);
            host.invoke(4, 0);
            host.invoke(5, 0);
            host.says(Op.RESULT, 4);
            host.says(Op.RESULT, 5);
        }
    }

    @Test
    void anInvocationBehindOneThatComputesForLongIsHandedBackBeforeThatEnds() throws Exception {
        try (Host host = new Host("4")) {
            String computes = """
                    export const onEvent = (ms) => { const until = Date.now() + ms; while (Date.now() < until); return ms; };
                    export default { async fetch(request) { onEvent(1000); return new Response(await request.text()); } };""";
            assertThat(host.load(computes).op()).isEqualTo(Op.LOADED);
            host.invoke(2, 1000);
            host.invoke(3, 0);
            host.says(Op.BACK, 3);
            host.says(Op.RESULT, 2);
            host.invoke(4, 0);
            host.says(Op.RESULT, 4);

            // What belongs to the one that computes is kept for it.
            host.send(new FrameWriter(Op.INVOKE, 5, 256)
                    .int32(5000)
                    .int8(2)
                    .string("{\"ctx\":{},\"method\":\"POST\",\"url\":\"http://f.example/\"}\n"));
            host.send(new FrameWriter(Op.DATA, 5, 16).int32(0).raw("one ".getBytes(US_ASCII)));
            host.invoke(6, 0);
            host.send(new FrameWriter(Op.DATA, 5, 16).int32(0).raw("two".getBytes(US_ASCII)));
            host.send(new FrameWriter(Op.END, 5, 16).int32(0).string(""));
            host.says(Op.BACK, 6);
            FrameReader answer = host.read();
            while (answer.op() == Op.CREDIT) {
                answer = host.read();
            }
            assertThat(answer).extracting(FrameReader::op, FrameReader::request).containsExactly(Op.RESULT, 5);
            assertThat(new String(answer.rest(), US_ASCII)).endsWith("one two");
        }
    }

    /** The other end of an instance. */
    private final class Host implements AutoCloseable {
        private final String name;
        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final SocketChannel socket;
        private final DataInputStream in;

        Host(String name) throws IOException {
            this.name = name;
            Path path = sockets.resolve(name);
            server.bind(UnixDomainSocketAddress.of(path));
            Instance.start(watchdog).serve(path);
            socket = server.accept();
            in = new DataInputStream(Channels.newInputStream(socket));
        }

        /** The answer to a load of this module. */
        FrameReader load(String source) throws IOException {
            FrameWriter frame = new FrameWriter(Op.LOAD, 1, 64)
                    .int32(2000)
                    .int32(64)
                    .int32(1 << 20)
                    .int32(1 << 16)
                    .int32(10)
                    .int32(10)
                    .int32(1)
                    .string("{\"MODE\":\"" + name + "\"}")
                    .string("main.js")
                    .int32(1)
                    .string("main.js")
                    .string(source);
            send(frame);
            return read();
        }

        void invoke(int number, int event) throws IOException {
            send(new FrameWriter(Op.INVOKE, number, 64)
                    .int32(2000)
                    .int8(1)
                    .string("{\"event\":" + event + ",\"ctx\":{}}\n"));
        }

        void send(FrameWriter frame) throws IOException {
            socket.write(frame.finish());
        }

        void says(byte op, int request) throws IOException {
            assertThat(read()).extracting(FrameReader::op, FrameReader::request).containsExactly(op, request);
        }

        FrameReader read() throws IOException {
            return new FrameReader(in.readNBytes(in.readInt()));
        }

        @Override
        public void close() throws IOException {
            socket.close();
            server.close();
        }
    }
}
