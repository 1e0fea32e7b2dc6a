package dev.basalt.data.sql;

import dev.basalt.api.ErrorCode;

/** The errors of the SQL API. */
public enum SqlError implements ErrorCode {
    INVALID_REQUEST(400, "invalid_sql_request", "The request holds no statement that can run"),
    STATEMENT_FAILED(400, "sql_error", "PostgreSQL refused the statement"),
    CONFLICT(409, "sql_conflict", "The statement conflicts with what is there"),
    FORBIDDEN(403, "sql_forbidden", "The statement is not allowed"),
    SERVER_FAILED(500, "sql_server_error", "PostgreSQL failed to run the statement"),
    UNREADABLE_VALUE(422, "unreadable_value", "A value of the result can't be told here; cast it to text"),
    ROW_CAP(422, "row_cap_exceeded", "The result has more rows than allowed"),
    BYTE_CAP(422, "byte_cap_exceeded", "The result is larger than allowed"),
    TIME_CAP(422, "time_cap_exceeded", "The statement ran longer than allowed and was cancelled");

    private final int status;
    private final String code;
    private final String title;

    SqlError(int status, String code, String title) {
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
