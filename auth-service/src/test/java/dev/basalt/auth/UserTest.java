package dev.basalt.auth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.jose4j.jwk.JsonWebKeySet;
import org.junit.jupiter.api.Test;

@QuarkusTest
class UserTest extends AuthTest {
    @Test
    void usersReadThemselves() {
        var ada = signedUp("ada@example.com");
        signedUp("bob@example.com");
        as(ada).get("/auth/v1/user")
                .then()
                .statusCode(200)
                .body("id", equalTo(ada.userId()), "email", equalTo("ada@example.com"), "identities", hasSize(1));
    }

    @Test
    void withoutAUsersTokenThereIsNoUser() {
        client().get("/auth/v1/user").then().statusCode(401).body("code", equalTo("no_authorization"));
        admin().get("/auth/v1/user").then().statusCode(403);
        client().header("Authorization", "Bearer x.y.z")
                .get("/auth/v1/user")
                .then()
                .statusCode(403)
                .header("X-Supabase-Api-Version", "2024-01-01")
                .body("code", equalTo("bad_jwt"));
        given().header("apikey", project.publishableKey())
                .header("Authorization", "Bearer x.y.z")
                .get("/auth/v1/user")
                .then()
                .statusCode(403)
                .header("X-Supabase-Api-Version", nullValue())
                .body("code", equalTo(403), "error_code", equalTo("bad_jwt"), "msg", notNullValue());
    }

    @Test
    void dataIsMergedAndNullRemoves() {
        var ada = signedUp("ada@example.com");
        as(ada).body("{\"data\":{\"name\":\"Ada\",\"list\":[1,{\"x\":null}],\"gone\":1}}")
                .put("/auth/v1/user")
                .then()
                .statusCode(200);
        as(ada).body("{\"data\":{\"name\":\"Lovelace\",\"gone\":null,\"big\":12345678901234567890,\"half\":0.5}}")
                .put("/auth/v1/user")
                .then()
                .statusCode(200)
                .body("user_metadata.name", equalTo("Lovelace"), "user_metadata.list", hasSize(2))
                .body("user_metadata.gone", nullValue(), "user_metadata.half", equalTo(0.5f));
        // It is in the next token, and the token holds.
        as(Tokens.of(refresh(ada.refresh())))
                .get("/auth/v1/user")
                .then()
                .statusCode(200)
                .body("user_metadata.name", equalTo("Lovelace"));
        as(ada).body("{\"data\":{\"x\":\"" + "x".repeat(5000) + "\"}}")
                .put("/auth/v1/user")
                .then()
                .statusCode(400);
        for (var body : List.of(
                "{\"data\":[]}",
                "{\"data\":\"x\"}",
                "{\"data\":{\"x\":\"\\u0000\"}}",
                "{\"email\":1}",
                "{\"password\":1}",
                "{\"email\":\"x\"}",
                "{")) {
            as(ada).body(body).put("/auth/v1/user").then().statusCode(400);
        }
        as(ada).body("{\"app_metadata\":{\"admin\":true}}")
                .put("/auth/v1/user")
                .then()
                .statusCode(403)
                .body("code", equalTo("not_admin"));
        as(ada).get("/auth/v1/user")
                .then()
                .body("app_metadata.admin", nullValue(), "user_metadata.x", nullValue())
                .body("user_metadata.name", equalTo("Lovelace"));
    }

