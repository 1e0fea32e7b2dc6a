package dev.basalt.data.sql;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** SQL with the secret key. */
@ConfigMapping(prefix = "basalt.data.sql")
public interface SqlConfig {
    /** PostgreSQL cancels a statement after this. */
    @WithDefault("PT60S")
    Duration statementTimeout();

    /** The most rows that one request may return. */
    @WithDefault("10000")
    int maxRows();

    /** The largest answer. */
    @WithDefault("16M")
    MemorySize maxBytes();

    /** The largest request. */
    @WithDefault("4M")
    MemorySize bodyLimit();

    /** The most statements in one {@code transaction}. */
    @WithDefault("500")
    int maxStatements();

    /** How long a stream may hold its connection; it breaks off after this, however slowly it is read. */
    @WithDefault("PT10M")
    Duration streamTimeout();

    /** About how much of a stream is fetched at a time. */
    @WithDefault("64K")
    MemorySize streamChunk();
}
