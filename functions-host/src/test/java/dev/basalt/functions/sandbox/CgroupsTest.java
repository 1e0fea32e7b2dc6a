package dev.basalt.functions.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel's groups, where this machine lets them be made. */
class CgroupsTest {
    private @Nullable Cgroups cgroups;

    @BeforeEach
    void detect() {
        try {
            cgroups = Cgroups.detect();
        } catch (Cgroups.UnavailableException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    @AfterEach
    void close() {
        if (cgroups != null) {
            cgroups.close();
        }
    }

    private Path made(Cgroups groups, String name) throws IOException {
        Path group =
                groups.create(name, 64, 16, OptionalDouble.empty()).getFirst().getParent();
        if (group == null) {
            throw new AssertionError(name);
        }
        return group;
    }

    @Test
    void groupsOfAProjectAreInOneThatGoesWithTheLast() throws IOException {
        Cgroups groups = cgroups;
        if (groups == null) {
            throw new AssertionError();
        }
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
    }
}
