package dev.basalt.control.migration;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.OffsetDateTime;

/**
 * A migration that is applied.
 *
 * @param checksum SHA-256 in hexadecimal
 * @param millis what applying it took
 */
record AppliedMigration(BigDecimal version, String name, String checksum, OffsetDateTime appliedAt, int millis) {
    /** The columns that {@link #of} reads. */
    static final String COLUMNS = "version, name, checksum, applied_at, millis";

    static AppliedMigration of(Row row) {
        return new AppliedMigration(
                row.getBigDecimal("version"),
                row.getString("name"),
                row.getString("checksum"),
                row.getOffsetDateTime("applied_at"),
                row.getInteger("millis"));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("version", version.toPlainString())
                .put("name", name)
                .put("checksum", checksum)
                .put("appliedAt", appliedAt.toString())
                .put("millis", millis);
    }
}
