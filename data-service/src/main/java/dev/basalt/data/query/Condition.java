package dev.basalt.data.query;

import java.util.List;

/** A condition on rows: one filter, or several joined by {@code and} or {@code or}. */
public sealed interface Condition {
    /** {@code field=not.op.value}. */
    record Filter(Field field, boolean negated, Operation operation) implements Condition {}

    /** {@code not.or=(…)}; never empty. */
    record Group(boolean negated, Logic logic, List<Condition> members) implements Condition {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** How the members of a group are joined. */
    enum Logic {
        AND,
        OR
    }
}
