package dev.basalt.kit.function;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * One entry of an egress allow-list: {@code host}, {@code host:port}, or {@code *.host} for all names below one. Without a port
 * it means 80 and 443. It speaks of names alone: where a name may lead is the egress' own matter.
 *
 * @param host in lower case, without the {@code *.}
 */
public record EgressRule(String host, boolean below, OptionalInt port) {
    private static final Pattern RULE = Pattern.compile(
            "(\\*\\.)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::([0-9]{1,5}))?");
    private static final int MAX_HOST = 253;

    /** Reads an entry; nothing where it is none. */
    public static Optional<EgressRule> parse(String text) {
        var match = RULE.matcher(text.toLowerCase(Locale.ROOT));
        if (!match.matches() || match.group(2).length() > MAX_HOST) {
            return Optional.empty();
        }
        var port = match.group(3) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(match.group(3)));
        return port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)
                ? Optional.empty()
                : Optional.of(new EgressRule(match.group(2), match.group(1) != null, port));
    }

    /** Whether a connection to this name and port is meant. */
    public boolean allows(String name, int toPort) {
        var given = name.toLowerCase(Locale.ROOT);
        var named = below ? given.endsWith("." + host) : given.equals(host);
        return named && (port.isPresent() ? port.getAsInt() == toPort : toPort == 443 || toPort == 80);
    }

    @Override
    public String toString() {
        return (below ? "*." : "") + host + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
