package dev.basalt.auth.user;

import dev.basalt.auth.wire.ClientAddress;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code GET /user} and {@code PUT /user}: the signed-in user. */
@ApplicationScoped
public class UserResource {
    private final UserService users;

    @Inject
    UserResource(UserService users) {
        this.users = users;
    }

    public void register(ApiRoutes.Api api) {
        api.get("/user", "user", Access.USER, this::read);
        api.put("/user", "user_update", Access.USER, this::change);
    }

    private Future<Reply> read(Exchange exchange) {
        return users.current(exchange.context(), (Caller.User) exchange.caller())
                .map(user -> Reply.json(200, user.toJson()));
    }

    private Future<Reply> change(Exchange exchange) {
        return JsonFields.read(exchange)
                .map(UserChange::of)
                .compose(change -> users.change(
                        exchange.context(), (Caller.User) exchange.caller(), change, ClientAddress.of(exchange)))
                .map(user -> Reply.json(200, user.toJson()));
    }
}
