package dev.basalt.sdk.documents;

import dev.basalt.sdk.http.Call;
import java.util.Map;
import java.util.Optional;

/** What must hold of a document before it is written. Immutable. */
sealed interface Precondition {
    /** Whatever is there. */
    record None() implements Precondition {}

    record Exists(boolean wanted) implements Precondition {}

    record Version(long number) implements Precondition {}

    /** As headers (RFC 9110, section 13.1). */
    default Call on(Call call) {
        return switch (this) {
            case None() -> call;
            case Exists(boolean wanted) -> wanted ? call.header("If-Match", "*") : call.header("If-None-Match", "*");
            case Version(long number) -> call.header("If-Match", "\"" + number + "\"");
        };
    }

    /** As it stands in a commit. */
    default Optional<Map<String, Object>> inCommit() {
        return switch (this) {
            case None() -> Optional.empty();
            case Exists(boolean wanted) -> Optional.of(Map.of("exists", wanted));
            case Version(long number) -> Optional.of(Map.of("version", number));
        };
    }
}
