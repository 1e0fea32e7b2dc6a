package dev.basalt.sdk.auth;

import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.Failure;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Waiting;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Signing up, in and out, and the session meanwhile.
 *
 * <p>The client holds one session. Calls of the whole {@code BasaltClient} go out as its user; shortly before it expires
 * the next call refreshes it first, and calls that come meanwhile wait for that one refresh. When the service refuses the
 * refresh, the session is dropped and those calls fail: none goes out with fewer rights than its caller thinks.
 *
 * <p>Thread-safe. Every call fails with {@link AuthException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class AuthClient {
    private final Transport transport;
    private final SessionKeeper keeper;

    public AuthClient(Transport transport) {
        this.transport = transport;
        this.keeper = new SessionKeeper(
                transport.key(), transport.options().refreshMargin(), InstantSource.system(), this::requestRefresh);
    }

    /** Creates a user; where no confirmation is asked for, they are signed in. */
    public SignUpResult signUp(String email, String password) {
        return Waiting.on(signUpAsync(email, password));
    }

    /** As {@link #signUp(String, String)}, with metadata. */
    public SignUpResult signUp(String email, String password, Map<String, Object> data) {
        return Waiting.on(signUpAsync(email, password, data));
    }

    public CompletableFuture<SignUpResult> signUpAsync(String email, String password) {
        return signUpAsync(email, password, Map.of());
    }

    public CompletableFuture<SignUpResult> signUpAsync(String email, String password, Map<String, Object> data) {
        var body = new LinkedHashMap<String, Object>();
        body.put("email", email);
        body.put("password", password);
        if (!data.isEmpty()) body.put("data", data);
        return transport.send(call("POST", "/signup").json(body), asKey(), this::signedUp);
    }

    /** Signs a user in by e-mail address and password. */
    public Session signIn(String email, String password) {
        return Waiting.on(signInAsync(email, password));
    }

    public CompletableFuture<Session> signInAsync(String email, String password) {
        Call call = call("POST", "/token")
                .parameter("grant_type", "password")
                .json(Map.of("email", email, "password", password));
        return transport.send(call, asKey(), answer -> keeper.hold(session(answer)));
    }

    /** Ends this session. The client forgets it even if the call fails. */
    public void signOut() {
        signOut(SignOutScope.LOCAL);
    }

    public void signOut(SignOutScope scope) {
        Waiting.on(signOutAsync(scope));
    }

    /** Without a session this does nothing. A session that the service has forgotten counts as ended. */
    public CompletableFuture<Boolean> signOutAsync(SignOutScope scope) {
        Optional<Session> held = keeper.session();
        if (held.isEmpty()) return CompletableFuture.completedFuture(false);
        if (scope != SignOutScope.OTHERS) keeper.forget(held.get());
        Call call = call("POST", "/logout").parameter("scope", scope.wireName());
        BearerSource heldToken =
                () -> CompletableFuture.completedFuture(held.get().accessToken());
        return Linked.handle(transport.send(call, heldToken), (answer, failure) -> {
            if (failure == null) return true;
            if (failure instanceof AuthException refused && alreadyEnded(refused)) return false;
            throw Linked.rethrown(failure);
        });
    }

    /**
     * Refreshes the session now.
     *
     * @throws AuthException {@code session_not_found} without a session
     */
    public Session refresh() {
        return Waiting.on(refreshAsync());
    }

    public CompletableFuture<Session> refreshAsync() {
        return keeper.refresh();
    }

    /** Asks the service who is signed in. */
    public User user() {
        return Waiting.on(userAsync());
    }

    public CompletableFuture<User> userAsync() {
        return asUser(call("GET", "/user"));
    }

    /** Changes the signed-in user. */
    public User updateUser(UserUpdate update) {
        return Waiting.on(updateUserAsync(update));
    }

    public CompletableFuture<User> updateUserAsync(UserUpdate update) {
        return asUser(call("PUT", "/user").json(update));
    }

    /** The session held, without asking the service. */
    public Optional<Session> session() {
        return keeper.session();
    }

    /** Takes up a session kept from an earlier run. */
    public void restore(Session session) {
        keeper.hold(session);
    }

    /** The bearer of the client's calls: the fresh access token, or the key when nobody is signed in. */
    public BearerSource bearer() {
        return keeper;
    }

    private CompletableFuture<User> asUser(Call call) {
        if (keeper.session().isEmpty()) return CompletableFuture.failedFuture(SessionKeeper.noSession());
        return transport.send(call, keeper, answer -> keeper.changed(Json.read(answer, User.class)));
    }

    private CompletableFuture<Session> requestRefresh(Session session) {
        Call call = call("POST", "/token")
                .parameter("grant_type", "refresh_token")
                .json(Map.of("refresh_token", session.refreshToken()));
        return transport.send(call, asKey(), this::session);
    }

    private SignUpResult signedUp(Answer answer) {
        Session session = Json.read(answer, TokenAnswer.class)
                .toSession(InstantSource.system().instant());
        if (session != null) return new SignUpResult.SignedIn(keeper.hold(session));
        return new SignUpResult.ConfirmationPending(Json.read(answer, User.class));
    }

    private Session session(Answer answer) {
        return TokenAnswer.session(answer, InstantSource.system().instant());
    }

    private BearerSource asKey() {
        return () -> CompletableFuture.completedFuture(transport.key());
    }

    private static boolean alreadyEnded(BasaltException refused) {
        Failure failure = refused.failure();
        return failure.status() == 401 || failure.status() == 403 || failure.status() == 404;
    }

    private static Call call(String method, String path) {
        // This version of the interface answers errors as {code, message}.
        return Call.of(Dialect.AUTH, method, "/auth/v1" + path).header("X-Supabase-Api-Version", "2024-01-01");
    }
}
