package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.get;
import static dev.basalt.functions.process.ProcessFixture.read;
import static dev.basalt.functions.process.ProcessFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers of processes that reach the caller while they are made. */
class StreamedAnswerTest {
    private static final int LARGE = 32 << 20;
    private static final ProcessFixture FIXTURE = new ProcessFixture(Map.of());
    private static final String FROM =
            "out = awslambda.HttpResponseStream.from(out, { statusCode: 418, headers: { 'content-type': 'text/plain' } });";

    @BeforeAll
    static void needNode() {
        Missing.skipWithout("node", Missing.NODE);
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private static FunctionVersion streaming(String body) {
        return function(
                "p",
                "stream",
                "{\"runtime\":\"nodejs\",\"concurrency\":2}",
                Map.of(
                        "index.js",
                        "exports.handler = awslambda.streamifyResponse(async (event, out) => { " + body + " });"));
    }

    private static Outcome call(FunctionVersion function, String path) {
        return FIXTURE.http(function, "GET", path, "text/plain", Buffer.buffer(), 10_000);
    }

    @Test
    void theBeginningIsThereBeforeTheEnd() {
        FunctionVersion function = streaming(
                "if (event.rawPath.endsWith('/go')) { globalThis.go(); out.end('gone'); return; }"
                        + FROM
                        + " out.write('first;'); await new Promise((done) => { globalThis.go = done; }); out.end('second');");
        Outcome outcome = call(function, "");
        Outcome.Result.HttpStream stream = stream(outcome);
        assertThat(stream.status()).isEqualTo(418);
        assertThat(stream.headers()).containsExactly(Map.entry("content-type", "text/plain"));
        Buffer soFar = Buffer.buffer();
        Future<Outcome> ended = outcome.ended();
        var end = Promise.<String>promise();
        stream.body()
                .exceptionHandler(end::tryFail)
                .endHandler(all -> end.tryComplete(soFar.toString()))
                .handler(soFar::appendBuffer)
                .resume();
        await().until(() -> soFar.toString().equals("first;"));
        assertThat(ended.isComplete()).isFalse();
        assertThat(get(read(stream(call(function, "/go")))).toString()).isEqualTo("gone");
        assertThat(get(end.future())).isEqualTo("first;second");
        assertThat(get(ended).word()).isEqualTo("ok");
        assertThat(get(ended).report().runMicros())
                .isGreaterThan(outcome.report().runMicros());
    }

    @Test
    void aTypeAloneIsAHeadToo() {
        Outcome outcome = call(streaming("out.setContentType('text/csv'); out.write('a,b'); out.end();"), "");
        assertThat(stream(outcome).headers()).containsExactly(Map.entry("content-type", "text/csv"));
        assertThat(get(read(stream(outcome))).toString()).isEqualTo("a,b");
    }

    @Test
    void aProcessIsHeldBackUntilTheCallerReads() {
        FunctionVersion function = streaming(
                "for (let i = 0; i < 512; i++) {"
                        + " if (!out.write(Buffer.alloc(65536, 1))) await new Promise((done) => out.once('drain', done)); } out.end();");
        Outcome read = call(function, "");
        assertThat(get(read(stream(read))).length()).isEqualTo(LARGE);
        assertThat(get(read.ended()).word()).isEqualTo("ok");
        Outcome unread = FIXTURE.http(function, "GET", "", "text/plain", Buffer.buffer(), 2_000);
        assertThat(failure(get(unread.ended())).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThatThrownBy(() -> get(read(stream(unread))))
                .rootCause()
                .isInstanceOfSatisfying(
                        BrokenOffException.class,
                        off -> assertThat(off.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT));
    }

    @Test
    void whoLeavesDoesNotHoldTheProcess() {
        Outcome outcome = call(
                streaming(
                        "for (let i = 0; i < 512; i++) {"
                                + " if (!out.write(Buffer.alloc(65536, 2))) await new Promise((done) => out.once('drain', done)); } out.end();"),
                "");
        stream(outcome).abandon().run();
        assertThat(get(outcome.ended()).word()).isEqualTo("ok");
    }

    @Test
    void anErrorBehindTheBeginningBreaksTheAnswerAndIsRecorded() {
        Outcome outcome = call(streaming("out.write('a'); throw new RangeError('too far');"), "");
        assertThat(get(read(stream(outcome)).map("whole").otherwise("broken"))).isEqualTo("broken");
        Failure failure = failure(get(outcome.ended()));
        assertThat(failure.name()).isEqualTo("RangeError");
        assertThat(failure.message()).isEqualTo("too far");
        assertThat(get(read(stream(call(streaming("out.end('b');"), "")))).toString())
                .isEqualTo("b");
    }

    @Test
    void anErrorBeforeTheBeginningIsAFailureAsEver() {
        assertThat(failure(call(streaming("throw new RangeError('at once');"), ""))
                        .name())
                .isEqualTo("RangeError");
    }

    @Test
    void aProcessThatDiesInTheMiddleBreaksTheAnswer() {
        Outcome outcome = call(
                streaming("out.write('a', () => process.kill(process.pid, 'SIGKILL')); await new Promise(() => {});"),
                "");
        assertThat(get(read(stream(outcome)).map("whole").otherwise("broken"))).isEqualTo("broken");
        assertThat(get(outcome.ended()).word()).isIn("crashed", "bad_answer");
    }

    @Test
    void aHeadWithoutAnEndIsABadAnswer() {
        assertThat(failure(call(
                                streaming(
                                        "awslambda.HttpResponseStream; out.setContentType('application/vnd.awslambda.http-integration-response'); out.end('{}');"),
                                ""))
                        .kind())
                .isEqualTo(Failure.Kind.BAD_ANSWER);
        assertThat(failure(call(
                                streaming(
                                        "out.setContentType('application/vnd.awslambda.http-integration-response'); out.end(Buffer.alloc(100000, 65));"),
                                ""))
                        .kind())
                .isEqualTo(Failure.Kind.BAD_ANSWER);
    }

    @Test
    void anEventsAnswerIsOnePiece() {
        assertThat(ProcessFixture.value(FIXTURE.event(streaming("out.write('[1,'); out.end('2]');"), "{}", 10_000)))
                .isEqualTo("[1,2]");
    }
}
