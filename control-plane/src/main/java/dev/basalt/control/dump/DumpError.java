package dev.basalt.control.dump;

import dev.basalt.api.ErrorCode;

/** The errors of restoring. */
enum DumpError implements ErrorCode {
    NOT_BLANK(409, "project_not_blank", "The project holds data that a restore would mix with its own"),
    INVALID_DUMP(422, "invalid_dump", "The file is no whole dump"),
    FAILED(422, "restore_failed", "PostgreSQL refused a part of the dump");

    private final int status;
    private final String code;
    private final String title;

    DumpError(int status, String code, String title) {
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
