package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.auth.Session;
import dev.basalt.sdk.auth.SignUpResult;
import dev.basalt.sdk.auth.UserUpdate;
import dev.basalt.sdk.error.AuthException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Users and sessions against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class AuthClientIT {
    private BasaltClient ann;
    private BasaltClient anon;

    @BeforeEach
    void signAUserUp() {
        ann = RunningBasalt.signedUp();
        anon = RunningBasalt.stranger();
    }

    @AfterEach
    void close() {
        ann.close();
        anon.close();
    }

    @Test
    void signUpSignInRefreshAndSignOut() {
        String address = RunningBasalt.address();
        var result = (SignUpResult.SignedIn)
                anon.auth().signUp(address, RunningBasalt.PASSWORD, Map.of("nick", "Ánn \"A\""));
        assertThat(result.user().email()).isEqualTo(address);
        assertThat(result.user().userMetadata()).containsEntry("nick", "Ánn \"A\"");

        anon.auth().signOut();
        assertThat(anon.auth().session()).isEmpty();
        assertThatThrownBy(() -> anon.auth().user()).isInstanceOf(AuthException.class);

        Session first = anon.auth().signIn(address, RunningBasalt.PASSWORD);
        assertThat(anon.auth().user().id()).isEqualTo(first.user().id());
        Session second = anon.auth().refresh();
        assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
        assertThat(anon.auth().session()).contains(second);
        assertThat(anon.auth()
                        .updateUser(UserUpdate.ofData(Map.of("nick", "Bea")))
                        .userMetadata())
                .containsEntry("nick", "Bea");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
        AuthException wrong =
                refusedSignIn(ann.auth().session().orElseThrow().user().email(), RunningBasalt.PASSWORD + "!");
        AuthException unknown = refusedSignIn(RunningBasalt.address(), RunningBasalt.PASSWORD);

        assertThat(wrong.code()).isEqualTo("invalid_credentials").isEqualTo(unknown.code());
        assertThat(wrong.failure().message()).isEqualTo(unknown.failure().message());
        assertThat(wrong.status()).isEqualTo(400).isEqualTo(unknown.status());
        assertThat(wrong.requestId()).isPresent();
        assertThat(anon.auth().session()).isEmpty();
    }

    @Test
    void aReusedRefreshTokenIsRefusedAndTheSessionDropped() {
        Session old = ann.auth().session().orElseThrow();
        Session next = ann.auth().refresh();
        Session newest = ann.auth().refresh();
        assertThat(newest.refreshToken()).isNotEqualTo(next.refreshToken());

        ann.auth().restore(old);
        assertThatThrownBy(() -> ann.auth().refresh()).isInstanceOf(AuthException.class);
        assertThat(ann.auth().session()).isEmpty();
    }

    private AuthException refusedSignIn(@Nullable String email, String password) {
        try {
            anon.auth().signIn(email == null ? "" : email, password);
        } catch (AuthException refused) {
            return refused;
        }
        throw new AssertionError("signed in with a wrong password");
    }
}
