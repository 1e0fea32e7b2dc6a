package dev.basalt.auth.admin;

import dev.basalt.auth.user.UserStore;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.auth.wire.ClientAddress;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.UUID;

/** {@code /admin/users} and {@code /admin/users/{id}}, with the project's secret key. */
@ApplicationScoped
public class AdminUserResource {
    private static final int DEFAULT_PAGE_SIZE = 50;
    private static final int MAX_PAGE_SIZE = 1000;

    private final AdminUserService users;

    @Inject
    AdminUserResource(AdminUserService users) {
        this.users = users;
    }

    public void register(ApiRoutes.Api api) {
        api.get("/admin/users", "admin_users", Access.SECRET, this::list);
        api.post("/admin/users", "admin_user_create", Access.SECRET, this::create);
        api.get("/admin/users/:id", "admin_user", Access.SECRET, this::read);
        api.put("/admin/users/:id", "admin_user_update", Access.SECRET, this::change);
        api.delete("/admin/users/:id", "admin_user_delete", Access.SECRET, this::delete);
    }

    private Future<Reply> create(Exchange exchange) {
        return JsonFields.read(exchange)
                .map(AdminUserRequest::of)
                .compose(request -> users.create(exchange.context(), request, ClientAddress.of(exchange)))
                .map(user -> Reply.json(200, user.toJson()));
    }

    private Future<Reply> read(Exchange exchange) {
        return users.read(exchange.context(), id(exchange)).map(user -> Reply.json(200, user.toJson()));
    }

    private Future<Reply> change(Exchange exchange) {
        var id = id(exchange);
        return JsonFields.read(exchange)
                .map(AdminUserRequest::of)
                .compose(request -> users.change(exchange.context(), id, request, ClientAddress.of(exchange)))
                .map(user -> Reply.json(200, user.toJson()));
    }

    private Future<Reply> delete(Exchange exchange) {
        var id = id(exchange);
        return JsonFields.read(exchange)
                .map(fields -> Boolean.TRUE.equals(fields.bool("should_soft_delete")))
                .compose(softly -> users.delete(exchange.context(), id, softly, ClientAddress.of(exchange)))
                .map(done -> Reply.json(200, new JsonObject()));
    }

    private Future<Reply> list(Exchange exchange) {
        var page = number(exchange, "page", 1, Integer.MAX_VALUE);
        var size = number(exchange, "per_page", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
        return users.list(exchange.context(), size, (page - 1L) * size).map(found -> paged(found, page, size));
    }

    /** With the headers by which clients turn pages: the total, and links to the next page and the last. */
    private static Reply paged(UserStore.Page found, int page, int size) {
        var users = new JsonArray();
        found.users().forEach(user -> users.add(user.toJson()));
        var last = Math.max(1, (found.total() + size - 1) / size);
        var links = new ArrayList<String>();
        if (page < last) {
            links.add(link(page + 1L, size, "next"));
        }
        links.add(link(last, size, "last"));
        return Reply.json(200, new JsonObject().put("users", users).put("aud", "authenticated"))
                .with("X-Total-Count", Long.toString(found.total()))
                .with("Link", String.join(", ", links));
    }

    private static String link(long page, int size, String relation) {
        return "</admin/users?page=" + page + "&per_page=" + size + ">; rel=\"" + relation + "\"";
    }

    private static UUID id(Exchange exchange) {
        return AdminUserRequest.uuid(exchange.path("id"));
    }

    private static int number(Exchange exchange, String name, int otherwise, int most) {
        var text = exchange.query(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            var value = Integer.parseInt(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Answered as any other value that can't be used.
        }
        throw ApiException.of(AuthError.VALIDATION_FAILED, name + " must be a number from 1 to " + most);
    }
}
