package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.signature.SignatureRuntime;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handlers of other platforms in isolates. */
class JsSignaturesTest {
    private static final RuntimeFixture FIXTURE = new RuntimeFixture(Map.of("aot-cache", "false"));
    private static final SignatureRuntime RUNTIME = new SignatureRuntime(FIXTURE.runtime);

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private static FunctionVersion function(String signature, String handler, String source) {
        JsonObject manifest = new JsonObject().put("signature", signature);
        if (!handler.isEmpty()) {
            manifest.put("handler", handler);
        }
        return new FunctionVersion(
                "signatures",
                signature,
                Integer.toHexString((source + handler).hashCode()),
                FunctionManifest.parse(manifest),
                new JsonObject(),
                () -> Future.succeededFuture(new Artifact("index.js", Map.of("index.js", Buffer.buffer(source)))));
    }

    private static Outcome http(FunctionVersion function) {
        return get(RUNTIME.invoke(
                function,
                new Invocation.Http(
                        Duration.ofSeconds(2),
                        new HandlerContext(
                                new JsonObject().put("requestId", "r1").put("function", function.name())),
                        "POST",
                        "http://p.example/functions/v1/" + function.name() + "/x?q=1",
                        List.of(Map.entry("content-type", "application/json")),
                        Buffer.buffer("{\"name\":\"Ann\"}"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lambda||export const handler = async (event, context) => ({ statusCode: 201, headers: { 'x-a': '1' }, body: event.rawPath + context.awsRequestId + (context.getRemainingTimeInMillis() > 0) })|201 /xr1true",
                "lambda|index.api.get|export const api = { get: (event) => ({ q: event.queryStringParameters.q }) }|200 {\"q\":\"1\"}",
                "lambda||export const handler = (event, context, done) => done(null, { statusCode: 202, body: 'cb' })|202 cb",
                "openwhisk||function main(params) { return { body: params.name + params.q + params.__ow_method } }|200 Ann1post",
                "openwhisk|run|export function run(params) { return { error: 'no' } }|400 {\"error\":\"no\"}",
                "kubeless||export default { handler: (event, context) => event.data.name + context['function-name'] }|200 Annkubeless",
            })
    void theyAnswerRequests(String signature, String handler, String source, String expected) {
        FunctionVersion function = function(signature, handler == null ? "" : handler, source);
        assertThat(get(RUNTIME.check(
                        function.manifest(), get(function.artifact().get()))))
                .isEmpty();
        assertThat(http(function).result())
                .isInstanceOfSatisfying(
                        Outcome.Result.HttpAnswer.class,
                        answer -> assertThat(answer.status() + " " + answer.body())
                                .isEqualTo(expected));
    }

    @Test
    void theyHearEvents() {
        FunctionVersion lambda =
                function("lambda", "", "export const handler = async (event) => ({ record: event.record });");
        assertThat(value(get(RUNTIME.invoke(
                        lambda,
                        new Invocation.Event(
                                Duration.ofSeconds(2),
                                new HandlerContext(new JsonObject()),
                                new JsonObject("{\"record\":{\"id\":1}}"))))))
                .isEqualTo("{\"record\":{\"id\":1}}");
    }

    @Test
    void aMissingHandlerAndASignatureThatIsNotOnOfferAreSaid() {
        assertThat(failure(http(function("lambda", "", "export const other = 1;")))
                        .message())
                .isEqualTo("the function exports no handler");
        FunctionVersion azure = function("azure", "", "export default 1;");
        assertThat(get(RUNTIME.check(azure.manifest(), get(azure.artifact().get()))))
                .get()
                .extracting(Failure::message)
                .isEqualTo("signature azure is not available with runtime js; nodejs has it");
        assertThat(failure(http(azure)).kind()).isEqualTo(Failure.Kind.COMPILE);
    }
}
