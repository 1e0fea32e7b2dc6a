package dev.basalt.kit.project;

/** Whether a project answers requests. */
public enum ProjectStatus {
    /** Requests are answered. */
    ACTIVE,
    /** Data is kept; requests are refused with 503. */
    PAUSED,
    /** In its grace time before deletion; requests are refused as if it did not exist. */
    DELETING
}
