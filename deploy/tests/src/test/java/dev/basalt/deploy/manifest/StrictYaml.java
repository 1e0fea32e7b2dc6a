package dev.basalt.deploy.manifest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads manifests into fabric8's models and refuses what the models don't know: kinds, fields, and keys given twice. */
final class StrictYaml {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/Namespace", Namespace.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Secret", Secret.class,
            "v1/Service", io.fabric8.kubernetes.api.model.Service.class,
            "apps/v1/Deployment", Deployment.class,
            "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1/Ingress", Ingress.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "serving.knative.dev/v1/Service", Service.class);

    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .annotationIntrospector(new NoAnySetter())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private StrictYaml() {}

    /** The models keep unknown fields in a map of their own; without it they are what they are: unknown. */
    private static final class NoAnySetter extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasAnySetter(Annotated annotated) {
            return Boolean.FALSE;
        }
    }

    /** All documents of one file; throws {@link IOException} with the place of what is wrong. */
    static List<HasMetadata> resources(String yaml) throws IOException {
        var resources = new ArrayList<HasMetadata>();
        for (var tree : documents(yaml)) {
            var kind =
                    tree.path("apiVersion").asText() + "/" + tree.path("kind").asText();
            var type = KINDS.get(kind);
            if (type == null) {
                throw new IOException("no manifest of this kind is expected: " + kind);
            }
            resources.add(MAPPER.treeToValue(tree, type));
        }
        return resources;
    }

    /** All documents of one file as trees, with anchors and merge keys as YAML defines them left as they stand. */
    static List<JsonNode> documents(String yaml) throws IOException {
        var documents = new ArrayList<JsonNode>();
        try (YAMLParser parser = MAPPER.getFactory().createParser(yaml)) {
            var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(parser);
            while (values.hasNextValue()) {
                documents.add(values.nextValue());
            }
        }
        return documents;
    }
}
