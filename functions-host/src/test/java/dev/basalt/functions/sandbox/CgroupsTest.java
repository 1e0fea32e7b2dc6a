package dev.basalt.functions.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The kernel's groups, where this machine lets them be made. */
class CgroupsTest {
    private static Cgroups detect() {
        try {
            return Cgroups.detect();
        } catch (Cgroups.UnavailableException e) {
            System.err.println("SKIPPED: control groups can't be made here: " + e.getMessage());
            return abort("control groups can't be made here");
        }
    }

    private static Path made(Cgroups groups, String name) throws IOException {
        return Objects.requireNonNull(
                groups.create(name, 64, 16, OptionalDouble.empty()).getFirst().getParent());
    }

    @Test
    void groupsOfAProjectAreInOneThatGoesWithTheLast() throws IOException {
        Cgroups groups = detect();
        try {
            Path one = made(groups, "project/one");
            Path two = made(groups, "project/two");
            Path alone = made(groups, "alone");
            Path parent = one.getParent();
            assertThat(two).hasParent(parent);
            assertThat(parent).hasParent(alone.getParent());
            assertThat(groups.remove("project/one")).isTrue();
            assertThat(Files.exists(one)).isFalse();
            assertThat(Files.exists(two)).isTrue();
            assertThat(groups.remove("project/two")).isTrue();
            assertThat(Files.exists(parent)).isFalse();
            assertThat(Files.exists(alone)).isTrue();
            assertThat(groups.remove("alone")).isTrue();
        } finally {
            groups.close();
        }
    }

    /** A host that died while bubblewrap set a process up once left it behind, running for good. */
    @Test
    void whatAKilledHostLeftIsEndedByTheNext() throws IOException, InterruptedException {
        Cgroups groups = detect();
        Process host = new ProcessBuilder("true").start();
        host.waitFor();
        Path own = Objects.requireNonNull(made(groups, "alone").getParent());
        Path dead = own.resolveSibling("basalt-" + host.pid() + "-x");
        Path left = Files.createDirectories(dead.resolve("p1"));
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(left.resolve("cgroup.procs"), Long.toString(process.pid()));
            detect().close();
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
            // The kernel takes a moment to see that a group's last process is gone.
            await().until(() -> {
                detect().close();
                return Files.notExists(dead);
            });
        } finally {
            process.destroyForcibly();
            groups.remove("alone");
            groups.close();
        }
    }
}
