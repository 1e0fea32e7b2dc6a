package dev.basalt.deploy.apart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The routes of {@code deploy/gateway/nginx.conf}, and that file made to run on this machine. Immutable. */
public final class GatewayRoutes {
    private static final Pattern LOCATION =
            Pattern.compile("location \\^~ (\\S+) \\{\\s*(?:#[^\n]*\\s*)*proxy_pass http://([a-z]+);");
    private static final Pattern NESTED = Pattern.compile("location ~ (\\S+) \\{\\s*proxy_pass http://([a-z]+);");
    private static final Pattern SERVER = Pattern.compile("server ([a-z]+):8000 resolve;");
    private static final String LISTEN = "listen 8000;";

    private final String source;
    private final List<Route> routes;
    private final List<PatternRoute> patterns;

    /** Paths that start with the prefix go to the service. */
    public record Route(String prefix, String service) {}

    /** Paths that the pattern is found in go to the service, whatever prefix they have. */
    public record PatternRoute(Pattern pattern, String service) {}

    private GatewayRoutes(String source, List<Route> routes, List<PatternRoute> patterns) {
        this.source = source;
        this.routes = routes;
        this.patterns = patterns;
    }

    /** Reads the gateway's configuration. */
    public static GatewayRoutes read(Path nginxConf) throws IOException {
        var source = Files.readString(nginxConf);
        var routes = new ArrayList<Route>();
        var matcher = LOCATION.matcher(source);
        while (matcher.find()) {
            routes.add(new Route(matcher.group(1), matcher.group(2)));
        }
        // As nginx chooses: the longest prefix that fits.
        routes.sort(Comparator.comparingInt((Route route) -> route.prefix().length())
                .reversed());
        var patterns = NESTED.matcher(source)
                .results()
                .map(found -> new PatternRoute(Pattern.compile(found.group(1)), found.group(2)))
                .toList();
        return new GatewayRoutes(source, List.copyOf(routes), patterns);
    }

    /** All routes, longest prefix first. */
    public List<Route> routes() {
        return routes;
    }

    /** The routes by patterns, which come before those by prefix. */
    public List<PatternRoute> patterns() {
        return patterns;
    }

    /** The services that are routed to. */
    public SortedSet<String> services() {
        var services = new TreeSet<String>();
        routes.forEach(route -> services.add(route.service()));
        return services;
    }

    /** The service that answers a path. */
    public Optional<String> serviceOf(@Nullable String path) {
        if (path == null) {
            return Optional.empty();
        }
        var byPattern = patterns.stream()
                .filter(route -> route.pattern().matcher(path).find())
                .map(PatternRoute::service)
                .findFirst();
        return byPattern.isPresent()
                ? byPattern
                : routes.stream()
                        .filter(route -> path.startsWith(route.prefix()))
                        .map(Route::service)
                        .findFirst();
    }

    /**
     * The configuration with loopback addresses in place of container names and a directory in place of {@code /tmp}.
     *
     * @param port where nginx listens
     * @param services the loopback port of each service
     * @throws IllegalStateException if the file has an upstream that no port is given for, or none at all
     */
    public String onThisMachine(int port, Map<String, Integer> services, Path directory) {
        if (!source.contains(LISTEN) || !SERVER.matcher(source).find()) {
            throw new IllegalStateException("the gateway's configuration has another shape than this expects");
        }
        return SERVER.matcher(source)
                .replaceAll(
                        found -> Matcher.quoteReplacement("server 127.0.0.1:" + port(services, found.group(1)) + ";"))
                .replace(LISTEN, "listen 127.0.0.1:" + port + ";")
                .replace("/tmp/", directory + "/");
    }

    private static int port(Map<String, Integer> services, String name) {
        var port = services.get(name);
        if (port == null) {
            throw new IllegalStateException("the gateway routes to " + name + ", which does not run");
        }
        return port;
    }
}
