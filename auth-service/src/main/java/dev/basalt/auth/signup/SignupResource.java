package dev.basalt.auth.signup;

import dev.basalt.auth.session.ClientInfo;
import dev.basalt.auth.token.AccessTokens;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code POST /signup}: a new user, who is signed in at once; anonymous if neither email nor phone is given. */
@ApplicationScoped
public class SignupResource {
    private final SignupService signups;
    private final AccessTokens tokens;

    @Inject
    SignupResource(SignupService signups, AccessTokens tokens) {
        this.signups = signups;
        this.tokens = tokens;
    }

    public void register(ApiRoutes.Api api) {
        api.post("/signup", "signup", Access.KEY, this::signUp);
    }

    private Future<Reply> signUp(Exchange exchange) {
        return JsonFields.read(exchange)
                .map(SignupRequest::of)
                .compose(request -> signups.signUp(exchange.context(), request, ClientInfo.of(exchange)))
                .map(session -> tokens.reply(exchange, session));
    }
}
