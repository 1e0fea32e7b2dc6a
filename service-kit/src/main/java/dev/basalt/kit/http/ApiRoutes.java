package dev.basalt.kit.http;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ErrorDialect;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Where services register their endpoints. Used during start-up only. */
public final class ApiRoutes {
    private static final String ALLOWED = "basalt.allowed";

    private final Vertx vertx;
    private final Router router;
    private final RequestChain chain;
    private final long defaultBodyLimit;
    private final Set<String> prefixes = new HashSet<>();
    /** The methods that a path takes, by the path as it is registered. */
    private final Map<String, Set<String>> methods = new HashMap<>();
    /** By the first segment of the path: a request is compared with the routes of one service only. */
    private final Map<String, Router> routers = new HashMap<>();

    ApiRoutes(Vertx vertx, Router router, RequestChain chain, long defaultBodyLimit) {
        this.vertx = vertx;
        this.router = router;
        this.chain = chain;
        this.defaultBodyLimit = defaultBodyLimit;
    }

    /**
     * An API under a path prefix, in one dialect. What no endpoint of it takes is answered 404 in that dialect, or 405 with
     * the methods that endpoints at the path take.
     *
     * @param prefix for example {@code /auth/v1}
     */
    public Api api(Service service, String prefix, ErrorDialect dialect) {
        var api = new Api(service, prefix, dialect, defaultBodyLimit);
        if (prefixes.add(prefix)) {
            answerTheRest(service, prefix, dialect);
        }
        return api;
    }

    private Router routes(String prefix) {
        return routers.computeIfAbsent(first(prefix), first -> {
            var routes = Router.router(vertx);
            router.route(first + "/*").subRouter(routes);
            return routes;
        });
    }

    private static String first(String prefix) {
        return prefix.substring(0, prefix.length() - rest(prefix).length());
    }

    private static String rest(String prefix) {
        int end = prefix.indexOf('/', 1);
        return end < 0 ? "" : prefix.substring(end);
    }

    private void answerTheRest(Service service, String prefix, ErrorDialect dialect) {
        var routes = routes(prefix);
        routes.route(rest(prefix) + "/*")
                .order(Integer.MAX_VALUE)
                .handler(routing -> chain.run(
                        routing,
                        new Endpoint(
                                service,
                                "unknown",
                                Access.OPEN,
                                defaultBodyLimit,
                                dialect,
                                _ -> Future.failedFuture(refusal(routing)))));
        routes.options(rest(prefix) + "/*").order(-1).handler(chain::preflight);
    }

    private static ApiException refusal(RoutingContext routing) {
        Set<String> allowed = routing.get(ALLOWED);
        return allowed == null
                ? ApiException.of(KitError.NOT_FOUND)
                : ApiException.of(KitError.METHOD_NOT_ALLOWED).withHeader("Allow", String.join(", ", allowed));
    }

    /** Tells whoever answers a request that no endpoint took which methods its path has. */
    private void allow(String path, HttpMethod method, Supplier<Route> route) {
        var all = methods.computeIfAbsent(path, _ -> new TreeSet<>());
        if (all.isEmpty()) {
            route.get().order(Integer.MAX_VALUE - 1).handler(routing -> {
                var allowed = new TreeSet<>(all);
                Set<String> others = routing.get(ALLOWED);
                if (others != null) {
                    allowed.addAll(others);
                }
                routing.put(ALLOWED, allowed).next();
            });
        }
        all.add(method.name());
    }

    /** One API while its endpoints are registered. */
    public final class Api {
        private final Service service;
        private final String prefix;
        private final ErrorDialect dialect;
        private final long bodyLimit;

        private Api(Service service, String prefix, ErrorDialect dialect, long bodyLimit) {
            this.service = service;
            this.prefix = prefix;
            this.dialect = dialect;
            this.bodyLimit = bodyLimit;
        }

        /** The same API with another body limit, in bytes, for the endpoints that are registered through it. */
        public Api withBodyLimit(long bytes) {
            return new Api(service, prefix, dialect, bytes);
        }

        /**
         * Adds an endpoint.
         *
         * @param path below the prefix, in the Vert.x Web syntax: {@code /user/:id}, {@code /object/*}
         * @param operation what the request is counted as: at most 40 characters, of low cardinality
         */
        public Api route(HttpMethod method, String path, String operation, Access access, Handler handler) {
            var endpoint = new Endpoint(service, operation, access, bodyLimit, dialect, handler);
            routes(prefix).route(method, rest(prefix) + path).handler(routing -> chain.run(routing, endpoint));
            allow(prefix + path, method, () -> routes(prefix).route(rest(prefix) + path));
            return this;
        }

        /**
         * Adds an endpoint whose path no pattern of Vert.x Web says. Goes before all that have one.
         *
         * @param path below the prefix, as a regular expression
         */
        public Api matching(HttpMethod method, String path, String operation, Access access, Handler handler) {
            var endpoint = new Endpoint(service, operation, access, bodyLimit, dialect, handler);
            var regex = Pattern.quote(rest(prefix)) + path;
            routes(prefix).routeWithRegex(method, regex).order(-1).handler(routing -> chain.run(routing, endpoint));
            allow(prefix + path, method, () -> routes(prefix).routeWithRegex(regex));
            routes(prefix).routeWithRegex(HttpMethod.OPTIONS, regex).order(-1).handler(chain::preflight);
            return this;
        }

        public Api get(String path, String operation, Access access, Handler handler) {
            return route(HttpMethod.GET, path, operation, access, handler);
        }

        public Api post(String path, String operation, Access access, Handler handler) {
            return route(HttpMethod.POST, path, operation, access, handler);
        }

        public Api put(String path, String operation, Access access, Handler handler) {
            return route(HttpMethod.PUT, path, operation, access, handler);
        }

        public Api patch(String path, String operation, Access access, Handler handler) {
            return route(HttpMethod.PATCH, path, operation, access, handler);
        }

        public Api delete(String path, String operation, Access access, Handler handler) {
            return route(HttpMethod.DELETE, path, operation, access, handler);
        }
    }

    /** A registered endpoint. */
    record Endpoint(
            Service service, String operation, Access access, long bodyLimit, ErrorDialect dialect, Handler handler) {}
}
