package dev.basalt.data.error;

import dev.basalt.api.ErrorCode;

/** An error that PostgreSQL raised: its SQLSTATE as the code, and the status that the dialect gives it. */
public record PostgresError(int status, String code, String title) implements ErrorCode {}
