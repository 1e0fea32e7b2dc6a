package dev.basalt.auth.session;

import dev.basalt.auth.user.AuditLog;
import dev.basalt.auth.user.AuditLog.Action;
import dev.basalt.auth.user.NewUser;
import dev.basalt.auth.user.User;
import dev.basalt.auth.user.UserStore;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sessions of projects' users, in {@code auth.sessions}. Safe for use by any thread. */
@ApplicationScoped
class SessionStore {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SIGN_UP = "with " + NewUser.INSERT + ", s as ("
            + NewSession.insert("u", NewUser.PARAMETERS + 1)
            // The address is the fifth of the session's parameters.
            + "), a as ("
            + AuditLog.insert(Action.USER_SIGNEDUP, "u", "$" + (NewUser.PARAMETERS + 4) + "::text")
            + ") select from u";

    private static final String CREDENTIALS = """
            select u.id, u.encrypted_password, u.email_confirmed_at is not null as confirmed,
              coalesce(u.banned_until > now(), false) as banned
            from auth.users u
            where lower(u.email) = $1 and not u.is_sso_user and u.deleted_at is null""";
    /** Only if the password is still the one that was verified: a change of it ends every session. */
    private static final String SIGN_IN =
            """
            with u as (
              update auth.users set last_sign_in_at = now(), updated_at = now(), encrypted_password = coalesce($3, $2)
              where id = $1 and encrypted_password = $2 and deleted_at is null
                and (banned_until is null or banned_until <= now())
              returning *),
            i as (update auth.identities set last_sign_in_at = now() from u where user_id = u.id and provider = 'email'),
            s as (%s),
            a as (%s)
            select %s from u""".formatted(NewSession.insert("u", 4), AuditLog.insert(Action.LOGIN, "u", "$8::text"), User.COLUMNS);

    /**
     * Rotation in one statement. Its conditions and new values are all of the one row, so that of two requests at once the
     * second, which waits for the first, sees what the first made of the row: it finds its token to be the parent now and
     * is answered with the same child.
     */
    private static final String REFRESH = """
            update auth.sessions s set
              refresh_parent_hash = case when s.refresh_hash = $2 then $2 else s.refresh_parent_hash end,
              refresh_hash = case when s.refresh_hash = $2 then $3 else s.refresh_hash end,
              refresh_seed = case when s.refresh_hash = $2 then $4 else s.refresh_seed end,
              refreshed_at = case when s.refresh_hash = $2 then now() else s.refreshed_at end,
              updated_at = now(), user_agent = $5, ip = $6::text::inet
            from auth.users u
            where s.id = $1 and u.id = s.user_id and u.deleted_at is null
              and (u.banned_until is null or u.banned_until <= now())
              and (s.not_after is null or s.not_after > now())
              and (s.refresh_hash = $2 or (s.refresh_parent_hash = $2
                and s.refreshed_at > now() - pg_catalog.make_interval(secs => $7::double precision)))
            returning s.aal, s.amr, s.refresh_seed, s.refresh_family_key,
            """ + User.COLUMNS;

    private static final String EXAMINE = """
            select s.refresh_family_key, s.refresh_hash = $2 as current, u.deleted_at is not null as deleted,
              coalesce(u.banned_until > now(), false) as banned, coalesce(s.not_after <= now(), false) as expired
            from auth.sessions s join auth.users u on u.id = s.user_id where s.id = $1""";
    private static final String REVOKE = """
            with gone as (delete from auth.sessions where id = $1 returning user_id),
            u as (select users.* from auth.users users join gone on users.id = gone.user_id),
            a as (%s)
            select from u""".formatted(AuditLog.insert(Action.TOKEN_REVOKED, "u", "$2::text"));
    private static final String SIGN_OUT = """
            with u as (
              select users.* from auth.users users where users.id = $1 and exists (
                select from auth.sessions where id = $2 and user_id = $1)),
            gone as (
              delete from auth.sessions s using u where s.user_id = u.id and case $3::text
                when 'GLOBAL' then true when 'LOCAL' then s.id = $2 else s.id <> $2 end),
            a as (%s)
            select from u""".formatted(AuditLog.insert(Action.LOGOUT, "u", "$4::text"));

    private final ProjectDatabases databases;

    @Inject
    SessionStore(ProjectDatabases databases) {
        this.databases = databases;
    }

    /** What a login is held against. */
    record Credentials(UUID userId, @Nullable String passwordHash, boolean confirmed, boolean banned) {
        @Override
        public String toString() {
            return "Credentials[" + userId + "]";
        }
    }

