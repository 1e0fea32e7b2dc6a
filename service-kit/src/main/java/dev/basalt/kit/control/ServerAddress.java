package dev.basalt.kit.control;

import dev.basalt.kit.secret.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** A PostgreSQL server, its administrator and the control database there, as read from a connection URL. */
public record ServerAddress(String host, int port, String user, Secret password, String database) {
    /**
     * Reads {@code postgresql://user:password@host:port/database}; user and password are percent-decoded.
     *
     * @throws IllegalArgumentException without the URL, which may hold a password, in its message
     */
    public static ServerAddress parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw invalid("it does not parse");
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw invalid("its scheme is not postgresql");
        }
        var userInfo = uri.getRawUserInfo();
        if (uri.getHost() == null || userInfo == null) {
            throw invalid("it lacks a host or a user");
        }
        var colon = userInfo.indexOf(':');
        var user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        var password = colon < 0 ? "" : userInfo.substring(colon + 1);
        var path = uri.getPath();
        return new ServerAddress(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                decode(user),
                new Secret(decode(password)),
                path == null || path.length() < 2 ? "basalt" : path.substring(1));
    }

    /** The JDBC URL of a database on this server, without credentials. */
    public String jdbcUrl(String databaseName) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + databaseName;
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException invalid(String why) {
        return new IllegalArgumentException(
                "BASALT_DATABASE_URL is not postgresql://user:password@host:port/database: " + why);
    }
}
