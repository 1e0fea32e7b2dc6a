package dev.basalt.kit.function;

import static dev.basalt.kit.function.ManifestFields.invalid;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionManifest.Grants;
import dev.basalt.kit.function.FunctionManifest.Scaling;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads manifests strictly: a field that is not known, of the wrong type or beyond its limits is refused by name. */
final class ManifestReader {
    static final int MAX_TIMEOUT_MS = 150_000;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Set<String> FIELDS = Set.of(
            "name",
            "runtime",
            "signature",
            "entrypoint",
            "handler",
            "url",
            "build",
            "timeoutMs",
            "memoryMb",
            "maxNestedGbSeconds",
            "concurrency",
            "minInstances",
            "maxInstances",
            "idleMs",
            "queue",
            "public",
            "env",
            "secrets",
            "egress",
            "grants",
            "triggers");
    private static final Set<String> GRANTS = Set.of("service");
    private static final String JS = "js";
    private static final String HTTP = "http";
    private static final int DEFAULT_TIMEOUT_MS = 10_000;
    private static final int DEFAULT_MEMORY_MB = 128;
    private static final int MAX_ISOLATE_MB = 256;
    private static final int MAX_MEMORY_MB = 4096;
    private static final int MAX_NESTED_GB_SECONDS = 1_000_000;
    private static final int MAX_CONCURRENCY = 1000;
    private static final int MAX_MIN_INSTANCES = 20;
    private static final int MAX_INSTANCES = 1000;
    private static final int MAX_IDLE_MS = 3_600_000;
    private static final int MAX_QUEUE = 10_000;
    private static final int MAX_SECRETS = 50;
    private static final int MAX_EGRESS = 50;
    private static final int MAX_ENVIRONMENT = 64 * 1024;

    private ManifestReader() {}

    /** @throws ApiException {@link FunctionError#INVALID_MANIFEST} with the first field that is wrong */
    static FunctionManifest read(JsonObject json) {
        var fields = new ManifestFields(json, "");
        fields.known(FIELDS);
        var name = fields.text("name");
        if (name.isPresent() && !FunctionManifest.isName(name.get())) {
            throw invalid("name", "must be 1 to 63 of letters, digits, - and _, and begin with a letter or digit");
        }
        var runtime = fields.text("runtime").orElse(JS);
        if (!FunctionManifest.RUNTIMES.contains(runtime)) {
            throw invalid("runtime", "must be js, nodejs, python, java, provided or http");
        }
        var timeout = fields.number("timeoutMs", DEFAULT_TIMEOUT_MS, 1, MAX_TIMEOUT_MS);
        var environment = environment(json);
        return new FunctionManifest(
                name,
                runtime,
                signature(fields, runtime),
                entrypoint(fields, runtime),
                fields.text("handler"),
                url(fields, runtime),
                fields.flag("build", true),
                Duration.ofMillis(timeout),
                fields.number("memoryMb", DEFAULT_MEMORY_MB, 16, runtime.equals(JS) ? MAX_ISOLATE_MB : MAX_MEMORY_MB),
                fields.number("maxNestedGbSeconds", 0, MAX_NESTED_GB_SECONDS),
                scaling(fields, runtime),
                fields.flag("public", false),
                environment,
                secrets(fields, environment),
                fields.list("egress", MAX_EGRESS, "host, host:port or *.host", EgressRule::parse),
                grants(json),
                TriggerReader.triggers(json.getValue("triggers"), timeout));
    }

    private static Signature signature(ManifestFields fields, String runtime) {
        var given = fields.text("signature");
        if (given.isEmpty()) {
            return runtime.equals(JS) || runtime.equals(HTTP) ? Signature.BASALT : Signature.LAMBDA;
        }
        return Signature.labelled(given.get())
                .orElseThrow(() -> invalid(
                        "signature", "must be basalt, lambda, openwhisk, kubeless, functions-framework or azure"));
    }

    private static String entrypoint(ManifestFields fields, String runtime) {
        var given = fields.text("entrypoint");
        if (runtime.equals(HTTP) && given.isPresent()) {
            throw invalid("entrypoint", "has no meaning with runtime http");
        }
        return given.orElse(
                switch (runtime) {
                    case "python" -> "main.py";
                    case "java" -> "function.jar";
                    case "provided" -> "bootstrap";
                    case HTTP -> "";
                    default -> "index.js";
                });
    }

    private static Optional<URI> url(ManifestFields fields, String runtime) {
        var given = fields.text("url");
        if (given.isPresent() != runtime.equals(HTTP)) {
            throw invalid("url", given.isPresent() ? "goes with runtime http alone" : "is what runtime http needs");
        }
        return given.map(ManifestReader::url);
    }

    private static URI url(String text) {
        try {
            var url = new URI(text);
            var scheme = String.valueOf(url.getScheme());
            if ((scheme.equals("https") || scheme.equals(HTTP))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below, without the parser's words.
        }
        throw invalid("url", "must be https://host[:port][/path] without user, query and fragment");
    }

    private static Scaling scaling(ManifestFields fields, String runtime) {
        var min = fields.number("minInstances", 0, 0, MAX_MIN_INSTANCES);
        if (runtime.equals(HTTP) && min > 0) {
            throw invalid("minInstances", "has no meaning with runtime http, whose instances run elsewhere");
        }
        var max = fields.number("maxInstances", 1, MAX_INSTANCES);
        if (max.isPresent() && min > max.getAsInt()) {
            throw invalid("minInstances", "must not be more than maxInstances");
        }
        var idle = fields.number("idleMs", 0, MAX_IDLE_MS);
        return new Scaling(
                fields.number("concurrency", 1, MAX_CONCURRENCY),
                min,
                max,
                idle.isPresent() ? Optional.of(Duration.ofMillis(idle.getAsInt())) : Optional.empty(),
                fields.number("queue", 0, MAX_QUEUE));
    }

    private static JsonObject environment(JsonObject json) {
        var value = json.getValue("env");
        if (value == null) {
            return new JsonObject();
        }
        if (!(value instanceof JsonObject environment) || environment.encode().length() > MAX_ENVIRONMENT) {
            throw invalid("env", "must be an object of texts, at most " + MAX_ENVIRONMENT + " bytes");
        }
        for (var entry : environment) {
            if (!isVariable(entry.getKey()) || !(entry.getValue() instanceof String)) {
                throw invalid("env." + entry.getKey(), "must be a text under a plain name");
            }
        }
        return environment;
    }

    private static List<String> secrets(ManifestFields fields, JsonObject environment) {
        var secrets = fields.list(
                "secrets",
                MAX_SECRETS,
                "names of letters, digits and _",
                text -> isVariable(text) ? Optional.of(text) : Optional.<String>empty());
        secrets.stream().filter(environment::containsKey).findFirst().ifPresent(twice -> {
            throw invalid("env." + twice, "is also a secret");
        });
        return secrets;
    }

    private static Grants grants(JsonObject json) {
        return switch (json.getValue("grants")) {
            case null -> Grants.NONE;
            case JsonObject given -> {
                var fields = new ManifestFields(given, "grants.");
                fields.known(GRANTS);
                yield new Grants(fields.flag("service", false));
            }
            default -> throw invalid("grants", "must be an object");
        };
    }

    static boolean isVariable(String name) {
        return VARIABLE.matcher(name).matches();
    }
}