    /**
     * What is wrong with a refresh token that was not taken.
     *
     * @param ofFamily whether it was ever issued to the session it names
     * @param current whether it is the one to be used next
     */
    record Examination(boolean ofFamily, boolean current, boolean deleted, boolean banned, boolean expired) {}

    /** Stores a user with a first session; fails with {@link AuthError#USER_ALREADY_EXISTS}. */
    Future<User> signUp(RequestContext context, NewUser user, NewSession session) {
        return databases
                .platformTransaction(
                        context,
                        connection ->
                                UserStore.thenRead(connection, SIGN_UP, session.addTo(user.parameters()), user.id()))
                .recover(failure -> Future.failedFuture(worded(failure)));
    }

    /** What the user with this address must prove; empty if there is none. */
    Future<Optional<Credentials>> credentials(RequestContext context, String email) {
        return databases
                .platformQuery(context, CREDENTIALS, Tuple.of(email))
                .map(rows -> first(rows)
                        .map(row -> new Credentials(
                                row.getUUID("id"),
                                row.getString("encrypted_password"),
                                row.getBoolean("confirmed"),
                                row.getBoolean("banned"))));
    }

    /**
     * Opens a session; empty if the user changed since the password was verified.
     *
     * @param replacement a new hash to store, if any
     */
    Future<Optional<User>> signIn(
            RequestContext context,
            UUID userId,
            String verifiedHash,
            @Nullable String replacement,
            NewSession session) {
        return databases
                .platformQuery(context, SIGN_IN, session.addTo(Tuple.of(userId, verifiedHash, replacement)))
                .map(rows -> first(rows).map(User::of));
    }

    /** Exchanges a refresh token for the one that replaces it; empty if it is not taken. */
    Future<Optional<IssuedSession>> refresh(
            RequestContext context, RefreshToken token, ClientInfo client, Duration reuseInterval) {
        var seed = RefreshToken.random();
        var parameters = Tuple.tuple()
                .addValue(token.sessionId())
                .addValue(Buffer.buffer(token.hash()))
                .addValue(Buffer.buffer(token.nextHash(seed)))
                .addValue(Buffer.buffer(seed))
                .addValue(client.userAgent())
                .addValue(client.address())
                .addValue(reuseInterval.toMillis() / 1000.0);
        return databases
                .platformQuery(context, REFRESH, parameters)
                .map(rows -> first(rows)
                        .map(row -> new IssuedSession(
                                token.sessionId(),
                                User.of(row),
                                token.next(
                                        row.getBuffer("refresh_seed").getBytes(),
                                        row.getBuffer("refresh_family_key").getBytes()),
                                row.getString("aal"),
                                row.getJsonArray("amr"))));
    }

    /** Why a refresh token was not taken; empty if there is no such session. */
    Future<Optional<Examination>> examine(RequestContext context, RefreshToken token) {
        return databases
                .platformQuery(context, EXAMINE, Tuple.of(token.sessionId(), Buffer.buffer(token.hash())))
                .map(rows -> first(rows)
                        .map(row -> new Examination(
                                token.isOfFamily(
                                        row.getBuffer("refresh_family_key").getBytes()),
                                row.getBoolean("current"),
                                row.getBoolean("deleted"),
                                row.getBoolean("banned"),
                                row.getBoolean("expired"))));
    }

    /** Ends a session, because a token of it was used twice. */
    Future<Void> revoke(RequestContext context, UUID sessionId, @Nullable String address) {
        return databases
                .platformQuery(context, REVOKE, Tuple.of(sessionId, address))
                .mapEmpty();
    }

    /** Ends sessions of a user; answers whether the user is in this session. */
    Future<Boolean> signOut(RequestContext context, Caller.User caller, LogoutScope scope, @Nullable String address) {
        return databases
                .platformQuery(context, SIGN_OUT, Tuple.of(caller.id(), caller.sessionId(), scope.name(), address))
                .map(rows -> rows.size() > 0);
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    /** The project's own triggers run with a sign-up: what they raise is theirs, and not for the client. */
    private static Throwable worded(Throwable failure) {
        if (!(failure instanceof PgException pg)) {
            return failure;
        }
        if (UNIQUE_VIOLATION.equals(pg.getSqlState()) && "users_email_key".equals(pg.getConstraint())) {
            return ApiException.of(AuthError.USER_ALREADY_EXISTS);
        }
        return DatabaseFailure.asOutage(failure)
                .orElseGet(() -> ApiException.caused(AuthError.SAVING_USER_FAILED, failure));
    }
}