    @Test
    void aChangedAddressSignsInAndTheOldOneDoesNot() {
        var ada = signedUp("ada@example.com");
        signedUp("bob@example.com");
        as(ada).body("{\"email\":\"Lovelace@example.com\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(200)
                .body("email", equalTo("lovelace@example.com"), "user_metadata.email", equalTo("lovelace@example.com"))
                .body("identities[0].identity_data.email", equalTo("lovelace@example.com"), "identities", hasSize(1));
        logIn("lovelace@example.com", PASSWORD).then().statusCode(200);
        logIn("ada@example.com", PASSWORD).then().statusCode(400);
        as(ada).body("{\"email\":\"bob@example.com\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(422)
                .body("code", equalTo("email_exists"));
        assertThat(count("select count(*) from auth.users where email = 'bob@example.com'"))
                .isEqualTo(1);
    }

    @Test
    void aChangedPasswordSignsEveryOtherSessionOut() {
        var here = signedUp("ada@example.com");
        var there = Tokens.of(logIn("ada@example.com", PASSWORD));
        as(here).body("{\"password\":\"" + PASSWORD + "\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(422)
                .body("code", equalTo("same_password"));
        as(here).body("{\"password\":\"short\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(422)
                .body("code", equalTo("weak_password"));
        assertThat(sessions()).isEqualTo(2);
        as(here).body("{\"password\":\"another password\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(200);
        as(here).get("/auth/v1/user").then().statusCode(200);
        Tokens.of(refresh(here.refresh()));
        as(there).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("session_not_found"));
        refresh(there.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_not_found"));
        logIn("ada@example.com", PASSWORD).then().statusCode(400);
        logIn("ada@example.com", "another password").then().statusCode(200);
        assertThat(audited("user_updated_password")).isEqualTo(1);
    }

    @Test
    void anAnonymousUserBecomesANamedOne() {
        var somebody = Tokens.of(client().post("/auth/v1/signup"));
        as(somebody)
                .body("{\"password\":\"a password\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"));
        as(somebody)
                .body("{\"email\":\"ada@example.com\",\"password\":\"a password\"}")
                .put("/auth/v1/user")
                .then()
                .statusCode(200)
                .body("id", equalTo(somebody.userId()), "is_anonymous", equalTo(false))
                .body("identities", hasSize(1), "app_metadata.provider", equalTo("email"));
        assertThat(Tokens.of(logIn("ada@example.com", "a password")).userId()).isEqualTo(somebody.userId());
    }

    @Test
    void aDeletedUserIsRefusedEverywhere() {
        var ada = signedUp("ada@example.com");
        admin().delete("/auth/v1/admin/users/" + ada.userId()).then().statusCode(200);
        as(ada).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("user_not_found"));
        as(ada).body("{\"data\":{\"x\":1}}").put("/auth/v1/user").then().statusCode(403);
        as(ada).post("/auth/v1/logout").then().statusCode(403);
        refresh(ada.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_not_found"));
        logIn("ada@example.com", PASSWORD).then().statusCode(400).body("code", equalTo("invalid_credentials"));
        assertThat(users() + sessions() + count("select count(*) from auth.identities"))
                .isZero();
        assertThat(audited("user_deleted")).isEqualTo(1);
        assertThat(audited("logout")).isZero();
    }

    @Test
    void loggingOutEndsTheSessionsOfItsScope() {
        for (var scope : List.of("", "?scope=global")) {
            var here = signedUp("u" + scope.length() + "@example.com");
            var there = Tokens.of(logIn("u" + scope.length() + "@example.com", PASSWORD));
            as(here).post("/auth/v1/logout" + scope).then().statusCode(204);
            for (var tokens : List.of(here, there)) {
                as(tokens).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("session_not_found"));
                refresh(tokens.refresh()).then().statusCode(400).body("code", equalTo("refresh_token_not_found"));
            }
            as(here).post("/auth/v1/logout").then().statusCode(403).body("code", equalTo("session_not_found"));
        }
        var bob = signedUp("bob@example.com");
        var here = signedUp("ada@example.com");
        var there = Tokens.of(logIn("ada@example.com", PASSWORD));
        as(here).post("/auth/v1/logout?scope=local").then().statusCode(204);
        as(here).get("/auth/v1/user").then().statusCode(403);
        as(there).get("/auth/v1/user").then().statusCode(200);
        here = Tokens.of(logIn("ada@example.com", PASSWORD));
        as(here).post("/auth/v1/logout?scope=others").then().statusCode(204);
        as(there).get("/auth/v1/user").then().statusCode(403);
        as(here).get("/auth/v1/user").then().statusCode(200);
        as(here).post("/auth/v1/logout?scope=all").then().statusCode(400).body("code", equalTo("validation_failed"));
        // Nobody else is signed out.
        as(bob).get("/auth/v1/user").then().statusCode(200);
        assertThat(audited("logout")).isEqualTo(4);
    }

    @Test
    void theJwksVerifiesTheTokensAndNeedsNoKey() throws Exception {
        var ada = signedUp("ada@example.com");
        var answer = given().header("Host", project.ref() + ".localhost").get("/auth/v1/.well-known/jwks.json");
        answer.then()
                .statusCode(200)
                .header("Cache-Control", "public, max-age=600")
                .body("keys", hasSize(1), "keys[0].use", equalTo("sig"), "keys[0].alg", equalTo("ES256"))
                .body("keys[0].kty", equalTo("EC"), "keys[0].crv", equalTo("P-256"), "keys[0].d", nullValue());
        var jwk = new JsonWebKeySet(answer.asString()).getJsonWebKeys().getFirst();
        var parts = ada.access().split("\\.", -1);
        var header = new io.vertx.core.json.JsonObject(
                new String(Base64.getUrlDecoder().decode(parts[0]), java.nio.charset.StandardCharsets.UTF_8));
        assertThat(header.getString("kid")).isEqualTo(jwk.getKeyId());
        var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify((java.security.PublicKey) jwk.getKey());
        signature.update((parts[0] + "." + parts[1]).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        newProject();
        given().header("Host", project.ref() + ".localhost")
                .get("/auth/v1/.well-known/jwks.json")
                .then()
                .body("keys[0].kid", not(equalTo(jwk.getKeyId())));
    }

    @Test
    void settingsAndHealthAnswerWithAKey() {
        client().get("/auth/v1/settings")
                .then()
                .statusCode(200)
                .body("external.email", equalTo(true), "external.anonymous_users", equalTo(true))
                .body("disable_signup", equalTo(false), "mailer_autoconfirm", equalTo(true));
        client().get("/auth/v1/health").then().statusCode(200).body("name", notNullValue());
        client().get("/auth/v1/nothing").then().statusCode(404);
    }
}
