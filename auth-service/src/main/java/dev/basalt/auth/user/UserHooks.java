package dev.basalt.auth.user;

import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Before hooks of users. A hook sees the user as the API's clients do, without its password and sessions; it may change
 * {@code user_metadata} and {@code app_metadata}, whole. What refuses fails with {@link HookVerdict.Reject} as its error.
 * Safe for use by any thread.
 */
@ApplicationScoped
public class UserHooks {
    private static final String USER_METADATA = "user_metadata";
    private static final String APP_METADATA = "app_metadata";

    private final HookInvoker hooks;
    private final AuthConfig config;

    @Inject
    UserHooks(HookInvoker hooks, AuthConfig config) {
        this.hooks = hooks;
        this.config = config;
    }

    /** A new user as the hooks want it. */
    public Future<NewUser> creating(RequestContext context, NewUser user) {
        var triggers = triggers(context, Operation.INSERT);
        return triggers.isEmpty()
                ? Future.succeededFuture(user)
                : shaped(context, triggers, Operation.INSERT, user.toJson(), null)
                        .map(user::withMetadata);
    }

    /** A user's change as the hooks want it. */
    public Future<UserUpdate> updating(RequestContext context, User user, UserUpdate update) {
        var triggers = triggers(context, Operation.UPDATE);
        return triggers.isEmpty()
                ? Future.succeededFuture(update)
                : shaped(context, triggers, Operation.UPDATE, update.toJson(user), user.toJson())
                        .map(update::withMetadata);
    }

    /** Whether hooks look at deletions. */
    public boolean onDelete(RequestContext context) {
        return !triggers(context, Operation.DELETE).isEmpty();
    }

    /** Fails where a hook refuses that a user is deleted. */
    public Future<Void> deleting(RequestContext context, User user) {
        return before(context, triggers(context, Operation.DELETE), Operation.DELETE, null, user.toJson())
                .mapEmpty();
    }

    private Future<Metadata> shaped(
            RequestContext context,
            List<DataTrigger> triggers,
            Operation operation,
            JsonObject record,
            @Nullable JsonObject old) {
        return before(context, triggers, operation, record, old).map(row -> {
            if (row == null
                    || !(row.getValue(USER_METADATA) instanceof JsonObject user)
                    || !(row.getValue(APP_METADATA) instanceof JsonObject app)) {
                throw HookVerdict.Reject.invalidAnswer("A hook returned a user without its metadata")
                        .asFailure();
            }
            var metadata = new Metadata(user, app);
            metadata.check(config.metadataLimit().asLongValue());
            return metadata;
        });
    }

    private Future<@Nullable JsonObject> before(
            RequestContext context,
            List<DataTrigger> triggers,
            Operation operation,
            @Nullable JsonObject record,
            @Nullable JsonObject old) {
        var call = new HookCall(triggers, operation, "auth", "users", record, old);
        return hooks.shape(context, call, Set.of(USER_METADATA, APP_METADATA));
    }

    private static List<DataTrigger> triggers(RequestContext context, Operation operation) {
        return context.project().triggers(Moment.BEFORE, DataTrigger.USERS, operation);
    }
}
