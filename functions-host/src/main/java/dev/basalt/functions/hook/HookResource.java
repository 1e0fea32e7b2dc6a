package dev.basalt.functions.hook;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.RemoteFunctionHost;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.request.Chain;
import dev.basalt.kit.request.FunctionUse;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.request.RequestInfo;
import dev.basalt.kit.request.RequestMeter;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** Before hooks for the services of other processes: {@link RemoteFunctionHost} with the platform key. */
@ApplicationScoped
class HookResource implements ApiResource {
    private static final long MAX_BODY = 32L << 20;

    private final FunctionHooks hooks;
    private final ProjectDirectory projects;

    @Inject
    HookResource(FunctionHooks hooks, ProjectDirectory projects) {
        this.hooks = hooks;
        this.projects = projects;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.FUNCTIONS, RemoteFunctionHost.HOOKS, new ProblemDetails())
                .withBodyLimit(MAX_BODY)
                .post("", "function.hook", Access.PLATFORM, this::run);
    }

    private Future<Reply> run(Exchange exchange) {
        if (!(exchange.caller() instanceof Caller.Operator)) {
            throw ApiException.of(KitError.FORBIDDEN);
        }
        return exchange.jsonObject()
                .compose(body -> projects.byRef(body.getString("project")).compose(found -> {
                    var project = found.orElseThrow(() -> ApiException.of(KitError.PROJECT_NOT_FOUND));
                    var context = context(project, body);
                    return hooks.before(context, call(body)).map(verdict -> reply(context, verdict));
                }));
    }

    private static RequestContext context(Project project, JsonObject body) {
        var chain = body.getJsonObject("chain");
        return new RequestContext(
                body.getString("requestId"),
                project,
                caller(body.getJsonObject("caller")),
                RequestInfo.NONE,
                new RequestMeter(),
                body.getInteger("depth"),
                chain == null
                        ? null
                        : new Chain(
                                UUID.fromString(chain.getString("invocation")),
                                UUID.fromString(chain.getString("first")),
                                chain.getLong("budget"),
                                chain.getLong("deadline")));
    }

    private static Caller caller(JsonObject json) {
        var claims = json.getJsonObject("claims");
        return switch (json.getString("role")) {
            case "service_role" -> new Caller.Service();
            case "authenticated" ->
                new Caller.User(
                        UUID.fromString(json.getString("id")),
                        UUID.fromString(claims.getString("session_id", new UUID(0, 0).toString())),
                        Role.AUTHENTICATED,
                        claims,
                        claims.encode(),
                        Instant.ofEpochSecond(claims.getLong("exp", 0L)));
            default -> new Caller.Anonymous();
        };
    }

    private static HookCall call(JsonObject body) {
        var operation = DataTrigger.Operation.valueOf(body.getString("operation"));
        var table = body.getString("schema") + "." + body.getString("table");
        var triggers = body.getJsonArray("triggers");
        return new HookCall(
                IntStream.range(0, triggers.size())
                        .mapToObj(triggers::getJsonObject)
                        .map(trigger -> new DataTrigger(
                                trigger.getString("function"),
                                table,
                                DataTrigger.Moment.BEFORE,
                                Set.of(operation),
                                Duration.ofMillis(trigger.getLong("timeoutMs")),
                                trigger.getBoolean("allow"),
                                0))
                        .toList(),
                operation,
                body.getString("schema"),
                body.getString("table"),
                body.getJsonObject("record"),
                body.getJsonObject("oldRecord"));
    }

    private static Reply reply(RequestContext context, HookVerdict verdict) {
        var answer = new JsonObject();
        var use = context.meter().takeFunction();
        if (!use.equals(FunctionUse.NONE)) {
            answer.put(
                    "usage",
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("ms", use.millis())
                                    .put("mbMs", use.megabyteMillis())
                                    .put("initMs", use.initMillis())
                                    .put("cpuMicros", use.cpuMicros())
                                    .put("egressBytes", use.egressBytes())));
        }
        return Reply.json(
                200,
                switch (verdict) {
                    case HookVerdict.Proceed proceed -> answer.put("record", proceed.record());
                    case HookVerdict.Reject reject ->
                        answer.put(
                                "reject",
                                new JsonObject()
                                        .put("status", reject.status())
                                        .put("code", reject.code())
                                        .put("message", reject.message()));
                });
    }
}
