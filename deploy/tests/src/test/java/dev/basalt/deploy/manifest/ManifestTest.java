package dev.basalt.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.deploy.SourceTree;
import dev.basalt.deploy.apart.Apart;
import dev.basalt.deploy.apart.GatewayRoutes;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String KUBERNETES = "deploy/kubernetes";
    private static final String KNATIVE = "deploy/knative";

    private static List<HasMetadata> all(String directory) throws IOException {
        var resources = new ArrayList<HasMetadata>();
        for (var file : SourceTree.files(directory, ".yaml")) {
            try {
                resources.addAll(StrictYaml.resources(java.nio.file.Files.readString(file)));
            } catch (IOException refused) {
                throw new IOException(file + ": " + refused.getMessage(), refused);
            }
        }
        return resources;
    }

    private static <T> List<T> of(Class<T> type, String directory) throws IOException {
        return all(directory).stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static List<String> names(List<? extends HasMetadata> resources) {
        return resources.stream()
                .map(resource -> resource.getMetadata().getName())
                .toList();
    }

    @Test
    void everyManifestIsReadWithoutAFieldThatItsKindDoesNotHave() throws IOException {
        assertThat(all(KUBERNETES)).hasSizeGreaterThan(25);
        assertThat(all(KNATIVE)).hasSizeGreaterThan(8);
        assertThat(all(KUBERNETES + "/patches")).hasSize(1);
        assertThat(StrictYaml.resources(SourceTree.text(KUBERNETES + "/secret.yaml.example")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\nspce: {}\n",
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, lables: {a: b}}\n",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: x, imagePolicy: A}]}}}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {securityContext: {runAsRoot: false}}}}",
                "apiVersion: serving.knative.dev/v1\nkind: Service\nspec: {template: {spec: {concurrency: 1}}}",
                "apiVersion: v1\nkind: Namespace\nkind: Namespace\n",
                "apiVersion: extensions/v1beta1\nkind: Ingress\n"
            })
    void aMisspeltFieldAKeyGivenTwiceAndAnUnknownKindAreRefused(String manifest) {
        assertThatThrownBy(() -> StrictYaml.resources(manifest)).isInstanceOf(IOException.class);
    }

    @Test
    void everyServiceHasADeploymentAServiceADisruptionBudgetAndAnAutoscaler() throws IOException {
        assertThat(names(of(Deployment.class, KUBERNETES))).containsExactlyInAnyOrderElementsOf(Apart.SERVICES);
        assertThat(names(of(Service.class, KUBERNETES))).containsExactlyInAnyOrderElementsOf(Apart.SERVICES);
        assertThat(names(of(PodDisruptionBudget.class, KUBERNETES)))
                .containsExactlyInAnyOrderElementsOf(Apart.SERVICES);
        assertThat(names(of(HorizontalPodAutoscaler.class, KUBERNETES)))
                .containsExactlyInAnyOrderElementsOf(Apart.SERVICES);
        assertThat(names(of(io.fabric8.knative.serving.v1.Service.class, KNATIVE)))
                .containsExactlyInAnyOrderElementsOf(Apart.SERVICES);
    }

    @Test
    void theLabelsByWhichAPodIsFoundAreThoseItHas() throws IOException {
        for (var deployment : of(Deployment.class, KUBERNETES)) {
            var labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
            assertThat(labels)
                    .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
            var service = of(Service.class, KUBERNETES).stream()
                    .filter(candidate -> names(List.of(candidate)).equals(names(List.of(deployment))))
                    .findFirst()
                    .orElseThrow();
            assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
        }
    }

    private static List<PodSpec> pods() throws IOException {
        var pods = new ArrayList<PodSpec>();
        for (var directory : List.of(KUBERNETES, KNATIVE)) {
            of(Deployment.class, directory)
                    .forEach(deployment ->
                            pods.add(deployment.getSpec().getTemplate().getSpec()));
        }
        return pods;
    }

    private static List<Container> containers() throws IOException {
        var containers = new ArrayList<Container>();
        pods().forEach(pod -> containers.addAll(pod.getContainers()));
        of(io.fabric8.knative.serving.v1.Service.class, KNATIVE)
                .forEach(service -> containers.addAll(
                        service.getSpec().getTemplate().getSpec().getContainers()));
        assertThat(containers).hasSizeGreaterThanOrEqualTo(11);
        return containers;
    }

    @Test
    void noContainerRunsAsRootWritesItsOwnImageOrGainsRights() throws IOException {
        for (var pod : pods()) {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        }
        for (var container : containers()) {
            var context = container.getSecurityContext();
            assertThat(context.getReadOnlyRootFilesystem()).isTrue();
            assertThat(context.getAllowPrivilegeEscalation()).isFalse();
            assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(context.getPrivileged()).isNull();
        }
        for (var service : of(io.fabric8.knative.serving.v1.Service.class, KNATIVE)) {
            var context = service.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getSecurityContext();
            assertThat(context.getRunAsNonRoot()).isTrue();
            assertThat(context.getRunAsUser()).isPositive();
        }
    }

    @Test
    void everyContainerHasAVersionARequestForMemoryAndALimitOfIt() throws IOException {
        for (var container : containers()) {
            assertThat(container.getImage()).matches("[a-z0-9./-]+:[0-9][A-Za-z0-9.-]*");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKeys("memory");
            assertThat(container.getReadinessProbe()).isNotNull();
        }
    }

    @Test
    void probesAskTheManagementPortThatTheContainerNames() throws IOException {
        for (var deployment : of(Deployment.class, KUBERNETES)) {
            var container =
                    deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
            assertThat(container.getPorts())
                    .anySatisfy(port -> assertThat(port.getName()).isEqualTo("management"));
            var paths = new TreeSet<String>();
            for (var probe :
                    List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())) {
                assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
                paths.add(probe.getHttpGet().getPath());
            }
            assertThat(paths).containsExactly("/q/health/live", "/q/health/ready", "/q/health/started");
        }
    }

    @Test
    void everyVolumeThatIsMountedIsThere() throws IOException {
        for (var pod : pods()) {
            var volumes =
                    pod.getVolumes().stream().map(volume -> volume.getName()).toList();
            for (var container : pod.getContainers()) {
                assertThat(container.getVolumeMounts())
                        .allSatisfy(mount -> assertThat(volumes).contains(mount.getName()));
            }
        }
    }

    @Test
    void knativeServicesGoToZeroAndSayHowManyRequestsTheyTakeAndHowLong() throws IOException {
        for (var service : of(io.fabric8.knative.serving.v1.Service.class, KNATIVE)) {
            var template = service.getSpec().getTemplate();
            assertThat(template.getMetadata().getAnnotations())
                    .containsEntry("autoscaling.knative.dev/min-scale", "0")
                    .containsKey("autoscaling.knative.dev/max-scale");
            assertThat(template.getSpec().getContainerConcurrency()).isPositive();
            assertThat(template.getSpec().getTimeoutSeconds()).isBetween(1L, 600L);
            assertThat(service.getMetadata().getLabels())
                    .as("believes X-Forwarded-Host, so nobody but the gateway may reach it")
                    .containsEntry("networking.knative.dev/visibility", "cluster-local");
        }
    }

    /** The Ingress goes by first segments, because its prefixes end at slashes. */
    @Test
    void theIngressLeadsWhereTheGatewayLeads() throws IOException {
        var gateway = new TreeMap<String, String>();
        GatewayRoutes.read(SourceTree.root().resolve("deploy/gateway/nginx.conf"))
                .routes()
                .forEach(route -> gateway.put("/" + route.prefix().split("/", -1)[1], route.service()));
        var ingress = ingress("basalt");
        assertThat(ingress.getSpec().getRules()).hasSize(2);
        for (var rule : ingress.getSpec().getRules()) {
            var paths = new TreeMap<String, String>();
            rule.getHttp().getPaths().forEach(path -> {
                assertThat(path.getPathType()).isEqualTo("Prefix");
                paths.put(path.getPath(), path.getBackend().getService().getName());
            });
            assertThat(paths).isEqualTo(gateway);
        }
    }

    /** What the gateway finds by pattern is an Ingress of its own, because the annotations that ask for patterns hold for all its paths. */
    @Test
    void theIngressHasThePatternsOfTheGateway() throws IOException {
        var gateway = new TreeMap<String, String>();
        GatewayRoutes.read(SourceTree.root().resolve("deploy/gateway/nginx.conf"))
                .patterns()
                .forEach(route -> gateway.put(route.pattern().pattern(), route.service()));
        assertThat(gateway).isNotEmpty();
        var ingress = ingress("basalt-collections");
        assertThat(ingress.getMetadata().getAnnotations())
                .containsEntry("nginx.ingress.kubernetes.io/use-regex", "true")
                .containsEntry("traefik.ingress.kubernetes.io/router.pathmatcher", "PathRegexp")
                .containsEntry("haproxy-ingress.github.io/path-type", "regex");
        assertThat(ingress.getSpec().getTls())
                .isEqualTo(ingress("basalt").getSpec().getTls());
        assertThat(ingress.getSpec().getRules())
                .extracting(rule -> rule.getHost())
                .containsExactlyElementsOf(ingress("basalt").getSpec().getRules().stream()
                        .map(rule -> rule.getHost())
                        .toList());
        for (var rule : ingress.getSpec().getRules()) {
            var paths = new TreeMap<String, String>();
            rule.getHttp().getPaths().forEach(path -> {
                assertThat(path.getPathType()).isEqualTo("ImplementationSpecific");
                paths.put("^" + path.getPath(), path.getBackend().getService().getName());
            });
            assertThat(paths).isEqualTo(gateway);
        }
    }

    private static Ingress ingress(String name) throws IOException {
        return of(Ingress.class, KUBERNETES).stream()
                .filter(ingress -> ingress.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A template that is applied as it stands must fail at start rather than run with a key that everybody knows. */
    @Test
    void theSecretsTemplateHoldsNoValueThatWouldBeAccepted() throws IOException {
        var secret = (io.fabric8.kubernetes.api.model.Secret)
                StrictYaml.resources(SourceTree.text(KUBERNETES + "/secret.yaml.example"))
                        .getFirst();
        assertThat(secret.getStringData()).isNotEmpty();
        assertThat(secret.getStringData().values())
                .allSatisfy(value -> assertThat(value).startsWith("<").endsWith(">"));
        assertThat(of(io.fabric8.kubernetes.api.model.Secret.class, KUBERNETES))
                .as("secrets are never among the files that are applied as they stand")
                .isEmpty();
    }
}
