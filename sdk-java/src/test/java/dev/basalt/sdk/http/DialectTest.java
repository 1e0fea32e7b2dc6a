package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.FunctionException;
import dev.basalt.sdk.error.StorageException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTest {
    @Test
    void authErrorsOfBothFormsGiveTheNamedCode() {
        BasaltException current =
                read(Dialect.AUTH, 400, "{'code':'invalid_credentials','message':'Invalid login credentials'}");
        BasaltException older =
                read(Dialect.AUTH, 422, "{'code':422,'error_code':'user_already_exists','msg':'Already registered'}");

        assertThat(current).isInstanceOf(AuthException.class);
        assertThat(current.code()).isEqualTo("invalid_credentials");
        assertThat(current.failure().message()).isEqualTo("Invalid login credentials");
        assertThat(older.code()).isEqualTo("user_already_exists");
        assertThat(older.failure().message()).isEqualTo("Already registered");
    }

    @Test
    void aWeakPasswordsReasonsAreTheDetails() {
        BasaltException weak = read(
                Dialect.AUTH,
                422,
                "{'code':'weak_password','message':'Too short','weak_password':{'reasons':['length']}}");

        assertThat(weak.details()).contains("[\"length\"]");
    }

    @Test
    void dataErrorsKeepAllFourFields() {
        BasaltException refused =
                read(Dialect.DATA, 409, "{'code':'23505','message':'duplicate','details':'Key (id)','hint':null}");

        assertThat(refused).isInstanceOf(DataException.class);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("23505");
        assertThat(refused.details()).contains("Key (id)");
        assertThat(refused.hint()).isEmpty();
        assertThat(refused.requestId()).contains("r-1");
    }

    @Test
    void storageErrorsTellTheirTrueStatus() {
        BasaltException missing =
                read(Dialect.STORAGE, 400, "{'statusCode':'404','error':'not_found','message':'Object not found'}");

        assertThat(missing).isInstanceOf(StorageException.class);
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.code()).isEqualTo("not_found");
    }

    @Test
    void aFunctionsOwnAnswerIsToldFromARelayError() {
        var own = (FunctionException) read(Dialect.FUNCTION, 418, "short and stout");
        var relayed = (FunctionException) Dialect.FUNCTION.exception(
                answer(504, "{'code':'timeout','message':'Too slow'}", Map.of("x-relay-error", List.of("true"))), null);

        assertThat(own.isRelayError()).isFalse();
        assertThat(own.details()).contains("short and stout");
        assertThat(own.code()).isEqualTo("http_418");
        assertThat(relayed.isRelayError()).isTrue();
        assertThat(relayed.code()).isEqualTo("timeout");
    }

    @Test
    void aProxysPageIsAnErrorOfItsStatus() {
        for (Dialect dialect : Dialect.values()) {
            BasaltException failure = read(dialect, 502, "<html>Bad gateway</html>");

            assertThat(failure.status()).isEqualTo(502);
            assertThat(failure.code()).isEqualTo("http_502");
        }
    }

    @Test
    void problemDetailsAreUnderstoodInEveryDialect() {
        for (Dialect dialect : Dialect.values()) {
            BasaltException failure =
                    read(dialect, 413, "{'title':'Too large','status':413,'detail':'The body is too large'}");

            assertThat(failure.failure().message()).isEqualTo("The body is too large");
        }
    }

    private static BasaltException read(Dialect dialect, int status, String body) {
        return dialect.exception(answer(status, body, Map.of()), null);
    }

    private static Answer answer(int status, String body, Map<String, List<String>> headers) {
        return new Answer(
                status,
                HttpHeaders.of(headers, (name, value) -> true),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                "r-1");
    }
}
