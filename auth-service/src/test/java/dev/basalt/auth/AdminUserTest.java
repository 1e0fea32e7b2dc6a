package dev.basalt.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AdminUserTest extends AuthTest {
    private String create(String body) {
        return admin().body(body)
                .post("/auth/v1/admin/users")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void onlyTheSecretKeyManagesUsers() {
        var ada = signedUp("ada@example.com");
        var path = "/auth/v1/admin/users";
        for (var caller : List.of(client(), as(ada))) {
            caller.get(path).then().statusCode(403).body("code", equalTo("not_admin"));
            caller.body("{\"email\":\"x@example.com\",\"password\":\"123456\"}")
                    .post(path)
                    .then()
                    .statusCode(403);
            caller.get(path + "/" + ada.userId()).then().statusCode(403);
            caller.body("{\"role\":\"service_role\"}")
                    .put(path + "/" + ada.userId())
                    .then()
                    .statusCode(403);
            caller.delete(path + "/" + ada.userId()).then().statusCode(403);
        }
        assertThat(count("select count(*) from auth.users where role = 'authenticated'"))
                .isEqualTo(1);
        assertThat(users()).isEqualTo(1);
    }

    @Test
    void aCreatedUserSignsInOnceTheAddressIsConfirmed() {
        var id = create("""
                {"email":"Ada@example.com","password":"correct horse","user_metadata":{"name":"Ada"},
                 "app_metadata":{"plan":"pro"}}""");
        assertThat(sessions()).isZero();
        logIn("ada@example.com", "wrong").then().body("code", equalTo("invalid_credentials"));
        logIn("ada@example.com", PASSWORD).then().statusCode(400).body("code", equalTo("email_not_confirmed"));
        admin().body("{\"email_confirm\":true}")
                .put("/auth/v1/admin/users/" + id)
                .then()
                .statusCode(200);
        logIn("ada@example.com", PASSWORD)
                .then()
                .statusCode(200)
                .body("user.app_metadata.plan", equalTo("pro"), "user.app_metadata.provider", equalTo("email"))
                .body("user.user_metadata.name", equalTo("Ada"));
        admin().body("{\"email\":\"ada@example.com\"}")
                .post("/auth/v1/admin/users")
                .then()
                .statusCode(422)
                .body("code", equalTo("email_exists"));
    }

    @Test
    void aUserIsChangedAndBanned() {
        var ada = signedUp("ada@example.com");
        var path = "/auth/v1/admin/users/" + ada.userId();
        admin().body("{\"ban_duration\":\"1h30m\",\"app_metadata\":{\"plan\":\"pro\"},\"role\":\"service_role\"}")
                .put(path)
                .then()
                .statusCode(200)
                .body("app_metadata.plan", equalTo("pro"), "role", equalTo("service_role"));
        logIn("ada@example.com", PASSWORD).then().statusCode(400).body("code", equalTo("user_banned"));
        admin().body("{\"ban_duration\":\"none\",\"role\":\"authenticated\"}")
                .put(path)
                .then()
                .statusCode(200)
                .body("banned_until", nullValue());
        as(ada).get("/auth/v1/user").then().statusCode(200);
        admin().body("{\"password\":\"another password\",\"email\":\"lovelace@example.com\"}")
                .put(path)
                .then()
                .statusCode(200)
                .body("email", equalTo("lovelace@example.com"));
        as(ada).get("/auth/v1/user").then().statusCode(403).body("code", equalTo("session_not_found"));
        logIn("lovelace@example.com", "another password").then().statusCode(200);
        for (var body : List.of(
                "{\"ban_duration\":\"soon\"}",
                "{\"ban_duration\":\"999999999999h\"}",
                "{\"role\":\"postgres\"}",
                "{\"app_metadata\":[]}",
                "{\"email_confirm\":\"yes\"}",
                "{\"password_hash\":\"x\"}",
                "{\"password_hash\":\"$argon2id$v=19$m=999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA\"}")) {
            admin().body(body).put(path).then().statusCode(400);
        }
    }

    @Test
    void usersAreListedByPages() {
        for (var i = 0; i < 5; i++) {
            create("{\"email\":\"u" + i + "@example.com\"}");
        }
        admin().get("/auth/v1/admin/users?page=2&per_page=2")
                .then()
                .statusCode(200)
                .header("X-Total-Count", "5")
                .header("Link", containsString("page=3"))
                .body(
                        "users",
                        hasSize(2),
                        "users[0].email",
                        equalTo("u2@example.com"),
                        "aud",
                        equalTo("authenticated"));
        admin().get("/auth/v1/admin/users").then().body("users", hasSize(5));
        for (var query : List.of("page=0", "per_page=1001", "page=x", "page=99999999999")) {
            admin().get("/auth/v1/admin/users?" + query).then().statusCode(400);
        }
        admin().get("/auth/v1/admin/users?page=2147483647&per_page=1000").then().statusCode(200);
    }

    @Test
    void whoIsNotThereIsNotFound() {
        var path = "/auth/v1/admin/users/";
        var nobody = UUID.randomUUID();
        admin().get(path + nobody).then().statusCode(404).body("code", equalTo("user_not_found"));
        admin().body("{}").put(path + nobody).then().statusCode(404);
        admin().delete(path + nobody).then().statusCode(404);
        admin().get(path + "me").then().statusCode(400).body("code", equalTo("validation_failed"));
    }

    @Test
    void aSoftlyDeletedUserLeavesARowThatTellsNothing() {
        var ada = signedUp("ada@example.com");
        admin().body("{\"should_soft_delete\":true}")
                .delete("/auth/v1/admin/users/" + ada.userId())
                .then()
                .statusCode(200);
        as(ada).get("/auth/v1/user").then().statusCode(403);
        refresh(ada.refresh()).then().statusCode(400);
        logIn("ada@example.com", PASSWORD).then().statusCode(400);
        assertThat(users()).isEqualTo(1);
        assertThat(count("select count(*) from auth.users u where u::text like '%ada@%'"))
                .isZero();
        signedUp("ada@example.com");
    }
}
