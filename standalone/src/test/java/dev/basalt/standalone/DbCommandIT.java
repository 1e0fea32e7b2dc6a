package dev.basalt.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./basalt db}, as the owner of an app uses it. */
class DbCommandIT {
    @TempDir
    Path directory;

    @Test
    void migrationsArePushedAndTheProjectIsDumpedAndRestored() throws IOException, InterruptedException {
        var migrations = Files.createDirectory(directory.resolve("migrations"));
        Files.writeString(migrations.resolve("20240101000000_notes.sql"), "create table notes (id int primary key);\n");
        Files.writeString(migrations.resolve("20240102000000_more.sql"), "alter table notes add column body text;\n");
        Files.writeString(migrations.resolve("README.sql"), "nonsense");
        var data = directory.resolve("data");
        try (var basalt = new RunningBasalt(data, Map.of()).up()) {
            var pushed = basalt.run("db", "push", migrations.toString());
            assertThat(pushed.code()).isZero();
            assertThat(pushed.output())
                    .contains("20240101000000_notes.sql: applied", "2 applied, 0 unchanged", "README.sql is skipped");
            Files.writeString(migrations.resolve("20240103000000_last.sql"), "select nonsense;\n");
            assertThat(basalt.run("db", "status", migrations.toString()).output())
                    .contains("20240102000000_more.sql\tapplied ", "20240103000000_last.sql\tnot applied");
            var failed = basalt.run("db", "push", migrations.toString());
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.output()).contains("20240103000000_last.sql, line 1: ");
            assertThat(basalt.run("db", "pull").code()).isEqualTo(2);

            basalt.sql("insert into notes values (1, 'kept')");
            var file = directory.resolve("default.sql");
            assertThat(basalt.run("db", "dump", file.toString()).code()).isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            create(basalt, "copy");
            var other = new RunningBasalt(data, Map.of("BASALT_PROJECT", "copy"));
            var restored = other.run("db", "restore", file.toString());
            assertThat(restored.output()).contains("2 migrations");
            assertThat(restored.code()).isZero();
            var again = directory.resolve("copy.sql");
            assertThat(other.run("db", "dump", again.toString()).code()).isZero();
            assertThat(Files.readString(again)).contains("1\tkept\n", "create table notes");
            assertThat(other.run("db", "restore", file.toString()).code()).isEqualTo(1);
        }
    }

    private static void create(RunningBasalt basalt, String ref) throws IOException, InterruptedException {
        var status = basalt.status();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(status.getString("url") + "/platform/v1/projects"))
                            .header("apikey", status.getString("platformKey"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"ref\":\"" + ref + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(201);
        }
    }
}
