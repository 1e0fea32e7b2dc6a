package dev.basalt.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;

import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TokenTest extends AuthTest {
    @Inject
    MeterRegistry metrics;

    private long hashes() {
        return metrics.timer("basalt.auth.password.hash").count();
    }

    @Test
    void aPasswordOpensASession() {
        signedUp("ada@example.com");
        logIn("Ada@Example.com", PASSWORD)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("user.email", equalTo("ada@example.com"), "token_type", equalTo("bearer"));
        assertThat(sessions()).isEqualTo(2);
        assertThat(audited("login")).isEqualTo(1);
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswerForTheSameWork() {
        signedUp("ada@example.com");
        Tokens.of(client().post("/auth/v1/signup"));
        var before = hashes();
        var wrong = logIn("ada@example.com", "not the password");
        assertThat(hashes()).isEqualTo(before + 1);
        for (var email : List.of("bob@example.com", "not an address", "\u00e9")) {
            var unknown = logIn(email, "not the password");
            assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode()).isEqualTo(400);
            assertThat(unknown.body().asString()).isEqualTo(wrong.body().asString());
        }
        assertThat(hashes()).isEqualTo(before + 4);
        wrong.then().body("code", equalTo("invalid_credentials"), "message", equalTo("Invalid login credentials"));
        assertThat(sessions()).isEqualTo(2);
        assertThat(audited("login")).isZero();
    }

    @Test
    void aHashFromElsewhereVerifiesAndIsReplacedAtLogin() {
        var hash = OpenBSDBCrypt.generate("2a", PASSWORD.toCharArray(), new byte[16], 5);
        admin().body(new JsonObject()
                        .put("email", "old@example.com")
                        .put("password_hash", hash)
                        .put("email_confirm", true)
                        .encode())
                .post("/auth/v1/admin/users")
                .then()
                .statusCode(200);
        logIn("old@example.com", "wrong").then().statusCode(400);
        assertThat(count("select count(*) from auth.users where encrypted_password like '$2a$%'"))
                .isEqualTo(1);
        logIn("old@example.com", PASSWORD).then().statusCode(200);
        assertThat(
                        count(
                                "select count(*) from auth.users where encrypted_password like '$argon2id$v=19$m=19456,t=2,p=1$%'"))
                .isEqualTo(1);
        logIn("old@example.com", PASSWORD).then().statusCode(200);
    }

    @Test
    void aRefreshTokenIsExchangedForTheNextOfTheSameSession() {
        var first = signedUp("ada@example.com");
        var second = Tokens.of(refresh(first.refresh()));
        assertThat(second.refresh()).isNotEqualTo(first.refresh());
        assertThat(second.userId()).isEqualTo(first.userId());
        var third = Tokens.of(refresh(second.refresh()));
        as(third).get("/auth/v1/user").then().statusCode(200);
        assertThat(claim(third, "session_id")).isEqualTo(claim(first, "session_id"));
        assertThat(sessions()).isEqualTo(1);
        // Nothing that lies in the database is a token.
        for (var token : List.of(first, second, third)) {
            assertThat(count("select count(*) from auth.sessions s where s::text like '%" + token.refresh() + "%'"))
                    .isZero();
        }
    }

    private static String claim(Tokens tokens, String name) {
        return new JsonObject(new String(
                        Base64.getUrlDecoder().decode(tokens.access().split("\\.", -1)[1]),
                        java.nio.charset.StandardCharsets.UTF_8))
                .getString(name);
    }

    @Test
    void aTokenUsedAgainAtOnceIsAnsweredWithTheSameChild() {
        var first = signedUp("ada@example.com");
        var second = Tokens.of(refresh(first.refresh()));
        var again = Tokens.of(refresh(first.refresh()));
        assertThat(again.refresh()).isEqualTo(second.refresh());
        assertThat(sessions()).isEqualTo(1);
        assertThat(audited("token_revoked")).isZero();
    }

    @Test
    void requestsAtOnceWithOneTokenAllGetTheSameChild() throws Exception {
        var first = signedUp("ada@example.com");
        var children = new HashSet<String>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Tokens> call = () -> Tokens.of(refresh(first.refresh()));
            for (var answer : threads.invokeAll(Collections.nCopies(8, call))) {
                children.add(answer.get().refresh());
            }
        }
        assertThat(children).hasSize(1);
        Tokens.of(refresh(children.iterator().next()));
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void refreshTokenReusedAfterRotationRevokesTheFamily() {
        var first = signedUp("ada@example.com");
        var other = Tokens.of(logIn("ada@example.com", PASSWORD));
        var second = Tokens.of(refresh(first.refresh()));
        var third = Tokens.of(refresh(second.refresh()));
        refresh(first.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_already_used"));
        for (var token : List.of(first, second, third)) {
            refresh(token.refresh()).then().statusCode(400);
        }
        as(third).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("session_not_found"));
        assertThat(audited("token_revoked")).isEqualTo(1);
        // The user's other session is no part of it.
        assertThat(sessions()).isEqualTo(1);
        Tokens.of(refresh(other.refresh()));
    }

    @Test
    void theReuseIntervalEnds() {
        configure("{\"auth\": {\"refresh_reuse_interval\": 1000}}");
        var first = signedUp("ada@example.com");
        var second = Tokens.of(refresh(first.refresh()));
        execute("update auth.sessions set refreshed_at = now() - interval '900 seconds'");
        Tokens.of(refresh(first.refresh()));
        execute("update auth.sessions set refreshed_at = now() - interval '1001 seconds'");
        refresh(first.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_already_used"));
        refresh(second.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_not_found"));
        assertThat(sessions()).isZero();
    }

    @Test
    void aTokenThatWasNeverIssuedEndsNoSession() {
        var tokens = signedUp("ada@example.com");
        var bytes = Base64.getUrlDecoder().decode(tokens.refresh());
        bytes[20] ^= 1;
        // Names the session, as whoever saw its id could, with a secret of its own making.
        refresh(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                .then()
                .statusCode(400)
                .body("code", equalTo("refresh_token_not_found"));
        for (var token : List.of("x", " ", "\u00e9".repeat(80), "=".repeat(80), "A".repeat(80), "A".repeat(60_000))) {
            refresh(token).then().statusCode(400).body("code", equalTo("refresh_token_not_found"));
        }
        refresh("").then().statusCode(400).body("code", equalTo("validation_failed"));
        assertThat(sessions()).isEqualTo(1);
        Tokens.of(refresh(tokens.refresh()));
    }

    @Test
    void aTokenOfAnotherProjectIsRefusedAndNothingIsWritten() {
        var tokens = signedUp("ada@example.com");
        var mine = project;
        newProject();
        refresh(tokens.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_not_found"));
        as(tokens).get("/auth/v1/user").then().statusCode(401).body("code", equalTo("bad_jwt"));
        as(tokens).body("{\"data\":{\"x\":1}}").put("/auth/v1/user").then().statusCode(401);
        as(tokens).post("/auth/v1/logout").then().statusCode(401);
        assertThat(users()).isZero();
        assertThat(count("select count(*) from auth.audit_log_entries")).isZero();
        assertThat(count(mine, "select count(*) from auth.sessions where refreshed_at is null"))
                .isEqualTo(1);
        assertThat(refresh(mine, tokens.refresh()).statusCode()).isEqualTo(200);
    }

    @Test
    void bannedUsersAreRefusedEverywhereUntilTheBanEnds() {
        var tokens = signedUp("ada@example.com");
        execute("update auth.users set banned_until = now() + interval '1 hour'");
        logIn("ada@example.com", PASSWORD).then().statusCode(400).body("code", equalTo("user_banned"));
        logIn("ada@example.com", "wrong").then().statusCode(400).body("code", equalTo("invalid_credentials"));
        refresh(tokens.refresh()).then().statusCode(400).body("code", equalTo("user_banned"));
        as(tokens).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("user_banned"));
        assertThat(sessions()).isEqualTo(1);
        execute("update auth.users set banned_until = now() - interval '1 second'");
        logIn("ada@example.com", PASSWORD).then().statusCode(200);
        Tokens.of(refresh(tokens.refresh()));
    }

    @Test
    void anExpiredSessionIsNotRefreshed() {
        var tokens = signedUp("ada@example.com");
        execute("update auth.sessions set not_after = now() - interval '1 second'");
        refresh(tokens.refresh()).then().statusCode(400).body("code", equalTo("session_expired"));
        as(tokens).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("session_not_found"));
    }

    @Test
    void otherGrantsAndBadBodiesAreRefused() {
        for (var query : List.of("", "?grant_type=", "?grant_type=pkce", "?grant_type=Password")) {
            client().body("{}").post("/auth/v1/token" + query).then().statusCode(400);
        }
        for (var body : List.of(
                "{}",
                "{\"email\":1,\"password\":\"x\"}",
                "{\"email\":\"a@b.c\",\"password\":[]}",
                "{\"email\":\"a@b.c\",\"phone\":\"1\",\"password\":\"x\"}",
                "[]",
                "{",
                "{\"email\":\"\\u0000\"}")) {
            client().body(body)
                    .post("/auth/v1/token?grant_type=password")
                    .then()
                    .statusCode(400)
                    .body("code", oneOf("bad_json", "validation_failed"));
        }
        client().body("{\"email\":\"a@b.c\"}")
                .post("/auth/v1/token?grant_type=password")
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_credentials"));
        client().body("{\"refresh_token\":1}")
                .post("/auth/v1/token?grant_type=refresh_token")
                .then()
                .statusCode(400)
                .body("code", equalTo("bad_json"));
        assertThat(sessions()).isZero();
    }

    @Test
    void aPasswordChangedWhileItWasVerifiedOpensNoSession() throws Exception {
        var ada = signedUp("ada@example.com");
        var commit = Promise.<Void>promise();
        // Changes the password as the service does, and waits before it commits.
        var change = databases.platformTransaction(
                context(project),
                connection -> connection
                        .query("with u as (update auth.users set encrypted_password = 'another' returning id)"
                                + " delete from auth.sessions using u where user_id = u.id")
                        .execute()
                        .compose(changed -> commit.future())
                        .map(true));
        try (var threads = Executors.newSingleThreadExecutor()) {
            var login = threads.submit(() -> logIn("ada@example.com", PASSWORD));
            Awaitility.await().until(() -> count("select count(*) from pg_catalog.pg_locks where not granted") > 0);
            commit.complete();
            TestProjects.await(change);
            login.get().then().statusCode(400).body("code", equalTo("invalid_credentials"));
        }
        refresh(ada.refresh()).then().statusCode(400);
        assertThat(sessions()).isZero();
        assertThat(audited("login")).isZero();
    }
}
