package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.CapExceeded;
import dev.basalt.sdk.error.ConstraintViolation;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.DocumentException;
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
    void sqlErrorsAreWhatPostgresqlCallsThem() {
        var refused = (ConstraintViolation.UniqueViolation) read(
                Dialect.SQL,
                409,
                "{'title':'Conflict','status':409,'code':'sql_conflict','detail':'duplicate key','sqlstate':'23505',"
                        + "'constraint':'t_pkey','details':'Key (id)','position':7,'statement':2,'where':null}");

        assertThat(refused.code()).isEqualTo("23505");
        assertThat(refused.sqlState()).hasValue("23505");
        assertThat(refused.constraint()).hasValue("t_pkey");
        assertThat(refused.details()).hasValue("Key (id)");
        assertThat(refused.statementPosition()).hasValue(7);
        assertThat(refused.index()).hasValue(2);
        assertThat(refused.failure().message()).isEqualTo("duplicate key");
        assertThat(refused.failure().members()).containsOnlyKeys("sqlstate", "constraint", "position", "statement");
        assertThat(refused).hasMessageContaining("statement 2");

        BasaltException capped = read(Dialect.SQL, 422, "{'code':'row_cap_exceeded','detail':'more than 10 rows'}");
        assertThat(capped).isInstanceOf(CapExceeded.class);
        assertThat(((DataException) capped).sqlState()).isEmpty();
        assertThat(((DataException) capped).index()).isEmpty();
    }

    @Test
    void batchErrorsNameTheirRequest() {
        var refused = (DataException) read(Dialect.DATA, 409, "{'code':'23505','message':'duplicate','index':3}");

        assertThat(refused.index()).hasValue(3);
    }

    @Test
    void documentErrorsKeepTheirPlaces() {
        var refused = (DocumentException.InvalidDocument.SchemaViolation) read(
                Dialect.DOCUMENTS,
                422,
                "{'title':'t','status':422,'code':'schema_violation','detail':'d','write':1,'path':'c/a',"
                        + "'violations':[{'pointer':'/x','keyword':'type','message':'m'},7]}");

        assertThat(refused.write()).hasValue(1);
        assertThat(refused.path()).hasValue("c/a");
        assertThat(refused.pointer()).isEmpty();
        assertThat(refused.violations())
                .containsExactly(new DocumentException.InvalidDocument.SchemaViolation.Violation("/x", "type", "m"));
        assertThat(refused.seenFromHere())
                .isExactlyInstanceOf(refused.getClass())
                .hasCause(refused);
    }

    @Test
    void sqlWithinACommitFailsAsSql() {
        BasaltException refused = read(
                Dialect.DOCUMENTS,
                409,
                "{'code':'sql_conflict','detail':'duplicate key','sqlstate':'23505','statement':0}");

        assertThat(refused).isInstanceOf(ConstraintViolation.UniqueViolation.class);
        assertThat(read(Dialect.DOCUMENTS, 409, "{'code':'duplicate_value','sqlstate':'23505'}"))
                .isInstanceOfSatisfying(
                        DocumentException.InvalidDocument.DuplicateValue.class,
                        duplicate -> assertThat(duplicate.sqlState()).hasValue("23505"));
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
