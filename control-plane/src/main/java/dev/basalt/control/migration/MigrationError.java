package dev.basalt.control.migration;

import dev.basalt.api.ErrorCode;

/** The errors of pushing migrations. */
enum MigrationError implements ErrorCode {
    INVALID(422, "invalid_migration", "The migration can't be applied as it is written"),
    EDITED(409, "migration_edited", "A migration was changed after it was applied"),
    OUT_OF_ORDER(409, "migration_out_of_order", "A migration comes before one that is applied"),
    FAILED(422, "migration_failed", "PostgreSQL refused the migration"),
    BUSY(409, "migrations_running", "Another push is applying a migration");

    private final int status;
    private final String code;
    private final String title;

    MigrationError(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String title() {
        return title;
    }
}
