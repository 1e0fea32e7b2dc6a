package dev.basalt.kit.schema;

import dev.basalt.kit.caller.ApiKeyFormat;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.KeyKind;
import dev.basalt.kit.project.SigningKey;
import dev.basalt.kit.secret.RandomToken;
import dev.basalt.kit.secret.Secret;
import dev.basalt.kit.secret.SecretBox;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Creates projects: claims a blank database from the stock and writes the project, its keys and its signing key in one
 * transaction. Safe for use by any thread.
 */
@ApplicationScoped
public class ProjectFactory {
    private static final Logger LOG = Logger.getLogger(ProjectFactory.class);
    private static final int CLAIM_ATTEMPTS = 10;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CLAIM = """
            update project_databases set state = 'assigned', project_id = $1
            where name = (select name from project_databases where state = 'stock'
              order by created_at limit 1 for update skip locked)
            returning name""";

    private final ControlDatabase database;
    private final Installation installation;
    private final SecretBox secrets;

    @Inject
    public ProjectFactory(ControlDatabase database, Installation installation, SecretBox secrets) {
        this.database = database;
        this.installation = installation;
        this.secrets = secrets;
    }

    /** A project just made, with its keys: the only time that the secret one is readable. */
    public record NewProject(UUID id, String ref, String publishableKey, Secret secretKey) {}

    /** Fails with {@link ProjectError#REF_TAKEN}. Waits for a database to be made only when the stock has run out. */
    public Future<NewProject> create(String ref, String name) {
        return create(ref, name, CLAIM_ATTEMPTS)
                .recover(failure -> Future.failedFuture(asApiException(failure)))
                .onSuccess(created -> installation
                        .replenish()
                        .onFailure(failed -> LOG.warn("the stock of databases could not be filled up", failed)));
    }

    /** Others may claim what was just made, so an empty stock is filled up and claimed from more than once. */
    private Future<NewProject> create(String ref, String name, int attempts) {
        return claimAndWrite(ref, name)
                .recover(failure -> failure instanceof StockEmpty && attempts > 1
                        ? installation.replenish().compose(stocked -> create(ref, name, attempts - 1))
                        : Future.failedFuture(failure));
    }

    private Future<NewProject> claimAndWrite(String ref, String name) {
        var project = new NewProject(
                UUID.randomUUID(),
                ref,
                ApiKeyFormat.generate(KeyKind.PUBLISHABLE),
                new Secret(ApiKeyFormat.generate(KeyKind.SECRET)));
        return database.transaction(connection -> connection
                .preparedQuery("insert into projects (id, ref, name) values ($1, $2, $3)")
                .execute(Tuple.of(project.id(), ref, name))
                .compose(inserted -> connection.preparedQuery(CLAIM).execute(Tuple.of(project.id())))
                .compose(claimed -> claimed.size() == 0
                        // Rolls the project back: it is tried again once there is a database.
                        ? Future.failedFuture(new StockEmpty())
                        : write(connection, project).map(project)));
    }

    private static Throwable asApiException(Throwable failure) {
        return switch (failure) {
            case StockEmpty empty -> ApiException.of(ProjectError.NO_DATABASE);
            case PgException pg
            when UNIQUE_VIOLATION.equals(pg.getSqlState()) -> ApiException.of(ProjectError.REF_TAKEN);
            default -> failure;
        };
    }

    private Future<Void> write(SqlConnection connection, NewProject project) {
        var signing = TokenIssuer.generateKey();
        return addKey(connection, project.id(), KeyKind.PUBLISHABLE, project.publishableKey())
                .compose(added -> addKey(
                        connection,
                        project.id(),
                        KeyKind.SECRET,
                        project.secretKey().value()))
                .compose(added -> connection
                        .preparedQuery("""
                                insert into signing_keys (kid, project_id, state, public_key, private_key)
                                values ($1, $2, 'current', $3, $4)""")
                        .execute(Tuple.of(
                                signing.kid(),
                                project.id(),
                                Buffer.buffer(signing.pair().getPublic().getEncoded()),
                                Buffer.buffer(secrets.seal(
                                        SigningKey.PURPOSE,
                                        signing.pair().getPrivate().getEncoded())))))
                .mapEmpty();
    }

    /** Stores a key's hash, and the key itself only if it is meant for public pages. */
    public static Future<Void> addKey(SqlConnection connection, UUID projectId, KeyKind kind, String key) {
        return connection
                .preparedQuery("""
                        insert into api_keys (id, project_id, kind, hash, hint, value) values ($1, $2, $3, $4, $5, $6)""")
                .execute(Tuple.of(
                        UUID.randomUUID(),
                        projectId,
                        kind.name().toLowerCase(java.util.Locale.ROOT),
                        Buffer.buffer(RandomToken.sha256(key)),
                        key.substring(key.length() - ApiKeyFormat.HINT_LENGTH),
                        kind == KeyKind.PUBLISHABLE ? key : null))
                .mapEmpty();
    }

    private static final class StockEmpty extends RuntimeException {
        StockEmpty() {
            super("no blank database is in stock", null, false, false);
        }
    }
}
