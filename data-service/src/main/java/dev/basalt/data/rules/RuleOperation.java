package dev.basalt.data.rules;

import java.util.Locale;

/** What a rule allows. */
public enum RuleOperation {
    READ,
    CREATE,
    UPDATE,
    DELETE;

    /** The rule's name in a collection's definition. */
    public String ruleName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is a stored document, {@code resource}. */
    boolean hasStored() {
        return this != CREATE;
    }

    /** Whether there is a document to be written, {@code request.data}. */
    boolean hasWritten() {
        return this == CREATE || this == UPDATE;
    }
}
