package dev.basalt.functions.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalDouble;
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
}
