package dev.basalt.auth.user;

/**
 * The record of what happened to a project's users, in {@code auth.audit_log_entries}: written by the statement that
 * makes it happen, so that neither is without the other.
 */
public final class AuditLog {
    private AuditLog() {}

    /** What is recorded: GoTrue's actions and the log each belongs to. */
    public enum Action {
        USER_SIGNEDUP("team"),
        USER_MODIFIED("user"),
        USER_UPDATED_PASSWORD("user"),
        USER_DELETED("team"),
        LOGIN("account"),
        LOGOUT("account"),
        TOKEN_REVOKED("token");

        private final String log;

        Action(String log) {
            this.log = log;
        }

        private String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * An insert for a {@code with} clause.
     *
     * @param actors a row source of {@code auth.users} columns, each row of which is recorded
     * @param address an SQL expression of type text: where the request came from
     */
    public static String insert(Action action, String actors, String address) {
        return """
                insert into auth.audit_log_entries (id, payload, ip_address)
                  select pg_catalog.gen_random_uuid(), pg_catalog.jsonb_build_object('action', '%s'::text,
                    'log_type', '%s'::text, 'actor_id', actor.id, 'actor_username', coalesce(actor.email, actor.phone, ''),
                    'actor_via_sso', actor.is_sso_user), coalesce(%s, '')
                  from %s actor""".formatted(action.label(), action.log, address, actors);
    }
}
