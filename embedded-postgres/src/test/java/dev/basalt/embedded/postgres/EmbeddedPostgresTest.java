package dev.basalt.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.basalt.embedded.postgres.EmbeddedPostgresException.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    private static final Path BINARIES = Path.of("target/postgres-binaries").toAbsolutePath();

    @TempDir
    Path data;

    private EmbeddedPostgresOptions options() {
        return EmbeddedPostgresOptions.in(data.resolve("basalt")).withBinariesDirectory(BINARIES);
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.superuser(), postgres.password());
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void assertFails(ThrowingCallable start, Failure failure) {
        assertThatThrownBy(start)
                .asInstanceOf(type(EmbeddedPostgresException.class))
                .satisfies(e -> assertThat(e.failure()).as(e.getMessage()).isEqualTo(failure));
    }

    @Test
    void dataIsThereAfterASecondStart() throws Exception {
        try (var postgres = EmbeddedPostgres.start(options());
                var connection = connect(postgres);
                var statement = connection.createStatement()) {
            statement.execute("create table t as select 42 as answer");
        }
        try (var postgres = EmbeddedPostgres.start(options())) {
            assertThat(query(postgres, "select answer from t")).isEqualTo("42");
        }
    }

    @Test
    void isDurableLogicalAndTakesSettings() throws Exception {
        try (var postgres = EmbeddedPostgres.start(options().withSettings(Map.of("work_mem", "5MB")))) {
            assertThat(query(postgres, "show fsync")).isEqualTo("on");
            assertThat(query(postgres, "show wal_level")).isEqualTo("logical");
            assertThat(query(postgres, "show max_connections")).isEqualTo("200");
            assertThat(query(postgres, "show work_mem")).isEqualTo("5MB");
            assertThat(query(postgres, "show data_checksums")).isEqualTo("on");
            assertThat(query(postgres, "select lower('ÄÖ')")).isEqualTo("äö");
        }
        try (var postgres = EmbeddedPostgres.start(options().withSettings(Map.of("max_connections", "23")))) {
            assertThat(query(postgres, "show max_connections")).isEqualTo("23");
        }
    }

    @Test
    void settingsThatWouldOpenTheServerAreRefused() {
        for (String name : List.of("listen_addresses", "port", "hba_file", "Fsync", "a b", "-c")) {
            assertThatThrownBy(() -> options().withSettings(Map.of(name, "*")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> options().withPort(65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options().withStartTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobodyComesInWithoutThePassword() throws Exception {
        try (var postgres = EmbeddedPostgres.start(options())) {
            for (String wrong : List.of("", "postgres", postgres.password() + "x")) {
                assertThatThrownBy(() ->
                                DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.superuser(), wrong))
                        .isInstanceOf(SQLException.class);
            }
            assertThat(postgres.password()).hasSizeGreaterThan(30);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("basalt"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("basalt/pgdata"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(data.resolve("basalt/superuser.password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        try (var postgres = EmbeddedPostgres.start(options())) {
            String port = String.format(":%04X", postgres.port());
            List<String> listeners = Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                    .map(line -> List.of(line.strip().split("\\s+", -1)))
                    .filter(columns ->
                            columns.get(1).endsWith(port) && columns.get(3).equals("0A"))
                    .map(columns -> columns.get(1))
                    .toList();
            assertThat(listeners).containsExactly("0100007F" + port);
            assertThat(Files.readAllLines(Path.of("/proc/net/tcp6")))
                    .noneMatch(line -> line.strip().split("\\s+", -1)[1].endsWith(port));
            try (var files = Files.list(data.resolve("basalt"))) {
                assertThat(files.map(Path::toString)).noneMatch(file -> file.contains(".s.PGSQL"));
            }
        }
    }

    @Test
    void closingTwiceIsFineAndEndsTheServer() throws Exception {
        var postgres = EmbeddedPostgres.start(options());
        assertThat(postgres.isAlive()).isTrue();
        try (var connection = connect(postgres)) {
            long begin = System.nanoTime();
            postgres.close();
            postgres.close();
            // A client that stays connected does not hold the shutdown up.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            assertThat(connection.isValid(1)).isFalse();
        }
        assertThat(postgres.isAlive()).isFalse();
        assertThat(postgres.onExit().get(1, TimeUnit.SECONDS)).isZero();
        assertThat(data.resolve("basalt/pgdata/postmaster.pid")).doesNotExist();
    }

    @Test
    void aDirectoryInUseIsRefusedAndItsUserStaysUnharmed() throws Exception {
        try (var postgres = EmbeddedPostgres.start(options())) {
            assertFails(() -> EmbeddedPostgres.start(options()), Failure.DATA_IN_USE);
            assertThat(query(postgres, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aPostgresThatSomebodyElseStartedIsNeitherAdoptedNorStopped() throws Exception {
        EmbeddedPostgres.start(options()).close();
        HostSystem host = HostSystem.detect(System.getenv("PATH"));
        var cluster = new PostgresCluster(options().dataDirectory());
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        var foreign = ServerProcess.start(
                host,
                host.server(
                        PostgresBinaries.unpackedIn(BINARIES).program("postgres"),
                        List.of("-D", cluster.data().toString(), "-k", "", "-p", Integer.toString(port))),
                new ServerLog(data.resolve("foreign.log")));
        await().until(() -> cluster.isReady(foreign.pid()));
        try {
            assertFails(() -> EmbeddedPostgres.start(options()), Failure.DATA_IN_USE);
            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.stop(Duration.ofSeconds(4));
        }
    }

    @Test
    void dataOfAnotherVersionIsLeftAlone() throws Exception {
        EmbeddedPostgres.start(options()).close();
        Path version = data.resolve("basalt/pgdata/PG_VERSION");
        Files.writeString(version, "17\n");
        assertFails(() -> EmbeddedPostgres.start(options()), Failure.DATA_OF_ANOTHER_VERSION);
        assertThat(version).hasContent("17");
        assertThat(data.resolve("basalt/pgdata/global/pg_control")).exists();
    }

    @Test
    void aDirectoryThatIsNoClusterIsLeftAlone() throws Exception {
        Path precious = data.resolve("basalt/pgdata/precious");
        Files.createDirectories(precious.getParent());
        Files.writeString(precious, "keep me");
        assertFails(() -> EmbeddedPostgres.start(options()), Failure.DATA_DAMAGED);
        assertThat(precious).hasContent("keep me");
    }

    @Test
    void whatAKilledInitdbLeftIsMadeAnew() throws Exception {
        Path rest = data.resolve("basalt/pgdata.initialising/base");
        Files.createDirectories(rest);
        try (var postgres = EmbeddedPostgres.start(options())) {
            assertThat(query(postgres, "select 1")).isEqualTo("1");
        }
        assertThat(rest.getParent()).doesNotExist();
    }

    @Test
    void aTakenPortIsNamedSo() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertFails(() -> EmbeddedPostgres.start(options().withPort(taken.getLocalPort())), Failure.PORT_IN_USE);
        }
    }

    @Test
    void aBadSettingIsToldWithPostgresOwnWords() {
        assertThatThrownBy(() -> EmbeddedPostgres.start(options().withSettings(Map.of("work_mem", "plenty"))))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("work_mem");
    }

    @Test
    void missingToolsAndBinariesAreNamed() {
        assertThatThrownBy(() -> HostSystem.detect(data.toString()))
                .asInstanceOf(type(EmbeddedPostgresException.class))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.TOOL_MISSING))
                .satisfies(e -> assertThat(e).hasMessageContaining("setpriv"));
        assertThatThrownBy(() -> PostgresBinaries.unpackedIn(data, "Linux", "s390x"))
                .asInstanceOf(type(EmbeddedPostgresException.class))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.BINARIES_MISSING))
                .satisfies(e -> assertThat(e).hasMessageContaining("postgres-linux-s390x.txz"));
        assertThat(PostgresBinaries.resource("Mac OS X", "aarch64")).isEqualTo("/postgres-darwin-arm_64.txz");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void twoAtOnceUnpackOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            Callable<PostgresBinaries> unpack = () -> PostgresBinaries.unpackedIn(data.resolve("bin"));
            List<PostgresBinaries> homes =
                    List.of(threads.submit(unpack).get(), threads.submit(unpack).get());
            assertThat(homes.get(0)).isEqualTo(homes.get(1));
        }
        assertThat(data.resolve("bin")).isDirectoryContaining("glob:**pg-*");
        try (var files = Files.list(data.resolve("bin"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aFullDiskIsNamedSo() throws Exception {
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
                "SKIPPED: only root can mount a small file system to fill");
        Path small = Files.createDirectory(data.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", small.toString());
        try {
            assertFails(
                    () -> EmbeddedPostgres.start(
                            EmbeddedPostgresOptions.in(small).withBinariesDirectory(BINARIES)),
                    Failure.DISK_FULL);
            assertFails(() -> EmbeddedPostgres.start(EmbeddedPostgresOptions.in(small)), Failure.DISK_FULL);
        } finally {
            run("umount", small.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
