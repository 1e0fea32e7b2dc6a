package dev.basalt.auth.user;

import dev.basalt.auth.user.AuditLog.Action;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The users of projects, in {@code auth.users} and {@code auth.identities}. Safe for use by any thread. */
@ApplicationScoped
public class UserStore {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FIND = "select " + User.COLUMNS + """
            , u.encrypted_password, exists (select from auth.sessions s where s.id = $2 and s.user_id = u.id
                and (s.not_after is null or s.not_after > now())) as in_session
            from auth.users u where u.id = $1 and u.deleted_at is null""";
    private static final String FIND_FOR_UPDATE = FIND + " for update of u";
    private static final String READ = "select " + User.COLUMNS + " from auth.users u where u.id = $1";
    private static final String DELETE =
            "with u as (delete from auth.users where id = $1 and deleted_at is null returning *), a as ("
                    + AuditLog.insert(Action.USER_DELETED, "u", "$2::text")
                    + ") select from u";
    /** The row stays for what refers to it; nothing in it tells any more who it was. */
    private static final String SOFT_DELETE = """
            with u as (select * from auth.users where id = $1 and deleted_at is null for update),
            gone as (
              update auth.users t set deleted_at = now(), updated_at = now(), encrypted_password = null, phone = null,
                email = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(t.id::text || t.email, 'UTF8')), 'hex'),
                email_change = null, phone_change = null, raw_user_meta_data = '{}', raw_app_meta_data = '{}'
              from u where t.id = u.id),
            i as (delete from auth.identities using u where user_id = u.id),
            s as (delete from auth.sessions using u where user_id = u.id),
            a as (%s)
            select from u""".formatted(AuditLog.insert(Action.USER_DELETED, "u", "$2::text"));

    private static final String CREATE = "with " + NewUser.INSERT + ", a as ("
            + AuditLog.insert(Action.USER_SIGNEDUP, "u", "$10::text")
            + ") select from u";
    private static final String LIST = "select " + User.COLUMNS + """
            , count(*) over () as total from auth.users u where u.deleted_at is null
            order by u.created_at desc, u.id limit $1 offset $2""";

    private final ProjectDatabases databases;

    @Inject
    public UserStore(ProjectDatabases databases) {
        this.databases = databases;
    }

    /** Some users and how many there are in all. */
    public record Page(java.util.List<User> users, long total) {
        public Page {
            users = java.util.List.copyOf(users);
        }
    }

    /** The user with this id, and whether it is in this session; empty if there is none, or no more. */
    public Future<Optional<StoredUser>> find(RequestContext context, UUID id, @Nullable UUID sessionId) {
        return databases.platformQuery(context, FIND, Tuple.of(id, sessionId)).map(UserStore::stored);
    }

    /**
     * Changes a user, whom no other request changes meanwhile.
     *
     * @param rule what the user is to be; empty if there is none; where it fails nothing changes
     * @return fails with {@link AuthError#EMAIL_EXISTS} besides
     */
    public Future<User> update(
            RequestContext context,
            UUID id,
            @Nullable UUID sessionId,
            @Nullable String address,
            Function<Optional<StoredUser>, Future<UserUpdate>> rule) {
        return databases
                .platformTransaction(
                        context,
                        connection -> connection
                                .preparedQuery(FIND_FOR_UPDATE)
                                .execute(Tuple.of(id, sessionId))
                                .map(UserStore::stored)
                                .compose(rule)
                                .compose(update -> write(connection, id, update, address)))
                .recover(failure -> Future.failedFuture(worded(failure)));
    }

    private static Future<User> write(SqlConnection connection, UUID id, UserUpdate update, @Nullable String address) {
        var parameters = Tuple.tuple()
                .addValue(id)
                .addValue(update.email())
                .addValue(update.emailConfirmedAt())
                .addValue(update.passwordHash())
                .addValue(update.metadata().user())
                .addValue(update.metadata().app())
                .addValue(update.role())
                .addValue(update.bannedUntil())
                .addValue(update.anonymous())
                .addValue(update.newAddress())
                .addValue(update.endSessions())
                .addValue(update.exceptSession())
                .addValue(address);
        return thenRead(connection, update(update.action()), parameters, id);
    }

