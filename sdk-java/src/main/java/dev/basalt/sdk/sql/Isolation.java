package dev.basalt.sdk.sql;

import java.util.Locale;

/** How much a transaction sees of others that run at the same time, as PostgreSQL has it. */
public enum Isolation {
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE;

    /** As it stands in a request. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
