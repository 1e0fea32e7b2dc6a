package dev.basalt.functions.egress;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An absolute http or https URL, cut into what a request needs. What a worker sends is a stranger's and read strictly: nothing
 * in here can end a line of a request or leave its part of one.
 *
 * @param host in lower case, an IPv6 address without its brackets
 * @param path with its query; starts with a slash
 */
record Target(boolean ssl, String host, int port, String path) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MAX_LENGTH = 64 << 10;
    private static final Pattern URL = Pattern.compile(
            "(?i)(https?)://(\\[[0-9a-f:.]{2,45}]|[a-z0-9._~-]{1,253})(?::([0-9]{1,5}))?([/?][\\x21-\\x7e&&[^#]]*)?(?:#.*)?");

    static Target parse(String url) throws EgressException {
        Matcher match = URL.matcher(url);
        if (url.length() > MAX_LENGTH || !match.matches()) {
            throw new EgressException("only plain http and https URLs can be fetched");
        }
        boolean ssl = match.group(1).length() == 5;
        int port = match.group(3) == null ? (ssl ? HTTPS : HTTP) : Integer.parseInt(match.group(3));
        if (port < 1 || port > 65_535) {
            throw new EgressException("port " + port + " is none");
        }
        String host = match.group(2).toLowerCase(Locale.ROOT);
        String path = match.group(4) == null ? "/" : match.group(4);
        return new Target(
                ssl,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port,
                path.startsWith("/") ? path : "/" + path);
    }

    /** Where a redirect from here leads. */
    Target redirect(String location) throws EgressException {
        try {
            return parse(URI.create(toString()).resolve(legal(location)).toString());
        } catch (IllegalArgumentException e) {
            throw new EgressException("a redirect leads to no URL");
        }
    }

    /** The URL with what {@link URI} does not take, and browsers do, percent-encoded. */
    private static String legal(String url) {
        StringBuilder out = new StringBuilder(url.length());
        for (byte b : url.strip().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c > 0x20 && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    boolean sameOrigin(Target other) {
        return ssl == other.ssl && port == other.port && host.equals(other.host);
    }

    /** The host with its port where that is not the scheme's own, as the Host header has it. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (ssl ? HTTPS : HTTP) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return (ssl ? "https://" : "http://") + authority() + legal(path);
    }
}
