package dev.basalt.data.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.basalt.kit.error.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be said in SQL, or is no rule, is refused where it stands. */
class RefusedRulesTest {
    private static final RuleCompiler COMPILER = new RuleCompiler();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            READ   | resource.data.                                    | 1 | 15 | no viable alternative
            READ   | resorce.data.a == 1                               | 1 | 1  | undeclared reference to 'resorce'; there are auth, request, resource
            READ   | resource.dat == 1                                 | 1 | 9  | undefined field 'dat'
            READ   | request.data.a == 1                               | 1 | 8  | undefined field 'data'
            CREATE | auth != null && resource.data.a == 1              | 1 | 17 | undeclared reference to 'resource'; there are auth, request
            DELETE | request.data.a == 1                               | 1 | 8  | undefined field 'data'
            READ   | resource.id                                       | 1 | 1  | true or false
            READ   | size(resource.data)                               | 1 | 1  | true or false
            READ   | resource.id == 1                                  | 1 | 13 | no matching overload
            READ   | auth == resource                                  | 1 | 6  | no matching overload
            READ   | resource == null                                  | 1 | 1  | "resource" is no value of its own
            READ   | [auth] == [auth]                                  | 1 | 2  | "auth" is no value of its own
            READ   | type(resource.id) == string                       | 1 | 5  | can't use the function type()
            READ   | true && has(resource.id)                          | 1 | 12 | "resource.id" is always there
            READ   | resource.data.a == 1u                             | 1 | 20 | no unsigned numbers
            READ   | resource.data.a == b"x"                           | 1 | 20 | no bytes
            READ   | resource.data.a == {"a": 1}                       | 1 | 20 | can't write maps
            READ   | resource.data.a == "\\x00"                        | 1 | 20 | NUL
            READ   | resource.data.exists_one(k, k == "a")             | 1 | 25 | undeclared reference to 'exists_one'
            READ   | resource.data.l.map(k, k) == []                   | 1 | 20 | undeclared reference to 'map'
            READ   | resource.data.a.matches("(")                      | 1 | 24 | parenthesis that is not closed
            READ   | resource.data.a.matches("\\\\bx")                 | 1 | 24 | the escape \\b
            READ   | resource.data.a.matches(resource.data.b)          | 1 | 24 | must stand in the rule
            READ   | resource.created_at == resource.data.at           | 1 | 21 | timestamp(…)
            READ   | resource.created_at < resource.data.at            | 1 | 21 | have no order
            READ   | timestamp("2026-02-30T00:00:00Z") < request.time  | 1 | 10 | RFC 3339
            READ   | timestamp("today") < request.time                 | 1 | 10 | RFC 3339
            READ   | duration("1 day") < duration("1h")                | 1 | 9  | A duration reads like
            READ   | duration("999999999h") < duration("1h")           | 1 | 9  | at most 10,000 years
            READ   | request.time.getHours() < 8                       | 1 | 22 | can't use the function getHours()
            READ   | string(resource.version) == "1"                   | 1 | 7  | can't use the function string()
            READ   | resource.data.l.all(a, a.all(b, b.all(c, c == 1)))| 1 | 38 | At most 2 lists
            UPDATE | resource.data.a == 1 && request.dat.a == 2        | 1 | 32 | undefined field 'dat'
            UPDATE | true && (request.time in request.data.l)          | 1 | 23 | JSON values
            """)
    void isRefusedWhereItStands(RuleOperation operation, String rule, int line, int column, String reason) {
        var refused = refusal(operation, rule);
        assertThat(refused.error()).isEqualTo(RuleError.INVALID_RULE);
        assertThat(refused.detail()).contains(reason);
        assertThat(refused.members())
                .containsEntry("rule", operation.ruleName())
                .containsEntry("line", line)
                .containsEntry("column", column);
    }

    @Test
    void thePlaceIsOfTheLine() {
        var refused = refusal(
                RuleOperation.READ, "auth != null &&\n  // the author's\n  resource.data.author.matches(\"é(\")");
        assertThat(refused.members()).containsEntry("line", 3).containsEntry("column", 31);
    }

    @Test
    void theFirstRefusedRuleIsNamed() {
        var refused = catchThrowableOfType(
                ApiException.class, () -> COMPILER.compile(new AccessRules("true", "auth != null", "nope", "nope")));
        assertThat(refused.members()).containsEntry("rule", "update");
    }

    @Test
    void aRuleMayBeLongAndNestedUpToItsLimits() {
        var longest = "resource.data.a == 1" + " || true".repeat((8192 - 20) / 8);
        assertThat(RuleDatabase.condition(longest)).isNotNull();
        assertThat(refusal(RuleOperation.READ, longest + " ".repeat(8193 - longest.length()))
                        .detail())
                .contains("at most 8192 characters");
        assertThat(refusal(RuleOperation.READ, "(".repeat(100) + "true" + ")".repeat(100))
                        .detail())
                .contains("recursion");
    }

    /** Operands that are needed twice are named, not written out twice, or this would be 2^40 long. */
    @Test
    void nestedOperationsStayLinear() {
        var sum = "resource.data.a";
        for (int i = 0; i < 40; i++) {
            sum = "(" + sum + " + resource.data.b)";
        }
        assertThat(RuleDatabase.condition(sum + " == 1")).hasSizeLessThan(100_000);
    }

    private static ApiException refusal(RuleOperation operation, String rule) {
        return catchThrowableOfType(
                ApiException.class,
                () -> COMPILER.compile(new AccessRules(
                        operation == RuleOperation.READ ? rule : null,
                        operation == RuleOperation.CREATE ? rule : null,
                        operation == RuleOperation.UPDATE ? rule : null,
                        operation == RuleOperation.DELETE ? rule : null)));
    }
}
