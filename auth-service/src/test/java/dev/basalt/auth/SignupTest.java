package dev.basalt.auth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SignupTest extends AuthTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z";

    @Test
    void signingUpAnswersASessionWithTheUser() {
        client().body("""
                        {"email": "Ada@Example.com", "password": "correct horse", "data": {"name": "Ada", "x": {"y": [1, null]}},
                         "gotrue_meta_security": {}, "code_challenge": null, "code_challenge_method": null}""")
                .post("/auth/v1/signup?redirect_to=http%3A%2F%2Flocalhost")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", equalTo("bearer"), "expires_in", equalTo(3600))
                .body("access_token", notNullValue(), "refresh_token", notNullValue(), "expires_at", notNullValue())
                .body("user.email", equalTo("ada@example.com"), "user.phone", equalTo(""))
                .body("user.aud", equalTo("authenticated"), "user.role", equalTo("authenticated"))
                .body("user.user_metadata.name", equalTo("Ada"), "user.user_metadata.x.y", hasSize(2))
                .body("user.user_metadata.email_verified", equalTo(true))
                .body("user.app_metadata.provider", equalTo("email"), "user.app_metadata.providers", hasItem("email"))
                .body("user.identities", hasSize(1), "user.identities[0].provider", equalTo("email"))
                .body("user.identities[0].identity_data.email", equalTo("ada@example.com"))
                .body("user.identities[0].created_at", matchesPattern(TIME))
                .body("user.created_at", matchesPattern(TIME), "user.last_sign_in_at", matchesPattern(TIME))
                .body("user.email_confirmed_at", matchesPattern(TIME), "user.confirmed_at", matchesPattern(TIME))
                .body("user.is_anonymous", equalTo(false), "user.banned_until", nullValue())
                .body("user.encrypted_password", nullValue());
        assertThat(users()).isEqualTo(1);
        assertThat(sessions()).isEqualTo(1);
        assertThat(audited("user_signedup")).isEqualTo(1);
    }

    @Test
    void theAccessTokenCarriesTheClaims() {
        var session = signUp("ada@example.com", PASSWORD)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        var claims = new JsonObject(new String(
                Base64.getUrlDecoder().decode(session.getString("access_token").split("\\.", -1)[1]),
                StandardCharsets.UTF_8));
        assertThat(claims.getMap())
                .containsEntry("sub", session.getString("user.id"))
                .containsEntry("aud", "authenticated")
                .containsEntry("role", "authenticated")
                .containsEntry("email", "ada@example.com")
                .containsEntry("phone", "")
                .containsEntry("aal", "aal1")
                .containsEntry("is_anonymous", false)
                .containsEntry("ref", project.ref())
                .containsKeys("iss", "iat", "session_id");
        assertThat(claims.getLong("exp")).isEqualTo(session.getLong("expires_at"));
        assertThat(claims.getString("iss")).endsWith("/auth/v1");
        assertThat(claims.getJsonArray("amr").getJsonObject(0).getString("method"))
                .isEqualTo("password");
        assertThat(claims.getJsonObject("app_metadata").getString("provider")).isEqualTo("email");
        assertThat(claims.getJsonObject("user_metadata").getString("email")).isEqualTo("ada@example.com");
    }

    @Test
    void withNeitherEmailNorPhoneTheUserIsAnonymous() {
        client().body("{\"data\": {\"theme\": \"dark\"}}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(200)
                .body("user.is_anonymous", equalTo(true), "user.email", equalTo(""), "user.identities", empty())
                .body("user.user_metadata.theme", equalTo("dark"));
        client().post("/auth/v1/signup").then().statusCode(200).body("user.is_anonymous", equalTo(true));
        assertThat(count("select count(*) from auth.users where is_anonymous and encrypted_password is null"))
                .isEqualTo(2);
    }

    @Test
    void anAddressIsRegisteredOnceWhateverItsCase() {
        signedUp("ada@example.com");
        signUp("ADA@example.COM", PASSWORD)
                .then()
                .statusCode(422)
                .header("X-Supabase-Api-Version", "2024-01-01")
                .body("code", equalTo("user_already_exists"), "message", equalTo("User already registered"));
        given().header("apikey", project.publishableKey())
                .contentType("application/json")
                .body("{\"email\":\"ada@example.com\",\"password\":\"another one\"}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(422)
                .header("X-Supabase-Api-Version", nullValue())
                .body("code", equalTo(422), "error_code", equalTo("user_already_exists"))
                .body("msg", equalTo("User already registered"));
        assertThat(users()).isEqualTo(1);
        assertThat(sessions()).isEqualTo(1);
        logIn("ada@example.com", PASSWORD).then().statusCode(200);
    }

    @Test
    void ofManySignUpsAtOnceWithOneAddressOneSucceeds() throws Exception {
        try (var threads = Executors.newFixedThreadPool(6)) {
            var statuses = threads
                    .invokeAll(java.util.Collections.nCopies(
                            6, () -> signUp("race@example.com", PASSWORD).statusCode()))
                    .stream()
                    .map(java.util.concurrent.Future::resultNow)
                    .toList();
            assertThat(statuses).containsExactlyInAnyOrder(200, 422, 422, 422, 422, 422);
        }
        assertThat(users()).isEqualTo(1);
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void aShortPasswordIsWeakAndSaysWhy() {
        signUp("ada@example.com", "12345")
                .then()
                .statusCode(422)
                .body("code", equalTo("weak_password"), "weak_password.reasons", equalTo(List.of("length")));
        signUp("ada@example.com", "\ud83d\ude00".repeat(5)).then().statusCode(422);
        assertThat(users()).isZero();
        signUp("ada@example.com", "123456").then().statusCode(200);
    }

    @Test
    void thePasswordsLengthIsLimited() {
        signUp("a@example.com", "p".repeat(257)).then().statusCode(400).body("code", equalTo("validation_failed"));
        assertThat(users()).isZero();
        signUp("a@example.com", "p".repeat(256)).then().statusCode(200);
        logIn("a@example.com", "p".repeat(256)).then().statusCode(200);
        logIn("a@example.com", "p".repeat(255)).then().statusCode(400);
        logIn("a@example.com", "p".repeat(257)).then().statusCode(400).body("code", equalTo("invalid_credentials"));
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (var email : List.of(
                "ada",
                "ada@",
                "@example.com",
                "a b@example.com",
                "ada@exa mple.com",
                "ada@-x.com",
                "ada@example..com",
                "\u00e9@example.com",
                "ada@example.com\n",
                "x".repeat(65) + "@example.com",
                "a@" + "b".repeat(60) + ("." + "c".repeat(60)).repeat(4))) {
            signUp(email, PASSWORD).then().statusCode(400).body("code", equalTo("validation_failed"));
        }
        assertThat(users()).isZero();
    }

    @Test
    void badBodiesAreTheClientsFaultAndLeaveNothing() {
        for (var body : List.of(
                "{",
                "[]",
                "null",
                "1",
                "\"x\"",
                "{\"email\": 1}",
                "{\"email\":[\"a@b.c\"]}",
                "{\"email\":\"a@b.c\",\"password\":123456}",
                "{\"data\":[]}",
                "{\"data\":\"x\"}",
                "{\"data\":1}",
                "{\"data\":{\"x\":\"\\u0000\"}}",
                "{\"data\":{\"\\u0000\":1}}",
                "{\"data\":{\"x\":[{\"y\":\"\\ud800\"}]}}",
                "{\"data\":{\"x\":\"\\udc00\\ud800\"}}",
                "{\"data\":{\"x\":1e999}}",
                "{\"email\":\"a\\u0000@b.c\",\"password\":\"123456\"}",
                "{\"email\":\"a@b.c\",\"password\":\"12345\\u00006\"}",
                "{\"email\":\"a@b.c\",\"password\":\"12345\\ud8006\"}",
                "[".repeat(20_000),
                "{\"data\":" + "{\"a\":".repeat(5000))) {
            // As bytes: REST Assured would print text prettily, which takes all memory for the deep ones.
            client().body(body.getBytes(StandardCharsets.UTF_8))
                    .post("/auth/v1/signup")
                    .then()
                    .statusCode(400)
                    .body("code", org.hamcrest.Matchers.oneOf("bad_json", "validation_failed"));
        }
        client().body(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'})
                .post("/auth/v1/signup")
                .then()
                .statusCode(400)
                .body("code", equalTo("bad_json"));
        client().contentType("text/plain")
                .body("{}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(415);
        assertThat(users()).isZero();
        assertThat(audited("user_signedup")).isZero();
    }

    @Test
    void hugeInputIsRefusedOnBothSidesOfItsLimit() {
        client().body("{\"data\":{\"x\":\"" + "x".repeat(70_000) + "\"}}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(413);
        client().body("{\"data\":{\"x\":\"" + "x".repeat(5000) + "\"}}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"));
        assertThat(users()).isZero();
        // The largest metadata still make a token that is taken.
        var largest = 4096 - "{}{\"x\":\"\"}".length();
        var tokens = Tokens.of(client().body("{\"data\":{\"x\":\"" + "x".repeat(largest) + "\"}}")
                .post("/auth/v1/signup"));
        as(tokens).get("/auth/v1/user").then().statusCode(200);
        client().body("{\"data\":{\"x\":\"" + "x".repeat(largest + 1) + "\"}}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(400);
    }

    @Test
    void aPhoneIsNotTakenYet() {
        client().body("{\"phone\":\"123456789\",\"password\":\"123456\"}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(400)
                .body("code", equalTo("phone_provider_disabled"));
        client().body("{\"phone\":\"123456789\",\"email\":\"a@b.c\",\"password\":\"123456\"}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"));
        client().body("{\"email\":\"a@b.c\"}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"));
        assertThat(users()).isZero();
    }

    @Test
    void withoutAKeyNobodySignsUp() {
        given().header("Host", project.ref() + ".localhost")
                .contentType("application/json")
                .body("{}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(401)
                .body("error_code", equalTo("no_authorization"));
        assertThat(users()).isZero();
    }

    @Test
    void aProjectsOwnTriggerRunsWithTheSignUpAndMayPreventIt() {
        executeAsOwner("""
                create table public.profiles (id uuid primary key references auth.users, name text not null);
                create function public.handle_new_user() returns trigger language plpgsql security definer
                  set search_path = '' as $$
                begin
                  insert into public.profiles values (new.id, new.raw_user_meta_data ->> 'name');
                  return new;
                end $$;
                create trigger on_auth_user_created after insert on auth.users
                  for each row execute function public.handle_new_user();""");
        client().body("{\"email\":\"a@b.c\",\"password\":\"123456\",\"data\":{\"name\":\"Ada\"}}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(200);
        client().body("{\"email\":\"b@b.c\",\"password\":\"123456\"}")
                .post("/auth/v1/signup")
                .then()
                .statusCode(500)
                .body("code", equalTo("unexpected_failure"), "message", equalTo("Database error saving new user"));
        assertThat(users()).isEqualTo(1);
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void aProjectMaySwitchSignUpsOff() {
        configure("{\"auth\": {\"signup_enabled\": true, \"anonymous_enabled\": false, \"password_min_length\": 8}}");
        client().post("/auth/v1/signup").then().statusCode(422).body("code", equalTo("anonymous_provider_disabled"));
        signUp("a@b.c", "1234567").then().statusCode(422).body("code", equalTo("weak_password"));
        configure("{\"auth\": {\"signup_enabled\": false}}");
        signUp("a@b.c", PASSWORD).then().statusCode(422).body("code", equalTo("signup_disabled"));
        client().get("/auth/v1/settings").then().statusCode(200).body("disable_signup", equalTo(true));
        assertThat(users()).isZero();
    }
}
