package dev.basalt.kit.function;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.secret.MasterKeyConfig;
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
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The function host of another process, over HTTP with the platform key; the default where no host is on the class path.
 * Safe for use by any thread.
 */
@DefaultBean
@ApplicationScoped
public class RemoteFunctionHost implements HookInvoker, FunctionChecker {
    /** Runs before hooks: see {@link #hookRequest}. */
    public static final String HOOKS = "/internal/v1/functions/hooks";
    /** Compiles files: {@code {manifest, files: {path: base64}}}, answered {@code {}} or {@code {failure}}. */
    public static final String CHECK = "/internal/v1/functions/check";

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
        return post(HOOKS, hookRequest(context, call), timeout).map(answer -> {
            for (var used : answer.getJsonArray("usage", new JsonArray())) {
                var usage = (JsonObject) used;
                context.meter().addFunction(usage.getLong("ms"), usage.getLong("mb"));
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
        return new JsonObject()
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
    public Future<Optional<BuildFailure>> check(FunctionManifest manifest, ArtifactFiles files) {
        var encoded = new JsonObject();
        files.files()
                .forEach(
                        (path, content) -> encoded.put(path, Base64.getEncoder().encodeToString(content.getBytes())));
        return post(
                        CHECK,
                        new JsonObject().put("manifest", manifest.toJson()).put("files", encoded),
                        Duration.ofSeconds(10))
                .map(answer -> Optional.ofNullable(answer.getJsonObject("failure"))
                        .map(failure -> new BuildFailure(
                                failure.getString("message"),
                                failure.getString("file"),
                                failure.getInteger("line"),
                                failure.getInteger("column"))));
    }

    private Future<JsonObject> post(String path, JsonObject body, Duration timeout) {
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
                .putHeader("Content-Type", "application/json");
        return client().request(request)
                .compose(ready -> ready.send(body.toBuffer()))
                .compose(response -> response.body().map(answer -> json(response.statusCode(), answer)))
                .recover(failure -> Future.failedFuture(
                        failure instanceof ApiException
                                ? failure
                                : ApiException.caused(FunctionError.FUNCTIONS_UNAVAILABLE, failure)
                                        .withHeader("Retry-After", "1")));
    }

    private static JsonObject json(int status, Buffer body) {
        if (status != 200) {
            throw ApiException.caused(
                            FunctionError.FUNCTIONS_UNAVAILABLE,
                            new IllegalStateException("the function host answered " + status))
                    .withHeader("Retry-After", "1");
        }
        return new JsonObject(body);
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
