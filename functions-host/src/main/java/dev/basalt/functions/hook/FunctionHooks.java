package dev.basalt.functions.hook;

import dev.basalt.functions.invoke.FunctionInvoker;
import dev.basalt.functions.invoke.InvocationKind;
import dev.basalt.functions.invoke.Origin;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.registry.FunctionRegistry;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs before hooks in this process. The handler is {@code onEvent(event, ctx)} with {@code event = {type: "insert" | "update"
 * | "delete", schema, table, record, old_record}}. What it returns decides:
 *
 * <ul>
 *   <li>nothing, {@code null}: the row goes on as it is;
 *   <li>{@code {record: {...}}}: the row is replaced by this one, whole;
 *   <li>{@code {reject: {status?, code?, message}}}: the write is refused, with 400 and {@code hook_rejected} where it names
 *       neither;
 *   <li>anything else: the hook has failed.
 * </ul>
 *
 * <p>A hook that fails refuses the write, or lets it pass unchanged where its trigger says {@code onFailure: allow}; what it
 * threw is told to the caller only as {@code hook_failed}. Safe for use by any thread.
 */
@ApplicationScoped
public class FunctionHooks implements HookInvoker {
    private static final String FAILED = "hook_failed";
    private static final String TIMEOUT = "hook_timeout";
    private static final String INVALID = "hook_invalid_answer";
    private static final String REJECTED = "hook_rejected";
    private static final int MAX_MESSAGE = 1000;

    private final FunctionRegistry registry;
    private final FunctionInvoker invoker;

    @Inject
    FunctionHooks(FunctionRegistry registry, FunctionInvoker invoker) {
        this.registry = registry;
        this.invoker = invoker;
    }

    @Override
    public Future<HookVerdict> before(RequestContext context, HookCall call) {
        return next(context, call, call.triggers().iterator(), call.record());
    }

    private Future<HookVerdict> next(
            RequestContext context, HookCall call, Iterator<DataTrigger> triggers, @Nullable JsonObject record) {
        if (!triggers.hasNext()) {
            return Future.succeededFuture(new HookVerdict.Proceed(record));
        }
        var trigger = triggers.next();
        return registry.find(context.project(), trigger.function())
                .compose(function -> function.isEmpty()
                        ? Future.succeededFuture(failure(
                                trigger, record, 500, FAILED, "The hook " + trigger.function() + " is not there"))
                        : run(context, call, trigger, function.get(), record))
                .compose(verdict -> verdict instanceof HookVerdict.Proceed proceed
                        ? next(context, call, triggers, proceed.record())
                        : Future.succeededFuture(verdict));
    }

    private Future<HookVerdict> run(
            RequestContext context,
            HookCall call,
            DataTrigger trigger,
            DeployedFunction function,
            @Nullable JsonObject record) {
        var operation = call.operation().name().toLowerCase(Locale.ROOT);
        var event = new JsonObject()
                .put("type", operation)
                .put("schema", call.schema())
                .put("table", call.table())
                .put("record", record)
                .put("old_record", call.oldRecord());
        var origin = Origin.of(operation + " " + call.schema() + "." + call.table());
        var accepted = invoker.accept(context, function, InvocationKind.BEFORE, origin);
        return accepted.run(new Invocation.Event(
                        trigger.timeout(), accepted.handlerContext(), event, invoker.links(accepted)))
                .map(outcome -> switch (outcome.result()) {
                    case Outcome.Result.Value(String json) -> answer(trigger, record, json);
                    case Outcome.Result.Failed(Failure failure) -> failed(trigger, record, failure);
                    case Outcome.Result.HttpAnswer _, Outcome.Result.HttpStream _ -> invalid(trigger, record);
                });
    }

    private static HookVerdict answer(DataTrigger trigger, @Nullable JsonObject record, String json) {
        if (json.equals("null")) {
            return new HookVerdict.Proceed(record);
        }
        try {
            if (!(Json.decodeValue(json) instanceof JsonObject answer)) {
                return invalid(trigger, record);
            }
            var changed = answer.getValue("record");
            var reject = answer.getValue("reject");
            if (answer.size() == 1 && changed instanceof JsonObject row && record != null) {
                return new HookVerdict.Proceed(row);
            }
            if (answer.size() == 1 && reject instanceof JsonObject reason) {
                return reject(trigger, record, reason);
            }
            return invalid(trigger, record);
        } catch (DecodeException e) {
            return invalid(trigger, record);
        }
    }

    private static HookVerdict reject(DataTrigger trigger, @Nullable JsonObject record, JsonObject reason) {
        if (reason.getValue("status", 400) instanceof Integer status
                && status >= 400
                && status <= 599
                && reason.getValue("code", REJECTED) instanceof String code
                && code.length() <= 100
                && reason.getValue("message", "The write was refused") instanceof String message) {
            return new HookVerdict.Reject(
                    status, code, message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message);
        }
        return invalid(trigger, record);
    }

    private static HookVerdict failed(DataTrigger trigger, @Nullable JsonObject record, Failure failure) {
        return switch (failure.kind()) {
            case TIMEOUT ->
                failure(trigger, record, 504, TIMEOUT, "The hook " + trigger.function() + " did not answer in time");
            case OVERLOADED ->
                failure(trigger, record, 503, FAILED, "The hook " + trigger.function() + " has too many calls waiting");
            case UNAVAILABLE, CRASHED, CANCELLED, OVER_BUDGET ->
                failure(trigger, record, 503, FAILED, "The hook " + trigger.function() + " can't run now");
            case BAD_ANSWER, TOO_LARGE -> invalid(trigger, record);
            case COMPILE, EXCEPTION, MEMORY, STALLED, NO_HANDLER, INTERNAL ->
                failure(trigger, record, 500, FAILED, "The hook " + trigger.function() + " failed; its log says why");
        };
    }

    private static HookVerdict invalid(DataTrigger trigger, @Nullable JsonObject record) {
        return failure(
                trigger,
                record,
                500,
                INVALID,
                "The hook " + trigger.function() + " answered neither nothing, nor {record}, nor {reject}");
    }

    private static HookVerdict failure(
            DataTrigger trigger, @Nullable JsonObject record, int status, String code, String message) {
        return trigger.allowOnFailure()
                ? new HookVerdict.Proceed(record)
                : new HookVerdict.Reject(status, code, message);
    }
}
