package dev.basalt.kit.usage;

/** The service that a request is counted under. */
public enum Service {
    AUTH(1),
    DATA(2),
    STORAGE(3),
    FUNCTIONS(4),
    PLATFORM(5);

    private final int journalCode;

    Service(int journalCode) {
        this.journalCode = journalCode;
    }

    /** The number in the journal, which outlives a process: never change one. */
    int journalCode() {
        return journalCode;
    }

    static Service ofJournalCode(int code) {
        for (var service : values()) {
            if (service.journalCode == code) {
                return service;
            }
        }
        throw new IllegalArgumentException("no service has the journal code " + code);
    }

    /** The name in usage rows, metrics and logs. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
