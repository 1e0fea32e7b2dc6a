package dev.basalt.kit.function;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a function's author says of it. As JSON, all of it optional:
 *
 * <pre>{@code
 * {name, runtime: "js"|"nodejs"|"python"|"java"|"provided"|"http",
 *  signature: "basalt"|"lambda"|"openwhisk"|"kubeless"|"functions-framework"|"azure",
 *  entrypoint: path, handler: text, url: "https://…", build: boolean,
 *  timeoutMs, memoryMb, maxNestedGbSeconds, concurrency, minInstances, maxInstances, idleMs, queue,
 *  public: boolean, env: {name: text}, secrets: [name], egress: ["host", "host:port", "*.host"], grants: {service: boolean},
 *  triggers: [{on: "table", table: "public.todos", when: "before"|"after", events: ["insert","update","delete"], timeoutMs,
 *    onFailure: "reject"|"allow", order: -1000..1000},
 *   {on: "users"|"objects", when: "before", ...}]}
 * }</pre>
 *
 * <p>Immutable; {@code environment} must not be modified.
 *
 * @param name the function's, where the manifest repeats it; a deployment under another name refuses it
 * @param runtime one of {@link #RUNTIMES}; whether a host offers it is the host's to say
 * @param entrypoint the file that holds the code, as a path in the function's files; empty for {@code http}
 * @param handler what in the code is called, in the words of the signature (Lambda's {@code index.handler}, a class's name)
 * @param url where an {@code http} function is, and only there; without user, query and fragment
 * @param build whether a deployment bundles the source; without it the files run as they are
 * @param timeout what a handler may run
 * @param memoryMb what one instance may use
 * @param nestedGbSeconds what all functions that one call of it leads to may use together; the host may allow less
 * @param secrets names of the project's secrets that join {@code environment}
 * @param egress what the function may connect to; empty is nothing
 */
public record FunctionManifest(
        Optional<String> name,
        String runtime,
        Signature signature,
        String entrypoint,
        Optional<String> handler,
        Optional<URI> url,
        boolean build,
        Duration timeout,
        int memoryMb,
        OptionalInt nestedGbSeconds,
        Scaling scaling,
        boolean isPublic,
        JsonObject environment,
        List<String> secrets,
        List<EgressRule> egress,
        Grants grants,
        List<Trigger> triggers) {
    /** Every name that {@code runtime} may have. */
    public static final Set<String> RUNTIMES = Set.of("js", "nodejs", "python", "java", "provided", "http");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");

    /**
     * How many instances there are; what is empty is the runtime's default.
     *
     * @param concurrency calls that one instance runs at a time
     * @param minInstances kept warm on each host
     * @param idle how long an instance without calls stays
     * @param queue calls that may wait for an instance; beyond them a call is refused
     */
    public record Scaling(
            OptionalInt concurrency,
            int minInstances,
            OptionalInt maxInstances,
            Optional<Duration> idle,
            OptionalInt queue) {
        /** The runtime's defaults, nothing kept warm. */
        public static final Scaling DEFAULT =
                new Scaling(OptionalInt.empty(), 0, OptionalInt.empty(), Optional.empty(), OptionalInt.empty());
    }

    /**
     * What the function may do beyond its caller.
     *
     * @param service whether clients that the platform gives it may act as the service role
     */
    public record Grants(boolean service) {
        public static final Grants NONE = new Grants(false);
    }

    /** When the function runs by itself; the same as {@link DataTrigger} without the function's name. */
    public record Trigger(
            String table,
            Moment moment,
            Set<Operation> operations,
            Duration timeout,
            boolean allowOnFailure,
            int order) {
        public Trigger {
            operations = Set.copyOf(operations);
        }
    }

    public FunctionManifest {
        secrets = List.copyOf(secrets);
        egress = List.copyOf(egress);
        triggers = List.copyOf(triggers);
    }

    /** This manifest with another file that holds the code. */
    public FunctionManifest withEntrypoint(String path) {
        return new FunctionManifest(
                name,
                runtime,
                signature,
                path,
                handler,
                url,
                build,
                timeout,
                memoryMb,
                nestedGbSeconds,
                scaling,
                isPublic,
                environment,
                secrets,
                egress,
                grants,
                triggers);
    }

    /** Whether this can be a function's name: a path segment that needs no encoding. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a manifest.
     *
     * @throws ApiException {@link FunctionError#INVALID_MANIFEST} with the first field that is wrong
     */
    public static FunctionManifest parse(JsonObject json) {
        return ManifestReader.read(json);
    }

    /** This manifest with every default written out; those of the runtime are left out. */
    public JsonObject toJson() {
        var array = new JsonArray();
        triggers.forEach(trigger -> array.add(written(trigger)));
        var json = new JsonObject();
        name.ifPresent(given -> json.put("name", given));
        json.put("runtime", runtime).put("signature", signature.label());
        if (!entrypoint.isEmpty()) {
            json.put("entrypoint", entrypoint);
        }
        handler.ifPresent(given -> json.put("handler", given));
        url.ifPresent(given -> json.put("url", given.toString()));
        json.put("build", build)
                .put("timeoutMs", Math.toIntExact(timeout.toMillis()))
                .put("memoryMb", memoryMb);
        nestedGbSeconds.ifPresent(given -> json.put("maxNestedGbSeconds", given));
        scaling.concurrency().ifPresent(given -> json.put("concurrency", given));
        json.put("minInstances", scaling.minInstances());
        scaling.maxInstances().ifPresent(given -> json.put("maxInstances", given));
        scaling.idle().ifPresent(given -> json.put("idleMs", Math.toIntExact(given.toMillis())));
        scaling.queue().ifPresent(given -> json.put("queue", given));
        return json.put("public", isPublic)
                .put("env", environment)
                .put("secrets", new JsonArray(secrets))
                .put(
                        "egress",
                        new JsonArray(egress.stream().map(EgressRule::toString).toList()))
                .put("grants", new JsonObject().put("service", grants.service()))
                .put("triggers", array);
    }

    /** The triggers as a project's snapshot lists them. */
    public JsonArray projectTriggers(String function) {
        var array = new JsonArray();
        triggers.forEach(trigger -> array.add(toJson(trigger).put("function", function)));
        return array;
    }

    private static JsonObject written(Trigger trigger) {
        var json = toJson(trigger);
        var on = TriggerReader.on(trigger.table());
        if (!on.equals(TriggerReader.TABLE)) {
            json.remove("table");
        }
        return json.put("on", on);
    }

    private static JsonObject toJson(Trigger trigger) {
        var events = new TreeSet<String>();
        trigger.operations().forEach(operation -> events.add(operation.name().toLowerCase(Locale.ROOT)));
        var json = new JsonObject()
                .put("table", trigger.table())
                .put("when", trigger.moment().name().toLowerCase(Locale.ROOT))
                .put("events", new JsonArray(List.copyOf(events)))
                .put("timeoutMs", Math.toIntExact(trigger.timeout().toMillis()))
                .put("onFailure", trigger.allowOnFailure() ? "allow" : "reject");
        return trigger.moment() == Moment.BEFORE ? json.put("order", trigger.order()) : json;
    }
}
