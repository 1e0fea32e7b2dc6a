package dev.basalt.functions.process;

import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server in a sandbox. Nothing outside can connect into one, so the bridge inside connects out and waits; what
 * connects to the {@linkplain #outside outer} socket is joined with a connection that waits. Used on one event loop.
 */
final class Relay {
    /** The bridge keeps one connection in stock; a hostile one may open more, for which there is no use. */
    private static final int MAX_SPARE = 4;

    private static final int MAX_ASKING = 1024;

    private final ContextInternal context;
    private final Path inside;
    private final Path outside;
    private final Deque<NetSocket> spare = new ArrayDeque<>();
    private final Deque<NetSocket> asking = new ArrayDeque<>();
    private @Nullable NetServer inner;
    private @Nullable NetServer outer;
    private boolean reached;

    /**
     * @param inside the socket that the sandbox sees
     * @param outside the socket that only the host sees
     */
    Relay(ContextInternal context, Path inside, Path outside) {
        this.context = context;
        this.inside = inside;
        this.outside = outside;
    }

    Path outside() {
        return outside;
    }

    /** @param reachable called once, when the server inside can be reached */
    Future<Void> open(Runnable reachable) {
        NetServer in = context.owner().createNetServer().connectHandler(socket -> {
            socket.pause();
            if (spare.size() >= MAX_SPARE) {
                var _ = socket.close();
                return;
            }
            socket.closeHandler(closed -> spare.remove(socket));
            spare.addLast(socket);
            if (!reached) {
                reached = true;
                reachable.run();
            }
            match();
        });
        NetServer out = context.owner().createNetServer().connectHandler(socket -> {
            socket.pause();
            if (asking.size() >= MAX_ASKING) {
                var _ = socket.close();
                return;
            }
            socket.closeHandler(closed -> asking.remove(socket));
            asking.addLast(socket);
            match();
        });
        inner = in;
        outer = out;
        return in.listen(SocketAddress.domainSocketAddress(inside.toString()))
                .compose(listening -> out.listen(SocketAddress.domainSocketAddress(outside.toString())))
                .mapEmpty();
    }

    private void match() {
        while (!spare.isEmpty() && !asking.isEmpty()) {
            NetSocket server = spare.removeFirst();
            NetSocket client = asking.removeFirst();
            join(server, client);
            join(client, server);
        }
    }

    private static void join(NetSocket from, NetSocket to) {
        from.closeHandler(closed -> to.close());
        from.pipeTo(to).onFailure(failure -> from.close());
        from.resume();
    }

    void close() {
        for (NetServer server : new NetServer[] {inner, outer}) {
            if (server != null) {
                var _ = server.close();
            }
        }
    }
}
