package dev.basalt.data.rules;

import dev.basalt.api.ErrorCode;

/** The errors of access rules. */
public enum RuleError implements ErrorCode {
    /** Carries the members {@code rule}, {@code line} and {@code column}, both from 1. */
    INVALID_RULE(422, "invalid_rule", "An access rule can't be used");

    private final int status;
    private final String code;
    private final String title;

    RuleError(int status, String code, String title) {
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
