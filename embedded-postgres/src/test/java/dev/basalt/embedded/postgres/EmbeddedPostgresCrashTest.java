package dev.basalt.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresCrashTest {
    private static final Path BINARIES = Path.of("target/postgres-binaries").toAbsolutePath();

    @TempDir
    Path data;

    private static Connection connect(int port, Path data) throws SQLException, IOException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "postgres",
                Files.readString(data.resolve("superuser.password")).strip());
    }

    private static void insert(int port, Path data, int value) throws SQLException, IOException {
        try (var connection = connect(port, data);
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists t (n int)");
            statement.execute("insert into t values (" + value + ")");
        }
    }

    private static int count(int port, Path data) throws SQLException, IOException {
        try (var connection = connect(port, data);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from t")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static boolean gone(long pid) {
        return ProcessHandle.of(pid).isEmpty();
    }

    @Test
    void postgresDiesWithAJvmKilledBySigkillAndTheDataIsThereAfterwards() throws Exception {
        LaunchedChild child = LaunchedChild.start(data, BINARIES);
        insert(child.port(), data, 1);
        child.process().destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(10)).until(() -> gone(child.postmaster()));
        try (var postgres =
                EmbeddedPostgres.start(EmbeddedPostgresOptions.in(data).withBinariesDirectory(BINARIES))) {
            assertThat(count(postgres.port(), data)).isEqualTo(1);
        }
    }

    @Test
    void aStartRightAfterSigkillWaitsForTheDyingServerAndTakesTheDataUp() throws Exception {
        for (int round = 1; round <= 3; round++) {
            LaunchedChild child = LaunchedChild.start(data, BINARIES);
            insert(child.port(), data, round);
            child.process().destroyForcibly().waitFor();
        }
        try (var postgres =
                EmbeddedPostgres.start(EmbeddedPostgresOptions.in(data).withBinariesDirectory(BINARIES))) {
            assertThat(count(postgres.port(), data)).isEqualTo(3);
        }
    }

    @Test
    void postgresDiesWithAJvmThatJustExits() throws Exception {
        LaunchedChild child = LaunchedChild.start(data, BINARIES);
        child.process().getOutputStream().close();
        assertThat(child.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> gone(child.postmaster()));
    }

    @Test
    void aKilledPostmasterIsReportedAndTheNextStartRecovers() throws Exception {
        var options = EmbeddedPostgresOptions.in(data).withBinariesDirectory(BINARIES);
        EmbeddedPostgres killed = EmbeddedPostgres.start(options);
        try (var connection = connect(killed.port(), data);
                var statement = connection.createStatement()) {
            insert(killed.port(), data, 1);
            statement.execute("select 1");
            ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
            assertThat(killed.onExit().get(5, TimeUnit.SECONDS)).isEqualTo(137);
        }
        killed.close();
        try (var postgres = EmbeddedPostgres.start(options)) {
            assertThat(count(postgres.port(), data)).isEqualTo(1);
        }
    }

    @Test
    void aPidFileWhoseNumberNowBelongsToAnotherProgramDoesNotStopTheStart() throws Exception {
        var options = EmbeddedPostgresOptions.in(data).withBinariesDirectory(BINARIES);
        EmbeddedPostgres.start(options).close();
        Files.writeString(
                data.resolve("pgdata/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + data.resolve("pgdata") + "\n1\n5432\n\n127.0.0.1\n");
        try (var postgres = EmbeddedPostgres.start(options)) {
            assertThat(postgres.isAlive()).isTrue();
        }
    }

    @Test
    void worksAsAnOrdinaryUser() throws Exception {
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
                "SKIPPED: this run is an ordinary user's already");
        Path open = Files.createTempDirectory("embedded-postgres-user");
        try {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
            LaunchedChild child = LaunchedChild.start(
                    List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"),
                    LaunchedChild.readableClassPath(open),
                    open.resolve("data"),
                    open.resolve("binaries"));
            insert(child.port(), open.resolve("data"), 1);
            assertThat(Files.getAttribute(Path.of("/proc/" + child.postmaster()), "unix:uid"))
                    .isEqualTo(65534);
            child.process().destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(10)).until(() -> gone(child.postmaster()));
        } finally {
            Directories.delete(open);
        }
    }
}
