package dev.basalt.deploy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.deploy.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final String GUIDE = "docs/self-hosting.md";
    private static final String BEGIN = "<!-- settings: generated, see SettingsTest -->\n";
    private static final String END = "<!-- end of settings -->";
    private static final Pattern VARIABLE = Pattern.compile("\\bBASALT_[A-Z0-9_]+\\b");

    /** Variables that are no settings of a service: of scripts, of compose, of tests, of functions. */
    private static final Set<String> OTHERS = Set.of(
            "BASALT_IMAGE_PREFIX",
            "BASALT_IMAGE_TAG",
            "BASALT_JAVA_OPTIONS",
            "BASALT_URL",
            "BASALT_PUBLISHABLE_KEY",
            "BASALT_SECRET_KEY",
            "BASALT_PLATFORM_KEY",
            "BASALT_PROJECT",
            "BASALT_ANON_KEY");

    @Test
    void everySettingSaysWhatItIs() throws IOException {
        var settings = Settings.all();
        assertThat(settings)
                .hasSizeGreaterThan(40)
                .allSatisfy(setting ->
                        assertThat(setting.description()).as(setting.key()).isNotBlank());
        assertThat(settings).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(settings)
                .extracting(Setting::variable)
                .contains(
                        "BASALT_DATABASE_URL",
                        "BASALT_DATA",
                        "BASALT_PORT",
                        "BASALT_S3_ENDPOINT",
                        "BASALT_SECRET_MASTER_KEY",
                        "BASALT_MANAGEMENT_PORT");
    }

    /** A variable that nothing reads is a setting that somebody believes is made. */
    @Test
    void everyVariableThatDeploymentAndDocumentationNameIsASetting() throws IOException {
        var known = Settings.all().stream().map(Setting::variable).collect(Collectors.toSet());
        var named = new TreeSet<String>();
        for (var file : deploymentAndDocumentation()) {
            var found = VARIABLE.matcher(Files.readString(file));
            while (found.find()) {
                var name = found.group();
                // BASALT_S3_* and the like name a family.
                if (!name.endsWith("_")) {
                    named.add(name);
                }
            }
        }
        named.removeAll(OTHERS);
        assertThat(named).hasSizeGreaterThan(8);
        assertThat(known).containsAll(named);
    }

    private static List<Path> deploymentAndDocumentation() throws IOException {
        var root = SourceTree.root();
        try (var deploy = Files.walk(root.resolve("deploy"));
                var docs = Files.list(root.resolve("docs"))) {
            var files = deploy.filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> !file.toString().contains("/src/test/"))
                    .collect(Collectors.toList());
            files.addAll(docs.toList());
            return files.stream().filter(Files::isRegularFile).toList();
        }
    }

    /** With {@code -Dbasalt.docs.write} the table is written instead. */
    @Test
    void theGuideListsEverySettingAsItIs() throws IOException {
        var path = SourceTree.root().resolve(GUIDE);
        var guide = Files.readString(path);
        var begin = guide.indexOf(BEGIN);
        var end = guide.indexOf(END);
        assertThat(begin).as(GUIDE + " has the marks of the table").isPositive().isLessThan(end);
        var expected = guide.substring(0, begin) + BEGIN + table(Settings.all()) + guide.substring(end);
        if (System.getProperty("basalt.docs.write") != null) {
            Files.writeString(path, expected);
        }
        assertThat(Files.readString(path))
                .as("write it anew: mvn test -pl deploy/tests -am -Dtest=SettingsTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dbasalt.docs.write")
                .isEqualTo(expected);
    }

    private static String table(List<Setting> settings) {
        var table = new StringBuilder("| variable | default | what it is |\n|---|---|---|\n");
        for (var setting : settings) {
            table.append("| `")
                    .append(setting.variable())
                    .append("` | ")
                    .append(fallback(setting))
                    .append(" | ")
                    .append(setting.description())
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String fallback(Setting setting) {
        var fallback = setting.fallback();
        if (fallback == null) {
            return "–";
        }
        // A default that refers to the data directory reads as one.
        return "`" + fallback.replaceAll("\\$\\{basalt\\.data:[^}]*\\}", "\\$BASALT_DATA") + "`";
    }

    @Test
    void thePortOfEachServiceAloneIsItsOwn() {
        var ports = Map.of("auth", 8001, "data", 8002, "storage", 8003, "functions", 8004, "control", 8005);
        ports.forEach((service, port) -> {
            var properties = properties(service);
            assertThat(properties).contains("quarkus.http.port=${basalt.port:" + port + "}");
            assertThat(properties.contains("basalt.lifecycle.migrate=true"))
                    .as("one kind of service migrates, so that the order of starts doesn't matter")
                    .isEqualTo("control".equals(service));
        });
    }

    private static String properties(String service) {
        try {
            return Files.readString(SourceTree.root()
                    .resolve("deploy/services/" + service + "/src/main/resources/application.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
