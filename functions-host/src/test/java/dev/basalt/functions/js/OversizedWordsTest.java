package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Failure.Kind;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that says of its answers and calls more than a host can hold: it fails by itself, and its worker lives. */
class OversizedWordsTest {
    private static final RuntimeFixture FIXTURE = new RuntimeFixture(Map.of("aot-cache", "false"));

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private static Failure run(String body) {
        return failure(FIXTURE.event(
                function("hostile", "f", "export const onEvent = async () => { " + body + " };"), "{}", 3000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new Error('x'.repeat(2e7))|EXCEPTION",
                "throw 'x'.repeat(2e7)|EXCEPTION",
                "throw { toJSON: () => 'x'.repeat(2e7) }|EXCEPTION",
                "throw Object.assign(new Error('no'), { stack: 'x'.repeat(2e7) })|EXCEPTION",
                "throw Object.assign(new Error('no'), { name: 'x'.repeat(2e7) })|EXCEPTION",
                "String.prototype.slice = String; throw new Error('x'.repeat(2e7))|EXCEPTION",
                "JSON.stringify = () => 'x'.repeat(2e7); throw new Error('no')|TOO_LARGE",
                "JSON.stringify = () => ({ length: 1, toString: () => 'x'.repeat(2e7) }); return 1|TOO_LARGE",
            })
    void whatIsTooLongToSayIsCut(String body, Kind kind) {
        FunctionVersion sibling =
                function("hostile", "sibling", "let calls = 0; export const onEvent = () => ++calls;");
        String calls = value(FIXTURE.event(sibling, "{}", 2000));

        Failure failure = run(body);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.name() + failure.message() + failure.stack()).hasSizeLessThan(50_000);
        assertThat(value(FIXTURE.event(sibling, "{}", 2000)))
                .as("the worker lives")
                .isEqualTo(Integer.toString(Integer.parseInt(calls) + 1));
    }

    @Test
    void aLongMessageDoesNotHideWhereItCameFrom() {
        Failure failure = run("throw new Error('x'.repeat(2e7))");
        assertThat(failure.message()).startsWith("xxx").hasSizeLessThan(9000);
        assertThat(failure.stack()).contains("at onEvent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"headers: { a: 'x'.repeat(2e7) }", "headers: { a: 'x'.repeat(70000) }"})
    void headersThatNoClientTakesAreNoAnswer(String parts) {
        Outcome outcome = FIXTURE.http(
                function("hostile", "headers", "export default { fetch: () => new Response('', { " + parts + " }) };"),
                "GET",
                "",
                3000);
        assertThat(failure(outcome.withinBounds()).kind()).isEqualTo(Kind.BAD_ANSWER);
    }

    @Test
    void aCallThatIsTooLongToSayFailsWhereItIsMade() {
        FunctionVersion function = function(
                "hostile",
                "calls",
                "export const onEvent = async (e) => { try { await fetch('http://example.com/' + 'x'.repeat(e.url),"
                        + " { headers: { a: 'x'.repeat(e.header) } }) } catch (error) { return error.message } };");
        assertThat(value(FIXTURE.event(function, "{\"url\":20000000,\"header\":1}", 3000)))
                .contains("longer than 131072 characters");
        assertThat(value(FIXTURE.event(function, "{\"url\":1,\"header\":20000000}", 3000)))
                .contains("longer than 131072 characters");
        assertThat(value(FIXTURE.event(function, "{\"url\":1,\"header\":1}", 3000)))
                .contains("egress list does not name example.com");
    }
}
