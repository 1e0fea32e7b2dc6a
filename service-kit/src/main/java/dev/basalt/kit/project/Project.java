package dev.basalt.kit.project;

import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a request knows about its project: a snapshot from the control database, replaced as a whole when anything of it
 * changes. Immutable; {@code settings} must not be modified.
 *
 * @param ref the public name: a host label and a path segment
 * @param keys kind by lower-case hexadecimal SHA-256 of every key that is not revoked
 * @param signingKeys those that verify; exactly one is current
 */
public record Project(
        UUID id,
        String ref,
        ProjectStatus status,
        ProjectDatabase database,
        Map<String, KeyKind> keys,
        List<SigningKey> signingKeys,
        List<DataTrigger> triggers,
        JsonObject settings) {
    public Project {
        keys = Map.copyOf(keys);
        signingKeys = List.copyOf(signingKeys);
        triggers = List.copyOf(triggers);
    }

    /** The key that verifies tokens with this key id, if it is the project's. */
    public Optional<SigningKey> signingKey(String kid) {
        return signingKeys.stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    /** The key that signs new tokens. */
    public SigningKey currentSigningKey() {
        return signingKeys.stream()
                .filter(SigningKey::current)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("project " + ref + " has no current signing key"));
    }

    /** The triggers of a table for one kind of write, in the order in which they run; empty for most tables, and cheap to ask. */
    public List<DataTrigger> triggers(Moment moment, String table, Operation operation) {
        if (triggers.isEmpty()) {
            return List.of();
        }
        return triggers.stream()
                .filter(trigger -> trigger.moment() == moment
                        && trigger.table().equals(table)
                        && trigger.operations().contains(operation))
                .toList();
    }

    @Override
    public String toString() {
        return "Project[" + ref + "]";
    }
}
