package dev.basalt.kit.usage;

/** The service that a request is counted under. The order is part of the journal's format: only append. */
public enum Service {
    AUTH,
    DATA,
    STORAGE,
    FUNCTIONS,
    PLATFORM;

    /** The name in usage rows, metrics and logs. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
