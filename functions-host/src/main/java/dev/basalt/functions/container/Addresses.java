package dev.basalt.functions.container;

import dev.basalt.functions.egress.AddressRules;
import dev.basalt.kit.function.EgressRule;
import java.net.InetAddress;
import java.util.List;

/** Which addresses a function's URL may lead to: those that functions may call, and hosts that the
 * operator allows. Immutable. */
final class Addresses {
    private final AddressRules rules;
    private final List<EgressRule> allowed;

    /** @throws IllegalArgumentException if one of them names no host */
    Addresses(AddressRules rules, List<String> allowed) {
        this.rules = rules;
        this.allowed = allowed.stream()
                .map(text -> EgressRule.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "basalt.functions.http.allow: " + text + " is not a host, host:port or *.host")))
                .toList();
    }

    /** Whether a host may be called at this address, which its name led to. */
    boolean allows(String host, int port, InetAddress address) {
        return rules.allows(address) || allowed.stream().anyMatch(rule -> rule.allows(host, port));
    }
}
