package dev.basalt.data.rules;

import dev.basalt.kit.error.ApiException;
import dev.cel.common.CelSourceLocation;
import org.jspecify.annotations.Nullable;

/** A part of a rule that SQL can't say the same way, with its place as soon as that is known. */
final class InexpressibleException extends RuntimeException {
    private final String reason;
    private final @Nullable CelSourceLocation place;

    InexpressibleException(String reason) {
        this(reason, null);
    }

    InexpressibleException(String reason, @Nullable CelSourceLocation place) {
        super(reason, null, false, false);
        this.reason = reason;
        this.place = place;
    }

    /** The same with a place, unless it has one already: the innermost part is the one to blame. */
    InexpressibleException at(CelSourceLocation outer) {
        return place == null ? new InexpressibleException(reason, outer) : this;
    }

    ApiException refusal(RuleOperation operation) {
        int line = place == null ? 1 : place.getLine();
        int column = place == null ? 1 : place.getColumn() + 1;
        return ApiException.of(
                        RuleError.INVALID_RULE,
                        "The %s rule can't be used: line %d, column %d: %s"
                                .formatted(operation.ruleName(), line, column, reason))
                .with("rule", operation.ruleName())
                .with("line", line)
                .with("column", column);
    }
}
