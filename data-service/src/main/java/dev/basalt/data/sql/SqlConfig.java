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
}
