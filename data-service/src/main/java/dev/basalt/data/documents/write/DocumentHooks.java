package dev.basalt.data.documents.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.error.PostgresError;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Before hooks of documents. A hook sees {@code {parent, id, data}} as the row, and may change {@code data}. Safe for use by
 * any thread.
 */
@ApplicationScoped
class DocumentHooks {
    private static final String DATA = "data";
    private final HookInvoker hooks;

    @Inject
    DocumentHooks(HookInvoker hooks) {
        this.hooks = hooks;
    }

    /**
     * The document as the hooks want it; null for a deletion.
     *
     * @param document what is to be written; null for a deletion
     * @param old what is there; null for a new document
     */
    Future<@Nullable String> before(
            RequestContext context,
            List<DataTrigger> triggers,
            Operation operation,
            Write write,
            @Nullable String document,
            @Nullable String old) {
        var call = new HookCall(
                triggers,
                operation,
                "documents",
                write.path().collection().collection(),
                document == null ? null : row(write, document),
                old == null ? null : row(write, old));
        return hooks.before(context, call).map(verdict -> switch (verdict) {
            case HookVerdict.Proceed(var row) -> document == null ? null : shaped(write, row, document);
            case HookVerdict.Reject reject -> throw refused(write, reject);
        });
    }

    private static JsonObject row(Write write, String document) {
        return new JsonObject()
                .put("parent", write.path().collection().parent())
                .put("id", write.path().id())
                .put(DATA, new JsonObject(document));
    }

    private static String shaped(Write write, @Nullable JsonObject row, String document) {
        if (row == null || !(row.getValue(DATA) instanceof JsonObject data)) {
            throw refused(write, new HookVerdict.Reject(500, "hook_invalid_answer", "The hook returned no data"));
        }
        return StrictJson.document(withDigits(StrictJson.parse(data.encode()), StrictJson.parse(document)), "");
    }

    /** What a hook handed back, with the numbers that it did not change as they were: it only has doubles. */
    private static JsonNode withDigits(JsonNode shaped, JsonNode original) {
        if (shaped.isNumber() && original.isNumber() && shaped.doubleValue() == original.doubleValue()) {
            return original;
        }
        if (shaped instanceof ObjectNode object && original instanceof ObjectNode before) {
            object.properties().forEach(member -> {
                var same = before.get(member.getKey());
                if (same != null) {
                    member.setValue(withDigits(member.getValue(), same));
                }
            });
        } else if (shaped instanceof ArrayNode array && original instanceof ArrayNode before) {
            for (int i = 0; i < Math.min(array.size(), before.size()); i++) {
                array.set(i, withDigits(array.get(i), before.get(i)));
            }
        }
        return shaped;
    }

    private static ApiException refused(Write write, HookVerdict.Reject reject) {
        return write.located(
                ApiException.of(new PostgresError(reject.status(), reject.code(), reject.message()), reject.message()));
    }
}
