package dev.basalt.deploy.apart;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The one address before the services, routing by prefix as {@code deploy/gateway/nginx.conf} says. */
sealed interface Front extends AutoCloseable {
    /** What it is, for those who read the output. */
    String kind();

    /** Whether it still runs. */
    boolean isAlive();

    @Override
    void close();

    /** Starts nginx where it is installed, else a stand-in with the same routes. */
    static Front start(GatewayRoutes routes, int port, Map<String, Integer> services, Path directory)
            throws IOException {
        var nginx = ChildProcess.program("nginx");
        return nginx.isPresent()
                ? Nginx.start(nginx.get(), routes, port, services, directory)
                : InProcess.start(routes, port, services);
    }

    /** The gateway as it is deployed. */
    record Nginx(ChildProcess process) implements Front {
        static Nginx start(Path program, GatewayRoutes routes, int port, Map<String, Integer> services, Path directory)
                throws IOException {
            Files.createDirectories(directory);
            var conf = directory.resolve("nginx.conf");
            Files.writeString(conf, routes.onThisMachine(port, services, directory));
            return new Nginx(ChildProcess.start(
                    "nginx",
                    List.of(program.toString(), "-p", directory.toString(), "-c", conf.toString(), "-g", "daemon off;"),
                    Map.of(),
                    directory));
        }

        @Override
        public String kind() {
            return "nginx";
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** A reverse proxy in this process. */
    record InProcess(Vertx vertx) implements Front {
        static InProcess start(GatewayRoutes routes, int port, Map<String, Integer> services) throws IOException {
            var vertx = Vertx.vertx();
            var client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(256));
            var proxies = new HashMap<String, HttpProxy>();
            services.forEach((service, target) -> proxies.put(service, proxy(client, target)));
            try {
                vertx.createHttpServer()
                        .requestHandler(request -> route(request, routes, proxies))
                        .listen(port, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            } catch (Exception failed) {
                vertx.close();
                throw new IOException("the front did not start", failed);
            }
            return new InProcess(vertx);
        }

        private static HttpProxy proxy(HttpClient client, int target) {
            return HttpProxy.reverseProxy(client)
                    .origin(SocketAddress.inetSocketAddress(target, "127.0.0.1"))
                    .addInterceptor(new ProxyInterceptor() {
                        @Override
                        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
                            var request = context.request();
                            // The host names the project.
                            request.setAuthority(request.proxiedRequest().authority());
                            return context.sendRequest();
                        }
                    });
        }

        private static void route(HttpServerRequest request, GatewayRoutes routes, Map<String, HttpProxy> proxies) {
            var proxy = routes.serviceOf(request.path()).map(proxies::get);
            if (proxy.isPresent()) {
                proxy.get().handle(request);
            } else {
                request.response().setStatusCode(404).end();
            }
        }

        @Override
        public String kind() {
            return "a front in this process, since nginx is not installed";
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public void close() {
            vertx.close();
        }
    }
}
