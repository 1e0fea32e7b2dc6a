package dev.basalt.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.deploy.SourceTree;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfileTest {
    static List<Path> dockerfiles() {
        var files = SourceTree.files("deploy/docker", ".Dockerfile");
        assertThat(files).hasSize(2);
        return files;
    }

    private static List<String> instructions(Path dockerfile) {
        var joined = SourceTree.text("deploy/docker/" + dockerfile.getFileName())
                .replaceAll("(?m)^\\s*#.*\n", "")
                .replace("\\\n", " ");
        return joined.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static List<String> of(String keyword, Path dockerfile) {
        return instructions(dockerfile).stream()
                .filter(line -> line.startsWith(keyword + " "))
                .map(line -> line.substring(keyword.length()).strip())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void theImageRunsAsANumberedUserThatHasAName(Path dockerfile) {
        var user = of("USER", dockerfile).getLast();
        assertThat(user).as("numbers, which Kubernetes can check").matches("[1-9][0-9]+:[1-9][0-9]+");
        assertThat(of("RUN", dockerfile))
                .as("initdb looks the name up")
                .anySatisfy(run -> assertThat(run).contains("useradd --uid " + user.split(":", 2)[0]));
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void nothingIsBuiltAndNothingIsFetchedButPackagesOfTheBase(Path dockerfile) {
        assertThat(of("COPY", dockerfile))
                .hasSize(1)
                .allSatisfy(copy -> assertThat(copy)
                        .contains("target/quarkus-app /opt/basalt")
                        .as("the user that runs it can't change it")
                        .startsWith("--chown=root:root"));
        assertThat(of("ADD", dockerfile)).isEmpty();
        assertThat(String.join("\n", of("RUN", dockerfile)))
                .doesNotContain("mvn")
                .doesNotContain("://");
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void theImageSaysHowItIsHealthyWhereItsDataIsAndStopsBySignal(Path dockerfile) {
        assertThat(of("HEALTHCHECK", dockerfile).getFirst()).contains("/q/health/ready");
        assertThat(of("VOLUME", dockerfile)).containsExactly("/var/lib/basalt");
        assertThat(of("ENTRYPOINT", dockerfile).getFirst())
                .as("no shell between the signal and the JVM")
                .startsWith("[\"java\"");
        assertThat(of("ARG", dockerfile))
                .anySatisfy(base -> assertThat(base).matches("BASE=eclipse-temurin:25-jre-[a-z]+"));
    }

    @Test
    void theBuildContextIsTheBuiltApplicationsAlone() {
        var lines = SourceTree.text(".dockerignore")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(lines).first().isEqualTo("*");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(line).startsWith("!").endsWith("/target/quarkus-app"));
    }
}
