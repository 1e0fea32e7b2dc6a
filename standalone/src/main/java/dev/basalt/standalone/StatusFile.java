package dev.basalt.standalone;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.project.ProjectDirectory;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * What {@code ./basalt status} shows: a file in the data directory that is there while every service answers, and follows
 * the list of projects.
 */
@ApplicationScoped
class StatusFile {
    private static final Logger LOG = Logger.getLogger(StatusFile.class);
    private static final String FILE = "status.json";
    private static final String PROJECTS = """
            select p.ref, (select k.value from api_keys k where k.project_id = p.id and k.revoked_at is null
              and k.kind = 'publishable' order by k.created_at limit 1) as key
            from projects p where p.deleted_at is null order by p.ref = 'default' desc, p.ref limit 1000""";

    private final ControlDatabase control;
    private final ProjectDirectory directory;
    private final Runtimes runtimes;
    private volatile boolean running;
    private volatile Isolation isolation = new Isolation(Isolation.Level.PROCESS, "not known yet");

    @Inject
    StatusFile(ControlDatabase control, ProjectDirectory directory, Runtimes runtimes) {
        this.runtimes = runtimes;
        this.control = control;
        this.directory = directory;
    }

    /** Writes the file, blocking, and keeps it up to date from now on. */
    void write() {
        isolation = runtimes.isolation();
        running = true;
        refresh().toCompletionStage().toCompletableFuture().join();
        directory.onChange(
                ref -> refresh().onFailure(failed -> LOG.warn("the status file could not be written", failed)));
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
        try {
            Main.running().data().delete(FILE);
        } catch (IOException e) {
            LOG.warn("the status file could not be removed", e);
        }
    }

    /** What the person who started it sees. */
    String welcome() {
        var standalone = Main.running();
        var keys = standalone.credentials().project(DefaultProject.REF).orElseThrow();
        return """

                Basalt is running.

                  URL              %s
                  publishable key  %s
                  secret key       %s
                  platform key     %s
                  data             %s

                Use it from an app (npm install @supabase/supabase-js; in a browser, or Node 22 and newer):

                  import { createClient } from '@supabase/supabase-js'
                  const basalt = createClient('%s', '%s')
                  console.log(await basalt.auth.signUp({ email: 'ann@example.com', password: 'correct horse' }))
                """.formatted(
                        url(),
                        keys.getString("publishableKey"),
                        keys.getString("secretKey"),
                        standalone.credentials().platformKey(),
                        standalone.data().path(),
                        url(),
                        keys.getString("publishableKey"));
    }

    static String url() {
        // Read late: where the port was 0, Quarkus puts the one it got here.
        var port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
        return "http://127.0.0.1:" + port;
    }

    private Future<Void> refresh() {
        return control.query(PROJECTS, Tuple.tuple()).map(rows -> {
            var standalone = Main.running();
            var projects = new JsonArray();
            rows.forEach(row -> {
                var known = standalone.credentials().project(row.getString("ref"));
                projects.add(new JsonObject()
                        .put("ref", row.getString("ref"))
                        .put("url", url())
                        .put("publishableKey", row.getString("key"))
                        .put(
                                "secretKey",
                                known.map(keys -> keys.getString("secretKey")).orElse(null)));
            });
            var status = new JsonObject()
                    .put("url", url())
                    .put("pid", ProcessHandle.current().pid())
                    .put("dataDir", standalone.data().path().toString())
                    .put("platformKey", standalone.credentials().platformKey())
                    .put(
                            "functions",
                            new JsonObject()
                                    .put("isolation", isolation.level().name().toLowerCase(Locale.ROOT))
                                    .put("reason", isolation.reason()))
                    .put("projects", projects);
            save(status);
            return null;
        });
    }

    private synchronized void save(JsonObject status) {
        if (!running) {
            return;
        }
        try {
            Main.running().data().write(FILE, status.encodePrettily() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
