package dev.basalt.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.deploy.SourceTree;
import dev.basalt.deploy.apart.Apart;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The compose file after YAML's anchors and merge keys are resolved, which Jackson alone doesn't do. */
class ComposeTest {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)([^}]*)\\}");
    private static final Set<String> KNOWN_KEYS = Set.of(
            "build",
            "cap_drop",
            "command",
            "depends_on",
            "environment",
            "healthcheck",
            "image",
            "init",
            "mem_limit",
            "networks",
            "pids_limit",
            "ports",
            "read_only",
            "restart",
            "security_opt",
            "shm_size",
            "stop_grace_period",
            "tmpfs",
            "user",
            "volumes");
    private static String source = "";
    private static JsonNode compose = com.fasterxml.jackson.databind.node.MissingNode.getInstance();

    @BeforeAll
    static void read() throws IOException {
        source = SourceTree.text("deploy/compose/compose.yaml");
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Map<String, Object> tree = new Yaml(new SafeConstructor(options)).load(source);
        compose = new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(tree);
    }

    private static Map<String, JsonNode> services() {
        var services = new HashMap<String, JsonNode>();
        compose.path("services").properties().forEach(entry -> services.put(entry.getKey(), entry.getValue()));
        assertThat(services)
                .containsKeys("postgres", "s3", "gateway")
                .containsKeys(Apart.SERVICES.toArray(new String[0]));
        return services;
    }

    @Test
    void everyServiceSaysWhetherItIsHealthyComesBackAndHasAVersion() {
        services().forEach((name, service) -> {
            assertThat(service.path("healthcheck").path("test").size()).as(name).isPositive();
            assertThat(service.path("restart").asText()).as(name).isEqualTo("unless-stopped");
            assertThat(service.path("image").asText()).as(name).contains(":").doesNotContain("latest");
        });
    }

    @Test
    void noServiceRunsAsRootOrGainsRights() {
        services().forEach((name, service) -> {
            assertThat(service.path("user").asText()).as(name).matches("[1-9][0-9]*:[1-9][0-9]*");
            assertThat(service.path("security_opt").toString()).as(name).contains("no-new-privileges:true");
            assertThat(service.has("privileged")).as(name).isFalse();
        });
    }

    @Test
    void everyServiceUsesOnlyKeysThatComposeKnows() {
        services().forEach((name, service) -> assertThat(KNOWN_KEYS).as(name).containsAll(() -> service.fieldNames()));
    }

    @Test
    void onlyTheGatewayIsReachableFromOutside() {
        services().forEach((name, service) -> {
            assertThat(service.has("ports")).as(name).isEqualTo("gateway".equals(name));
            assertThat(service.path("networks").toString().contains("outside"))
                    .as(name)
                    .isEqualTo("gateway".equals(name));
        });
    }

    @Test
    void nothingStartsBeforeWhatItNeedsIsHealthyAndNothingWaitsForItself() {
        var services = services();
        services.forEach((name, service) -> {
            service.path("depends_on").properties().forEach(needed -> {
                assertThat(services).containsKey(needed.getKey());
                assertThat(needed.getValue().path("condition").asText()).isEqualTo("service_healthy");
            });
            assertThat(reachable(services, name)).as(name).doesNotContain(name);
        });
        assertThat(reachable(services, "gateway")).containsAll(Apart.SERVICES).contains("postgres", "s3");
    }

    private static Set<String> reachable(Map<String, JsonNode> services, String from) {
        var reached = new HashSet<String>();
        var next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            services.getOrDefault(next.pop(), compose)
                    .path("depends_on")
                    .fieldNames()
                    .forEachRemaining(needed -> {
                        if (reached.add(needed)) {
                            next.push(needed);
                        }
                    });
        }
        return reached;
    }

    @Test
    void everySecretComesFromTheEnvironmentAndIsRequired() {
        var required = Pattern.compile("(?i)(PASSWORD|SECRET|ACCESS_KEY|MASTER_KEY|PLATFORM_KEY)");
        var found = VARIABLE.matcher(source);
        var names = new HashSet<String>();
        while (found.find()) {
            names.add(found.group(1));
            if (required.matcher(found.group(1)).find()) {
                assertThat(found.group(2)).as(found.group(1)).startsWith(":?");
            }
        }
        services()
                .forEach((name, service) -> service.path("environment")
                        .properties()
                        .forEach(variable -> {
                            if (required.matcher(variable.getKey()).find()) {
                                assertThat(variable.getValue().asText())
                                        .as(name + " " + variable.getKey())
                                        .matches("\\$\\{[A-Z0-9_]+:\\?[^}]+\\}");
                            }
                        }));
        var example = SourceTree.text("deploy/compose/.env.example");
        assertThat(names).allSatisfy(name -> assertThat(example).containsPattern("(?m)^" + name + "="));
        assertThat(example.lines()
                        .filter(line -> required.matcher(line.split("=", 2)[0]).find()
                                && line.contains("=")
                                && !line.startsWith("#")))
                .as("the example holds no secret that somebody might keep")
                .allSatisfy(line -> assertThat(line).endsWith("="));
    }

    @Test
    void volumesAndNetworksThatAreUsedAreDeclared() {
        services().forEach((name, service) -> {
            service.path("volumes").forEach(volume -> {
                var source = volume.asText().split(":", 2)[0];
                assertThat(source.startsWith(".") || compose.path("volumes").has(source))
                        .as(volume.asText())
                        .isTrue();
            });
            service.path("networks")
                    .forEach(network -> assertThat(compose.path("networks").has(network.asText()))
                            .isTrue());
        });
    }
}
