package dev.basalt.kit.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.secret.SecretBox;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** By the examples of AWS' published test suite for Signature Version 4. */
class SignedRequestTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String VANILLA_GET = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    private static final String VANILLA_POST = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
    private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");

    private static SignedRequest request(String signature) {
        return SignedRequest.parse("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature=" + signature);
    }

    private static MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap()
                .add("Host", "example.amazonaws.com")
                .add("X-Amz-Date", "20150830T123600Z");
    }

    private static void check(String signature, String method, String query, String body, Instant now) {
        request(signature).check(SECRET, method, "/", query, headers(), Buffer.buffer(body), now);
    }

    @Test
    void thePublishedExamplesHold() {
        assertThatCode(() -> check(VANILLA_GET, "GET", "", "", THEN)).doesNotThrowAnyException();
        assertThatCode(() -> check(VANILLA_POST, "POST", "", "", THEN)).doesNotThrowAnyException();
    }

    @Test
    void anythingElseDoesNot() {
        refused("InvalidSignatureException", () -> check(VANILLA_POST, "GET", "", "", THEN));
        refused("InvalidSignatureException", () -> check(VANILLA_GET, "GET", "a=b", "", THEN));
        refused("InvalidSignatureException", () -> check(VANILLA_POST, "POST", "", "{}", THEN));
        refused(
                "InvalidSignatureException",
                () -> request(VANILLA_GET).check("another", "GET", "/", "", headers(), Buffer.buffer(), THEN));
        refused(
                "InvalidSignatureException",
                () -> request(VANILLA_GET)
                        .check(
                                SECRET,
                                "GET",
                                "/",
                                "",
                                headers().add("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
                                Buffer.buffer(),
                                THEN));
    }

    @Test
    void aSignatureHoldsForFiveMinutes() {
        assertThatCode(() -> check(VANILLA_GET, "GET", "", "", THEN.plusSeconds(300)))
                .doesNotThrowAnyException();
        refused("InvalidSignatureException", () -> check(VANILLA_GET, "GET", "", "", THEN.plusSeconds(301)));
        refused("InvalidSignatureException", () -> check(VANILLA_GET, "GET", "", "", THEN.minusSeconds(301)));
    }

    @Test
    void headersThatAreNoSignatureAreRefused() {
        for (var header : new String[] {
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date",
            "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/service/aws4_request, SignedHeaders=host, Signature="
                    + VANILLA_GET,
            "AWS4-HMAC-SHA256 Credential=A/../us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                    + VANILLA_GET
        }) {
            refused("IncompleteSignatureException", () -> SignedRequest.parse(header));
        }
    }

    @Test
    void secretsDifferByKeyAndByMasterKey() {
        var keys = new AccessKeys(new SecretBox(new byte[32]));
        assertThat(keys.secret("a")).hasSize(40).isEqualTo(keys.secret("a")).isNotEqualTo(keys.secret("b"));
        var other = new byte[32];
        other[0] = 1;
        assertThat(new AccessKeys(new SecretBox(other)).secret("a")).isNotEqualTo(keys.secret("a"));
    }

    private static void refused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.error().code()).isEqualTo(code));
    }
}
