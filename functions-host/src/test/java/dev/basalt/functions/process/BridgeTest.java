package dev.basalt.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two bridges, by the command lines that start them, with programs and hosts that send much and at the same time. */
class BridgeTest {
    private static final int CONNECTIONS = 40;
    private static final int BYTES = 700_000;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocketChannel host;

    @BeforeEach
    void listen() throws IOException {
        host = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        host.bind(UnixDomainSocketAddress.of(directory.resolve("host")));
    }

    @AfterEach
    void close() throws IOException {
        host.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"by perl", "by a JVM"})
    void whatAProgramConnectsToIsTheHost(String bridge) throws Exception {
        Future<?> _ = threads.submit(() -> {
            while (true) {
                SocketChannel connection = host.accept();
                Future<?> _ = threads.submit(() -> echo(Channels.newInputStream(connection), connection));
            }
        });

        Process process = start(bridge, "lambda", Calls.class, freePort());

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Calls.ALL_WELL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"by perl", "by a JVM"})
    void whatTheHostSendsReachesTheProgram(String bridge) throws Exception {
        int port = freePort();
        Process process = start(bridge, "basalt", Serves.class, port);
        try {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int call = 0; call < CONNECTIONS; call++) {
                // The next connection comes when the one before it is used, while that goes on.
                SocketChannel connection = host.accept();
                byte[] content = content(call);
                answers.add(threads.submit(() -> exchange(
                        Channels.newInputStream(connection),
                        Channels.newOutputStream(connection),
                        connection::shutdownOutput,
                        content)));
            }
            for (int call = 0; call < CONNECTIONS; call++) {
                assertThat(answers.get(call).get(60, TimeUnit.SECONDS)).isEqualTo(content(call));
            }
            SocketChannel last = host.accept();
            last.write(ByteBuffer.wrap(new byte[] {Serves.END}));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Serves.ENDED);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"by perl", "by a JVM"})
    void howAProgramEndsIsHowItsBridgeEnds(String bridge) throws Exception {
        assertThat(start(bridge, "#!/bin/sh\nkill -9 $$\n").waitFor()).isEqualTo(128 + 9);
        assertThat(start(bridge, "#!/bin/sh\nexit 5\n").waitFor()).isEqualTo(5);
        assertThat(start(bridge, "#!/no/such/interpreter\n").waitFor()).isNotZero();
    }

    private Process start(String bridge, String signature, Class<?> program, int port) throws Exception {
        return start(
                bridge,
                signature,
                port,
                "#!/bin/sh\nexec " + Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -cp target/test-classes '" + program.getName() + "' " + port + "\n");
    }

    private Process start(String bridge, String script) throws Exception {
        return start(bridge, "lambda", freePort(), script);
    }

    private Process start(String bridge, String signature, int port, String script) throws Exception {
        Interpreters interpreters = Interpreters.detect(ProcessFixture.config(Missing.bridge(bridge)));
        Path home = RuntimeHome.layOut(directory.resolve("runtime"));
        Files.writeString(directory.resolve("bootstrap"), script);
        Files.setPosixFilePermissions(directory.resolve("bootstrap"), PosixFilePermissions.fromString("rwxr-xr-x"));
        FunctionManifest manifest = FunctionManifest.parse(
                new JsonObject().put("runtime", "provided").put("signature", signature));
        List<String> command = new Launches(interpreters)
                .launch(manifest, new Artifact("", Map.of()), List.of())
                .program()
                .arguments(new Launch.Way(
                        inside -> inside.startsWith(Launch.RUNTIME)
                                ? home.resolve(Launch.RUNTIME.relativize(inside))
                                : directory.resolve(Launch.TASK.relativize(inside)),
                        port,
                        directory.resolve("host").toString(),
                        false));
        assertThat(command.getFirst()).endsWith(bridge.equals("by perl") ? "perl" : "java");
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static byte[] content(int seed) {
        byte[] content = new byte[BYTES];
        new Random(seed).nextBytes(content);
        content[0] = 0;
        return content;
    }

    /** Reads all, and only then answers it. */
    private static Void echo(InputStream in, SocketChannel connection) throws IOException {
        try (connection) {
            byte[] all = in.readAllBytes();
            Channels.newOutputStream(connection).write(all);
        }
        return null;
    }

    /** Something that a socket of either kind can do. */
    @FunctionalInterface
    private interface Ending {
        Object end() throws IOException;
    }

    private static byte[] exchange(InputStream in, OutputStream out, Ending ending, byte[] content) throws IOException {
        out.write(content);
        out.flush();
        ending.end();
        return in.readAllBytes();
    }

    /** Connects many times at once to the port that it is given, and ends with {@link #ALL_WELL} if all answers are right. */
    static final class Calls {
        static final int ALL_WELL = 7;

        private Calls() {}

        public static void main(String[] arguments) throws Exception {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<Boolean>> calls = new ArrayList<>();
                for (int call = 0; call < CONNECTIONS; call++) {
                    byte[] content = content(call);
                    calls.add(() -> {
                        try (Socket socket =
                                new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
                            return Arrays.equals(
                                    content,
                                    exchange(
                                            socket.getInputStream(),
                                            socket.getOutputStream(),
                                            () -> {
                                                socket.shutdownOutput();
                                                return socket;
                                            },
                                            content));
                        }
                    });
                }
                boolean well = true;
                for (Future<Boolean> call : threads.invokeAll(calls)) {
                    well &= call.get();
                }
                System.exit(well ? ALL_WELL : 1);
            }
        }
    }

    /** Answers what it is sent on the port that it is given, a while after its start, until {@link #END} comes first. */
    static final class Serves {
        static final byte END = 1;
        static final int ENDED = 3;

        private Serves() {}

        public static void main(String[] arguments) throws Exception {
            Thread.sleep(200);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    ServerSocketChannel listening = ServerSocketChannel.open()) {
                listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
                while (true) {
                    SocketChannel connection = listening.accept();
                    Future<?> _ = threads.submit(() -> {
                        InputStream in = Channels.newInputStream(connection);
                        int first = in.read();
                        if (first == END) {
                            System.exit(ENDED);
                        }
                        byte[] rest = in.readAllBytes();
                        if (first >= 0) {
                            OutputStream out = Channels.newOutputStream(connection);
                            out.write(first);
                            out.write(rest);
                        }
                        connection.close();
                        return null;
                    });
                }
            }
        }
    }
}
