package dev.basalt.kit.schema;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * A fixed list of migrations beside this class. Named rather than scanned: scanning the class path costs start-up time
 * and depends on how the application is packaged.
 */
final class ClasspathMigrations implements ResourceProvider {
    static final List<String> CONTROL = List.of(
            "V1__projects_keys_usage.sql",
            "V2__functions.sql",
            "V3__function_aliases_and_secrets.sql",
            "V4__invocations_from_acceptance.sql",
            "V5__invocations_in_order.sql");
    static final List<String> PROJECT = List.of(
            "V1__schemas_auth_storage_events.sql",
            "V2__event_triggers.sql",
            "V3__documents.sql",
            "V4__app_migrations.sql",
            "V5__inline_claims.sql",
            "V6__claims_by_setting.sql",
            "V7__restore_collections.sql",
            "V8__cheaper_writes_of_documents.sql",
            "V9__indexes_under_policies.sql",
            "V10__announce_only_to_listeners.sql");

    private final String folder;
    private final List<String> names;

    ClasspathMigrations(String folder, List<String> names) {
        this.folder = folder;
        this.names = names;
    }

    /** The version of the last migration, for example {@code 1}. */
    static String latest(List<String> names) {
        var last = names.getLast();
        return last.substring(1, last.indexOf("__"));
    }

    @Override
    @SuppressWarnings("NullAway") // Flyway's own contract: null says that there is no such resource.
    public LoadableResource getResource(String name) {
        return names.contains(name) ? new Migration(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return names.stream()
                .filter(name -> name.startsWith(prefix))
                .<LoadableResource>map(Migration::new)
                .toList();
    }

    private final class Migration extends LoadableResource {
        private final String name;

        Migration(String name) {
            this.name = name;
        }

        @Override
        public Reader read() {
            var path = folder + "/" + name;
            try (var in = Objects.requireNonNull(ClasspathMigrations.class.getResourceAsStream(path), path)) {
                return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return folder + "/" + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return getAbsolutePath();
        }
    }
}
