package dev.basalt.kit.function;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.request.FunctionUse;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.secret.MasterKeyConfig;
import dev.basalt.kit.work.Blocking;
import io.quarkus.arc.DefaultBean;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The function host of another process, over HTTP with the platform key; the default where no host is on the class path.
 * Safe for use by any thread.
 */
@DefaultBean
@ApplicationScoped
public class RemoteFunctionHost implements HookInvoker, FunctionBuilder {
    /** Runs before hooks: see {@link #hookRequest}. */
    public static final String HOOKS = "/internal/v1/functions/hooks";
    /** Builds a source: {@link BuildWire}. */
    public static final String BUILD = "/internal/v1/functions/build";

    private final Vertx vertx;
    private final RemoteConfig config;
    private final Optional<String> platformKey;
    private volatile @Nullable HttpClient client;

    @Inject
    public RemoteFunctionHost(Vertx vertx, RemoteConfig config, MasterKeyConfig secrets) {
        this.vertx = vertx;
        this.config = config;
        this.platformKey = secrets.platformKey();
    }

    @Override
    public Future<HookVerdict> before(RequestContext context, HookCall call) {
        var timeout = call.triggers().stream().map(DataTrigger::timeout).reduce(Duration.ZERO, Duration::plus);
        return post(HOOKS, "application/json", hookRequest(context, call).toBuffer(), timeout)
                .map(JsonObject::new)
                .map(answer -> {
                    for (var used : answer.getJsonArray("usage", new JsonArray())) {
                        var usage = (JsonObject) used;
                        context.meter()
                                .addFunction(new FunctionUse(
                                        usage.getLong("ms"),
                                        usage.getLong("mbMs"),
                                        usage.getLong("initMs"),
                                        usage.getLong("cpuMicros"),
                                        usage.getLong("egressBytes")));
                    }
                    if (answer.containsKey("reject")) {
                        var reject = answer.getJsonObject("reject");
                        return (HookVerdict) new HookVerdict.Reject(
                                reject.getInteger("status"), reject.getString("code"), reject.getString("message"));
                    }
                    return new HookVerdict.Proceed(answer.getJsonObject("record"));
                });
    }

    /** A hook call on the wire; the function host reads it back. */
    public static JsonObject hookRequest(RequestContext context, HookCall call) {
        var functions = new JsonArray();
        call.triggers()
                .forEach(trigger -> functions.add(new JsonObject()
                        .put("function", trigger.function())
                        .put("timeoutMs", trigger.timeout().toMillis())
                        .put("allow", trigger.allowOnFailure())));
        var caller = new JsonObject()
                .put("role", context.caller().role().databaseName())
                .put("claims", new JsonObject(context.caller().claimsJson()));
        if (context.caller() instanceof Caller.User user) {
            caller.put("id", user.id().toString());
        }
        var chain = context.chain();
        return new JsonObject()
                .put(
                        "chain",
                        chain == null
                                ? null
                                : new JsonObject()
                                        .put("invocation", chain.invocation().toString())
                                        .put("first", chain.first().toString())
                                        .put("budget", chain.budget())
                                        .put("deadline", chain.deadline()))
                .put("project", context.project().ref())
                .put("requestId", context.requestId())
                .put("depth", context.triggerDepth())
                .put("caller", caller)
                .put("triggers", functions)
                .put("operation", call.operation().name())
                .put("schema", call.schema())
                .put("table", call.table())
                .put("record", call.record())
                .put("oldRecord", call.oldRecord());
    }

    @Override
    public Future<Build> build(FunctionManifest manifest, ArtifactFiles source) {
        return Blocking.call(vertx, () -> BuildWire.request(manifest, source))
                .compose(request -> post(BUILD, "application/octet-stream", request, config.buildTimeout()))
                .compose(answer -> Blocking.call(vertx, () -> BuildWire.readAnswer(answer)));
    }

    private Future<Buffer> post(String path, String type, Buffer body, Duration timeout) {
        if (config.url().isEmpty() || platformKey.isEmpty()) {
            return Future.failedFuture(ApiException.caused(
                    FunctionError.FUNCTIONS_UNAVAILABLE,
                    new IllegalStateException("basalt.functions.remote.url or the platform key is not set")));
        }
        var request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(config.url().get() + path)
                .setTimeout(timeout.plus(config.margin()).toMillis())
                .putHeader("Authorization", "Bearer " + platformKey.get())
                .putHeader("Content-Type", type);
        return client().request(request)
                .compose(ready -> ready.send(body))
                .compose(response -> response.body().map(answer -> answered(response.statusCode(), answer)))
                .recover(failure -> Future.failedFuture(
                        failure instanceof ApiException
                                ? failure
                                : ApiException.caused(FunctionError.FUNCTIONS_UNAVAILABLE, failure)
                                        .withHeader("Retry-After", "1")));
    }

    private static Buffer answered(int status, Buffer body) {
        if (status == FunctionError.ARTIFACT_TOO_LARGE.status()) {
            throw ApiException.of(FunctionError.ARTIFACT_TOO_LARGE);
        }
        if (status != 200) {
            throw ApiException.caused(
                            FunctionError.FUNCTIONS_UNAVAILABLE,
                            new IllegalStateException("the function host answered " + status))
                    .withHeader("Retry-After", "1");
        }
        return body;
    }

    private HttpClient client() {
        var known = client;
        if (known == null) {
            synchronized (this) {
                known = client;
                if (known == null) {
                    known = vertx.createHttpClient(new HttpClientOptions()
                            .setMaxPoolSize(config.maxConnections())
                            .setMaxWaitQueueSize(config.maxWaiting())
                            .setTcpNoDelay(true));
                    client = known;
                }
            }
        }
        return known;
    }
}
