package dev.basalt.control.project;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.http.Exchange;

/** Who may administer which project: the operator every one, a project's own server that one. Stateless. */
public final class ProjectAccess {
    /** The path parameter that names the project. */
    public static final String REF = "ref";

    private ProjectAccess() {}

    /**
     * The ref in the path, if the caller may administer that project.
     *
     * @throws ApiException {@link KitError#PROJECT_NOT_FOUND} for a project that is not the caller's, whether or not it
     *     exists
     */
    public static String ref(Exchange exchange) {
        var ref = exchange.path(REF);
        if (exchange.caller() instanceof Caller.Operator) {
            return ref;
        }
        if (!exchange.project().ref().equals(ref)) {
            throw ApiException.of(KitError.PROJECT_NOT_FOUND);
        }
        return ref;
    }

    /**
     * Lets only the operator pass.
     *
     * @throws ApiException {@link KitError#FORBIDDEN}
     */
    public static void operator(Exchange exchange) {
        if (!(exchange.caller() instanceof Caller.Operator)) {
            throw ApiException.of(KitError.FORBIDDEN);
        }
    }
}