    /**
     * Runs a statement that writes a user and then reads the user, in one round trip: by itself the statement does not
     * see what it wrote, nor what the project's own triggers made of it.
     */
    public static Future<User> thenRead(SqlConnection connection, String sql, Tuple parameters, UUID id) {
        var written = connection.preparedQuery(sql).execute(parameters);
        var read = connection.preparedQuery(READ).execute(Tuple.of(id));
        return Future.join(written, read)
                .transform(both -> written.failed() ? written : read)
                .map(rows -> User.of(rows.iterator().next()));
    }

    /** Stores a user without a session; fails with {@link AuthError#EMAIL_EXISTS}. */
    public Future<User> create(RequestContext context, NewUser user, @Nullable String address) {
        return databases
                .platformTransaction(
                        context,
                        connection ->
                                thenRead(connection, CREATE, user.parameters().addValue(address), user.id()))
                .recover(failure -> Future.failedFuture(worded(failure)));
    }

    /** Users by age, the newest first. */
    public Future<Page> list(RequestContext context, int limit, long offset) {
        return databases.platformQuery(context, LIST, Tuple.of(limit, offset)).map(rows -> {
            var users = new java.util.ArrayList<User>();
            var total = 0L;
            for (var row : rows) {
                users.add(User.of(row));
                total = row.getLong("total");
            }
            return new Page(users, total);
        });
    }

    /**
     * Deletes a user with everything that is the user's in the schema {@code auth}.
     *
     * @param softly whether the row stays, without anything that tells who it was
     * @return whether there was one
     */
    public Future<Boolean> delete(RequestContext context, UUID id, boolean softly, @Nullable String address) {
        return databases
                .platformQuery(context, softly ? SOFT_DELETE : DELETE, Tuple.of(id, address))
                .map(rows -> rows.size() > 0);
    }

    /** The same, if a rule lets the user go, whom no other request changes meanwhile; where it fails nothing changes. */
    public Future<Boolean> delete(
            RequestContext context,
            UUID id,
            boolean softly,
            @Nullable String address,
            Function<User, Future<Void>> rule) {
        return databases.platformTransaction(
                context,
                connection -> connection
                        .preparedQuery(FIND_FOR_UPDATE)
                        .execute(Tuple.of(id, (Object) null))
                        .map(UserStore::stored)
                        .compose(found -> found.isEmpty()
                                ? Future.succeededFuture(false)
                                : rule.apply(found.get().user())
                                        .compose(_ -> connection
                                                .preparedQuery(softly ? SOFT_DELETE : DELETE)
                                                .execute(Tuple.of(id, address)))
                                        .map(true)));
    }

    private static String update(Action action) {
        return """
                with u as (
                  update auth.users set email = $2, email_confirmed_at = $3, encrypted_password = $4,
                    raw_user_meta_data = $5, raw_app_meta_data = $6, role = $7, banned_until = $8, is_anonymous = $9,
                    updated_at = now()
                  where id = $1 returning *),
                i as (
                  insert into auth.identities (id, provider_id, user_id, identity_data, provider)
                  select pg_catalog.gen_random_uuid(), u.id::text, u.id, pg_catalog.jsonb_build_object('sub', u.id, 'email',
                    u.email, 'email_verified', u.email_confirmed_at is not null, 'phone_verified', false), 'email'
                  from u where $10::boolean
                  on conflict (provider_id, provider) do update set identity_data = excluded.identity_data,
                    updated_at = now()),
                s as (
                  delete from auth.sessions where user_id = $1 and $11::boolean and id is distinct from $12::uuid),
                a as (%s)
                select from u""".formatted(AuditLog.insert(action, "u", "$13::text"));
    }

    private static Optional<StoredUser> stored(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        var row = rows.iterator().next();
        return Optional.of(
                new StoredUser(User.of(row), row.getString("encrypted_password"), row.getBoolean("in_session")));
    }

    private static Throwable worded(Throwable failure) {
        if (failure instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState())) {
            return ApiException.of(AuthError.EMAIL_EXISTS);
        }
        return failure;
    }
}
