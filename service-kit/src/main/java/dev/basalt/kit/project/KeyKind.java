package dev.basalt.kit.project;

/** What a project key may do. */
public enum KeyKind {
    /** May stand in a public page: acts as {@code anon}, or as the user whose token comes with it. */
    PUBLISHABLE,
    /** For servers only: acts as {@code service_role} and may administer the project. */
    SECRET
}
