package dev.basalt.kit.hook;

import dev.basalt.api.ErrorCode;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What the before hooks of a write decided. */
public sealed interface HookVerdict {
    /**
     * The write goes on.
     *
     * @param record the row to write, changed or not; null for a delete
     */
    record Proceed(@Nullable JsonObject record) implements HookVerdict {}

    /**
     * The write is refused, by the hook's decision or because it failed and its failure refuses.
     *
     * @param status the HTTP status to answer, 400 to 599
     * @param code a code of the hook's own, or {@code hook_failed}, {@code hook_timeout}, {@code hook_invalid_answer}
     */
    record Reject(int status, String code, String message) implements HookVerdict, ErrorCode {
        /** A row that can't be written though it came from a hook. */
        public static Reject invalidAnswer(String message) {
            return new Reject(500, "hook_invalid_answer", message);
        }

        @Override
        public String title() {
            return "The write was refused";
        }

        /** The failure that tells the client. */
        public ApiException asFailure() {
            return ApiException.of(this, message);
        }
    }
}
