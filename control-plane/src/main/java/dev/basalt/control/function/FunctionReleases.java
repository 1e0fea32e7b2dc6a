package dev.basalt.control.function;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which versions of functions answer: aliases, canaries, going back. All of it is one row's change; hosts hear of it at once.
 * Safe for use by any thread.
 */
@ApplicationScoped
class FunctionReleases {
    private final FunctionStore functions;
    private final AliasStore aliases;
    private final LiveTriggers triggers;

    @Inject
    FunctionReleases(FunctionStore functions, AliasStore aliases, LiveTriggers triggers) {
        this.functions = functions;
        this.aliases = aliases;
        this.triggers = triggers;
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    Future<List<JsonObject>> versions(Project project, String name) {
        return aliases.versions(project.id(), name).map(FunctionReleases::present);
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND}. */
    Future<List<Alias>> aliases(Project project, String name) {
        return aliases.aliases(project.id(), name).map(FunctionReleases::present);
    }

    private static <T> List<T> present(List<T> found) {
        if (found.isEmpty()) {
            // Every function has a version, and the live alias.
            throw ApiException.of(FunctionError.FUNCTION_NOT_FOUND);
        }
        return found;
    }

    /** Fails with {@link FunctionError#FUNCTION_NOT_FOUND} or {@link FunctionError#VERSION_NOT_FOUND}. */
    Future<Alias> put(RequestContext context, String name, Alias alias) {
        var project = context.project().id();
        if (!alias.name().equals(Alias.LIVE)) {
            return aliases.put(project, name, alias, Optional.empty()).map(done -> alias);
        }
        return view(context.project(), name)
                .compose(before -> aliases.manifest(project, name, alias.version())
                        .map(found -> found.orElseThrow(() -> ApiException.of(FunctionError.VERSION_NOT_FOUND)))
                        .compose(manifest -> triggers.during(
                                context,
                                name,
                                manifest.triggers(),
                                before.manifest().triggers(),
                                () -> aliases.put(project, name, alias, Optional.of(manifest))))
                        .map(done -> alias));
    }

    /** Fails with {@link FunctionError#INVALID_ALIAS} for the live one, else as it says. */
    Future<Void> delete(Project project, String name, String alias) {
        if (alias.equals(Alias.LIVE)) {
            throw ApiException.of(
                    FunctionError.INVALID_ALIAS, "live can't be deleted: a function has a version that answers");
        }
        return aliases.delete(project.id(), name, alias);
    }

    /**
     * Makes an earlier version the live one, and ends a canary.
     *
     * @param version which; the newest before the live one if it is empty
     */
    Future<FunctionView> rollback(RequestContext context, String name, OptionalInt version) {
        var project = context.project();
        return view(project, name)
                .compose(found -> version.isPresent()
                        ? Future.succeededFuture(version.getAsInt())
                        : aliases.earlier(project.id(), name)
                                .map(earlier ->
                                        earlier.orElseThrow(() -> ApiException.of(FunctionError.NO_EARLIER_VERSION))))
                .compose(chosen -> put(context, name, Alias.live(chosen)))
                .compose(done -> view(project, name));
    }

    private Future<FunctionView> view(Project project, String name) {
        return functions
                .find(project.id(), name)
                .map(found -> found.orElseThrow(() -> ApiException.of(FunctionError.FUNCTION_NOT_FOUND)));
    }
}
