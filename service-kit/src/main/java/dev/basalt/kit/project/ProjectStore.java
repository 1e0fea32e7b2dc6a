package dev.basalt.kit.project;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.secret.Secret;
import dev.basalt.kit.secret.SecretBox;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads a project with all that a request needs of it in one statement. Safe for use by any thread. */
@ApplicationScoped
public class ProjectStore {
    /** The purpose under which database passwords are sealed. */
    public static final String PASSWORD_PURPOSE = "database-password";

    private static final String BY_REF = """
            select p.id, p.ref, p.status, p.triggers, p.settings, d.name as database_name, d.app_role, d.app_password,
              d.owner_role, d.owner_password, s.host, s.port,
              (select coalesce(json_agg(json_build_object('kind', k.kind, 'hash', encode(k.hash, 'hex'))), '[]')
                 from api_keys k where k.project_id = p.id and k.revoked_at is null) as keys,
              (select coalesce(json_agg(json_build_object('kid', j.kid, 'state', j.state,
                   'public', encode(j.public_key, 'hex'), 'private', encode(j.private_key, 'hex'))), '[]')
                 from signing_keys j where j.project_id = p.id and j.state <> 'revoked') as signing_keys
            from projects p
            join project_databases d on d.project_id = p.id
            join servers s on s.id = d.server_id
            where p.ref = $1 and p.deleted_at is null""";
    private static final String REF_BY_KEY = """
            select p.ref from api_keys k join projects p on p.id = k.project_id
            where k.hash = $1 and k.revoked_at is null and p.deleted_at is null""";

    private final ControlDatabase database;
    private final SecretBox secrets;

    @Inject
    public ProjectStore(ControlDatabase database, SecretBox secrets) {
        this.database = database;
        this.secrets = secrets;
    }

    Future<Optional<Project>> byRef(String ref) {
        return database.query(BY_REF, Tuple.of(ref)).map(rows -> first(rows).map(this::project));
    }

    Future<Optional<String>> refByKeyHash(String keyHash) {
        var hash = Buffer.buffer(HexFormat.of().parseHex(keyHash));
        return database.query(REF_BY_KEY, Tuple.of(hash))
                .map(rows -> first(rows).map(row -> row.getString(0)));
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    private Project project(Row row) {
        return new Project(
                row.getUUID("id"),
                row.getString("ref"),
                ProjectStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                new ProjectDatabase(
                        row.getString("host"),
                        row.getInteger("port"),
                        row.getString("database_name"),
                        row.getString("app_role"),
                        password(row.getBuffer("app_password")),
                        row.getString("owner_role"),
                        password(row.getBuffer("owner_password"))),
                keys((JsonArray) row.getJson("keys")),
                signingKeys((JsonArray) row.getJson("signing_keys")),
                DataTrigger.parse((JsonArray) row.getJson("triggers")),
                (JsonObject) row.getJson("settings"));
    }

    private Secret password(Buffer sealed) {
        return new Secret(new String(secrets.open(PASSWORD_PURPOSE, sealed.getBytes()), StandardCharsets.UTF_8));
    }

    private static Map<String, KeyKind> keys(JsonArray keys) {
        var kinds = new HashMap<String, KeyKind>();
        objects(keys)
                .forEach(key -> kinds.put(
                        key.getString("hash"),
                        KeyKind.valueOf(key.getString("kind").toUpperCase(Locale.ROOT))));
        return kinds;
    }

    private static List<SigningKey> signingKeys(JsonArray keys) {
        return objects(keys).stream()
                .map(key -> new SigningKey(
                        key.getString("kid"),
                        "current".equals(key.getString("state")),
                        publicKey(HexFormat.of().parseHex(key.getString("public"))),
                        key.getString("private")))
                .toList();
    }

    private static List<JsonObject> objects(JsonArray array) {
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }

    private static ECPublicKey publicKey(byte[] encoded) {
        try {
            return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored public key does not parse", e);
        }
    }
}
