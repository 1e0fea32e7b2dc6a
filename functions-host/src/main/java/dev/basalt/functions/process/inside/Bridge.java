package dev.basalt.functions.process.inside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the network of a sandbox, in which there is nothing but 127.0.0.1, with a socket of the host's. Arguments: {@code api}
 * (the program calls the host) or {@code server} (the host calls the program), the port, the socket's path, then {@code exec} and
 * a command line, or {@code java} with a main class and its arguments that run in this JVM. In place of a path {@code -} ends the
 * JVM as soon as the program is ready, which trains an archive of its classes. Where the variable {@link #WAY_OUT} names a socket,
 * {@link #WAY_OUT_PORT} leads there.
 *
 * <p>Without lambdas, regular expressions or logging: each would cost milliseconds of every start.
 */
public final class Bridge {
    /** The variable that names the socket of the way out. */
    public static final String WAY_OUT = "BASALT_EGRESS_SOCKET";
    /** The port of 127.0.0.1 that leads there. */
    public static final int WAY_OUT_PORT = 9002;

    private static final int BUFFER = 16 * 1024;
    private static final int POLL_MILLIS = 5;
    private static final int STACK = 128 * 1024;

    private Bridge() {}

    public static void main(String[] arguments) throws Exception {
        SocketAddress port = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        boolean training = arguments[2].equals("-");
        if (arguments[0].equals("api")) {
            ServerSocketChannel listening = listen(port);
            start(
                    training
                            ? new Training(listening)
                            : new Accepting(listening, UnixDomainSocketAddress.of(arguments[2])));
        } else {
            start(new Dialling(training ? null : UnixDomainSocketAddress.of(arguments[2]), port));
        }
        String wayOut = System.getenv(WAY_OUT);
        if (wayOut != null) {
            start(new Accepting(
                    listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), WAY_OUT_PORT)),
                    UnixDomainSocketAddress.of(wayOut)));
        }
        List<String> rest = new ArrayList<>(List.of(arguments).subList(4, arguments.length));
        if (arguments[3].equals("java")) {
            Class<?> main = Class.forName(rest.removeFirst(), true, ClassLoader.getSystemClassLoader());
            main.getMethod("main", String[].class).invoke(null, (Object) rest.toArray(new String[0]));
            return;
        }
        Process program = new ProcessBuilder(rest).inheritIO().start();
        System.exit(program.waitFor());
    }

    private static ServerSocketChannel listen(SocketAddress port) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.bind(port);
        return listening;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "bridge", STACK);
        thread.setDaemon(true);
        thread.start();
    }

    private static SocketChannel connect(SocketAddress to) throws IOException {
        if (to instanceof InetSocketAddress) {
            SocketChannel channel = SocketChannel.open(to);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return channel;
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(to);
        return channel;
    }

    /** Copies until there is no more, then says so to the other side. */
    private record Copying(SocketChannel from, SocketChannel to, ByteBuffer first) implements Runnable {
        @Override
        public void run() {
            ByteBuffer buffer = first;
            try {
                do {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                    buffer.clear();
                } while (from.read(buffer) >= 0);
                to.shutdownOutput();
            } catch (IOException e) {
                close(from);
                close(to);
            }
        }
    }

    private static void join(SocketChannel one, SocketChannel other, ByteBuffer first) {
        start(new Copying(other, one, ByteBuffer.allocateDirect(BUFFER)));
        start(new Copying(one, other, first));
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    /** A connection of the program's is a connection to the host. */
    private record Accepting(ServerSocketChannel listening, SocketAddress host) implements Runnable {
        @Override
        public void run() {
            try {
                while (true) {
                    SocketChannel program = listening.accept();
                    program.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    try {
                        join(program, connect(host), ByteBuffer.allocateDirect(BUFFER));
                    } catch (IOException e) {
                        close(program);
                    }
                }
            } catch (IOException e) {
                System.exit(1);
            }
        }
    }

    /** Ends the JVM with the first request: one for an invocation says that the program has started well. */
    private record Training(ServerSocketChannel listening) implements Runnable {
        @Override
        public void run() {
            int code = 1;
            try (SocketChannel program = listening.accept()) {
                ByteBuffer first = ByteBuffer.allocate(1);
                program.read(first);
                code = first.get(0) == 'G' ? 0 : 1;
            } catch (IOException e) {
                code = 1;
            }
            System.exit(code);
        }
    }

    /**
     * Keeps one connection to the host open for it to use. The first one says that the program listens; the first byte on one
     * makes it a connection to the program, and opens the next.
     */
    private record Dialling(@Nullable SocketAddress host, SocketAddress port) implements Runnable {
        @Override
        public void run() {
            try {
                awaitListener();
                if (host == null) {
                    System.exit(0);
                    return;
                }
                while (true) {
                    SocketChannel spare = connect(host);
                    ByteBuffer first = ByteBuffer.allocateDirect(BUFFER);
                    if (spare.read(first) < 0) {
                        close(spare);
                        continue;
                    }
                    try {
                        join(spare, connect(port), first);
                    } catch (IOException e) {
                        close(spare);
                    }
                }
            } catch (IOException | InterruptedException e) {
                System.exit(1);
            }
        }

        private void awaitListener() throws InterruptedException {
            while (true) {
                try {
                    close(connect(port));
                    return;
                } catch (IOException e) {
                    // The host bounds how long a start may take.
                    Thread.sleep(POLL_MILLIS);
                }
            }
        }
    }
}
