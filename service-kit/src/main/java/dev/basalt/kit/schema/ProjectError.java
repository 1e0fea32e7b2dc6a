package dev.basalt.kit.schema;

import dev.basalt.api.ErrorCode;

/** Errors of making a project. */
public enum ProjectError implements ErrorCode {
    REF_TAKEN(409, "project_exists", "A project with this ref exists"),
    NO_DATABASE(503, "no_database", "No database could be made for the project; try again shortly");

    private final int status;
    private final String code;
    private final String title;

    ProjectError(int status, String code, String title) {
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
