package dev.basalt.standalone;

import dev.basalt.kit.caller.ApiKeyFormat;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The secrets that one installation on one machine keeps for its owner, in files of mode 0600 in the data directory: the
 * master key, the operator's key and the keys of projects made here. The database holds the hashes of keys alone.
 */
final class Credentials {
    private static final String FILE = "credentials.json";
    private static final int MASTER_KEY_BYTES = 32;
    private final DataDirectory data;
    private final JsonObject content;

    private Credentials(DataDirectory data, JsonObject content) {
        this.data = data;
        this.content = content;
    }

    /** Reads the credentials, making what is missing. */
    static Credentials load(DataDirectory data) {
        try {
            var text = data.read(FILE);
            var credentials = new Credentials(data, text == null ? new JsonObject() : new JsonObject(text));
            if (!credentials.content.containsKey("masterKey")) {
                var key = new byte[MASTER_KEY_BYTES];
                new SecureRandom().nextBytes(key);
                credentials.content.put("masterKey", Base64.getEncoder().encodeToString(key));
            }
            if (!credentials.content.containsKey("platformKey")) {
                credentials.content.put("platformKey", ApiKeyFormat.generatePlatformKey());
            }
            credentials.save();
            return credentials;
        } catch (IOException e) {
            throw new StartupException("the credentials in " + data.path() + " can't be read: " + e.getMessage());
        }
    }

    String masterKey() {
        return content.getString("masterKey");
    }

    String platformKey() {
        return content.getString("platformKey");
    }

    /** A project's keys as {@code {publishableKey, secretKey}}, if they were made here. */
    Optional<JsonObject> project(String ref) {
        return Optional.ofNullable(
                content.getJsonObject("projects", new JsonObject()).getJsonObject(ref));
    }

    synchronized void remember(String ref, String publishableKey, String secretKey) {
        var projects = content.getJsonObject("projects", new JsonObject());
        projects.put(ref, new JsonObject().put("publishableKey", publishableKey).put("secretKey", secretKey));
        content.put("projects", projects);
        try {
            save();
        } catch (IOException e) {
            throw new UncheckedIOException("the credentials could not be written", e);
        }
    }

    private void save() throws IOException {
        data.write(FILE, content.encodePrettily());
    }
}
