package dev.basalt.sdk.sql;

import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL over HTTP, for the project's own server: it needs the secret key. While a user is signed in, it runs as that user under
 * row-level security; else as the owner of the project's tables. Thread-safe.
 */
public final class SqlClient {
    private final Transport transport;
    private final BearerSource bearer;

    public SqlClient(Transport transport, BearerSource bearer) {
        this.transport = transport;
        this.bearer = bearer;
    }

    /**
     * A statement.
     *
     * @param sql with {@code $1}, {@code $2} and so on for parameters; without parameters it may be several statements, which run
     *     as one transaction and answer what the last one does
     * @param parameters text, numbers, truth values, times, UUIDs, enums, {@code byte[]} for {@code bytea}; a list for an array; a
     *     map, list or record for {@code json}; {@code null} for NULL
     */
    public SqlQuery query(String sql, @Nullable Object... parameters) {
        return new SqlQuery(transport, bearer, new Statement(sql, parameters), null, false);
    }

    /** Statements that run one after the other in one transaction, all or none. */
    public SqlTransaction transaction(Statement... statements) {
        return new SqlTransaction(transport, bearer, List.of(statements), null, false);
    }
}
