package dev.basalt.test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether a Docker engine answers on this machine: asked with one request and one second's patience. */
final class DockerEngine {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final long PATIENCE_MILLIS = 1000;

    private DockerEngine() {}

    /** Costs one look at the file system where there is no engine. */
    static boolean answers() {
        return address(System.getenv("DOCKER_HOST")).map(DockerEngine::answers).orElse(false);
    }

    /** Where the engine would be: as {@code DOCKER_HOST} says, else the usual socket if it is there. */
    static Optional<SocketAddress> address(@Nullable String host) {
        if (host == null || host.isBlank()) {
            return Files.exists(SOCKET) ? Optional.of(UnixDomainSocketAddress.of(SOCKET)) : Optional.empty();
        }
        var uri = URI.create(host);
        if ("unix".equals(uri.getScheme())) {
            var socket = Path.of(uri.getPath());
            return Files.exists(socket) ? Optional.of(UnixDomainSocketAddress.of(socket)) : Optional.empty();
        }
        // Names are resolved by the connection, off this thread.
        return uri.getHost() == null || uri.getPort() < 0
                ? Optional.empty()
                : Optional.of(InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort()));
    }

    static boolean answers(SocketAddress address) {
        var answer = new CompletableFuture<Boolean>();
        Thread.ofPlatform().daemon().name("docker engine probe").start(() -> answer.complete(ping(address)));
        return answer.completeOnTimeout(false, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private static boolean ping(SocketAddress address) {
        var target = address instanceof InetSocketAddress inet
                ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                : address;
        try (var channel = target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open()) {
            channel.connect(target);
            channel.write(StandardCharsets.US_ASCII.encode("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"));
            var start = ByteBuffer.allocate(64);
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // Until the status line is there.
            }
            return new String(start.array(), 0, start.position(), StandardCharsets.US_ASCII)
                    .matches("(?s)HTTP/1\\.[01] 200 .*");
        } catch (IOException | RuntimeException none) {
            return false;
        }
    }
}
