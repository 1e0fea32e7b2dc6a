package dev.basalt.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application, started and stopped as its owner does it. */
class LifecycleIT {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private RunningBasalt basalt(String name) {
        return new RunningBasalt(directory.resolve(name), Map.of());
    }

    private static long rows(RunningBasalt basalt) {
        return new JsonObject(basalt.sql("select count(*) from notes").body())
                .getJsonArray("rows")
                .getJsonObject(0)
                .getLong("count");
    }

    @Test
    void upShowsWhatIsNeededAndKeepsItsDataToItself() throws IOException {
        try (var basalt = basalt("one")) {
            var outcome = basalt.run("up", "--detach");
            assertThat(outcome.code()).isZero();
            var project = basalt.defaultProject();
            assertThat(outcome.output())
                    .contains(project.getString("url"), project.getString("publishableKey"), "createClient");
            assertThat(project.getString("secretKey")).startsWith("sb_secret_");
            assertThat(basalt.get("/platform/v1/projects/default").statusCode()).isEqualTo(200);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("one"))))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory.resolve("one/credentials.json"))))
                    .isEqualTo("rw-------");
            assertThat(basalt.run("up").code()).isEqualTo(1);
        }
    }

    @Test
    void aSecondStartTakesTheDataUpAgainAndAStopLeavesNothingRunning() {
        try (var basalt = basalt("two").up()) {
            basalt.sql("create table notes (id int)");
            basalt.sql("insert into notes values (1)");
            var keys = basalt.defaultProject().copy();
            keys.remove("url");
            var stopping = System.nanoTime();
            assertThat(basalt.run("stop").code()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(STOP_LIMIT.plusSeconds(5));
            await().atMost(STOP_LIMIT)
                    .untilAsserted(() -> assertThat(basalt.processesOnData()).isEmpty());
            basalt.up();
            assertThat(rows(basalt)).isEqualTo(1);
            var again = basalt.defaultProject().copy();
            again.remove("url");
            assertThat(again).isEqualTo(keys);
        }
    }

    /** What the script starts is, for half a second, no process that it could take for a Basalt. */
    @Test
    void aStartThatIsSlowToBecomeJavaIsWaitedFor() throws IOException {
        var commands = Files.createDirectory(directory.resolve("commands"));
        var nohup = Files.writeString(commands.resolve("nohup"), """
                #!/bin/sh
                export STARTED="$*"
                exec sh -c 'sleep 0.5; exec $STARTED'
                """);
        Files.setPosixFilePermissions(nohup, PosixFilePermissions.fromString("rwx------"));
        var path = commands + ":" + System.getenv("PATH");
        try (var basalt = new RunningBasalt(directory.resolve("slow"), Map.of("PATH", path)).up()) {
            assertThat(basalt.sql("select 1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aKilledProcessTakesPostgresWithItAndTheNextStartRecovers() {
        try (var basalt = basalt("three").up()) {
            basalt.sql("create table notes (id int)");
            basalt.sql("insert into notes values (1)");
            basalt.process().destroyForcibly();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(basalt.processesOnData()).isEmpty());
            assertThat(basalt.run("status").code()).isEqualTo(3);
            basalt.up();
            assertThat(rows(basalt)).isEqualTo(1);
        }
    }

    @Test
    void usageOfAKilledProcessIsCountedByTheNext() {
        try (var basalt = basalt("four").up()) {
            basalt.sql("create table notes (id int)");
            for (var i = 0; i < 25; i++) {
                basalt.sql("insert into notes values (1)");
            }
            basalt.process().destroyForcibly();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(basalt.processesOnData()).isEmpty());
            basalt.up();
            var usage = new JsonObject(basalt.get("/platform/v1/projects/default/usage?granularity=day")
                    .body());
            assertThat(usage.getJsonObject("totals").getLong("requests")).isEqualTo(26);
        }
    }

    @Test
    void aStopWritesTheRecordsOfTheLastInvocations() throws IOException {
        try (var basalt = basalt("five").up()) {
            var function = Files.createDirectories(directory.resolve("hello"));
            Files.writeString(function.resolve("basalt.function.json"), "{\"runtime\": \"js\"}");
            Files.writeString(function.resolve("index.js"), "export default { fetch: () => new Response('ok') };");
            var deployed = basalt.run("functions", "deploy", function.toString());
            assertThat(deployed.code()).as(deployed.output()).isZero();
            for (var i = 0; i < 10; i++) {
                assertThat(basalt.get("/functions/v1/hello").statusCode()).isEqualTo(200);
            }
            basalt.run("stop");
            basalt.up();
            var invocations = new JsonObject(
                    basalt.get("/platform/v1/projects/default/invocations").body());
            assertThat(invocations.getJsonArray("invocations")).hasSize(10);
        }
    }

    @Test
    void theRehearsalForTheCacheComesToItsEnd() {
        var recorded = new RunningBasalt(
                directory.resolve("ten"), Map.of("BASALT_EXIT_WHEN_READY", "true", "BASALT_REHEARSE", "true"));
        var outcome = recorded.run("up");
        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(outcome.output()).doesNotContain("the rehearsal ended early");
        assertThat(recorded.processesOnData()).isEmpty();
    }

    @Test
    void twoRunSideBySideAndShareNothing() {
        try (var first = basalt("left").up();
                var second = basalt("right").up()) {
            first.sql("create table notes (id int)");
            assertThat(second.sql("select count(*) from notes").body()).contains("42P01");
            assertThat(first.defaultProject().getString("url"))
                    .isNotEqualTo(second.defaultProject().getString("url"));
        }
    }

    @Test
    void requestsInFlightFinishWhenItIsToldToStop() {
        try (var basalt = basalt("six").up()) {
            var slow = basalt.sqlAsync("select pg_sleep(1)");
            await().until(() -> new JsonObject(
                            basalt.sql("select count(*) from pg_stat_activity where query = 'select pg_sleep(1)'")
                                    .body())
                    .getJsonArray("rows")
                    .getJsonObject(0)
                    .getLong("count")
                    .equals(1L));
            basalt.process().destroy();
            assertThat(slow.join().statusCode()).isEqualTo(200);
            await().atMost(STOP_LIMIT)
                    .untilAsserted(() -> assertThat(basalt.processesOnData()).isEmpty());
        }
    }

    @Test
    void aPostgresThatDiesIsStartedAgainAndRequestsHealWithoutARestart() {
        try (var basalt = basalt("seven").up()) {
            basalt.sql("create table notes (id int)");
            var postgres = basalt.processesOnData().stream()
                    .filter(process -> process.info().command().orElse("").endsWith("/bin/postgres"))
                    .filter(process -> process.parent()
                            .map(parent -> !parent.info().command().orElse("").endsWith("/bin/postgres"))
                            .orElse(true))
                    .findFirst()
                    .orElseThrow();
            postgres.destroyForcibly();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                var answer = basalt.sql("select count(*) from notes");
                assertThat(answer.statusCode()).isIn(200, 503);
                assertThat(answer.statusCode()).isEqualTo(200);
            });
        }
    }

    @Test
    void aMisspeltSettingOrAnUnusableDatabaseFailsTheStartPlainly() {
        var misspelt = new RunningBasalt(
                directory.resolve("eight"), Map.of("BASALT_JAVA_OPTIONS", "-Dbasalt.http.boddy-limit=1"));
        var outcome = misspelt.run("up", "--detach");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output()).contains("basalt.http.boddy-limit");
        assertThat(misspelt.processesOnData()).isEmpty();
        var unreachable = new RunningBasalt(
                directory.resolve("nine"), Map.of("BASALT_DATABASE_URL", "postgresql://ann:hush@127.0.0.1:1/basalt"));
        outcome = unreachable.run("up", "--detach");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output()).contains("127.0.0.1:1").doesNotContain("hush");
        assertThat(directory.resolve("nine/postgres")).doesNotExist();
    }
}
