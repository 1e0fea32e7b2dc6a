package dev.basalt.functions.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StockTest {
    @TempDir
    Path sockets;

    private final Stock stock = new Stock(new Watchdog());

    @Test
    void holdsOneInstanceUntilItIsTaken() {
        stock.fill();
        Instance first = stock.take();
        stock.fill();
        Instance second = stock.take();
        Instance third = stock.take();
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        int before = threads();
        stock.fill();
        stock.fill();
        assertThat(threads()).isEqualTo(before + 1);
    }

    @Test
    void isFilledAgainOnceWhatWasTakenHasLoaded() throws Exception {
        stock.fill();
        int before = threads();
        try (Host host = new Host("1")) {
            assertThat(threads()).as("none is made beside a load").isEqualTo(before);
            assertThat(host.load("export const onEvent = () => 1;").op()).isEqualTo(Op.LOADED);
            // What follows a load is over when the instance answers again.
            assertThat(host.check("export default 1;").op()).isEqualTo(Op.LOADED);
            assertThat(threads()).isEqualTo(before + 1);
        }
    }

    @Test
    void aFunctionLeavesNothingToTheNextOne() throws Exception {
        stock.fill();
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

    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("instance"))
                .count();
    }

    /** The other end of an instance that was taken. */
    private final class Host implements AutoCloseable {
        private final String name;
        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final SocketChannel socket;
        private final DataInputStream in;

        Host(String name) throws IOException {
            this.name = name;
            Path path = sockets.resolve(name);
            server.bind(UnixDomainSocketAddress.of(path));
            stock.take().serve(path);
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
                    .string("{\"MODE\":\"" + name + "\"}");
            return answer(frame, source);
        }

        FrameReader check(String source) throws IOException {
            return answer(new FrameWriter(Op.CHECK, 2, 64), source);
        }

        private FrameReader answer(FrameWriter frame, String source) throws IOException {
            frame.string("main.js").int32(1).string("main.js").string(source);
            socket.write(frame.finish());
            return new FrameReader(in.readNBytes(in.readInt()));
        }

        @Override
        public void close() throws IOException {
            socket.close();
            server.close();
        }
    }
}
