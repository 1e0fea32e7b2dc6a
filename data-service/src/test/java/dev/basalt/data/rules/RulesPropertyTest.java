package dev.basalt.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.rules.RuleDatabase.Caller;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** A rule says in PostgreSQL what CEL's own interpreter says, errors told from false, whoever asks for whatever document. */
class RulesPropertyTest {
    private static final List<Caller> CALLERS = List.of(Caller.NOBODY, Caller.ANN, Caller.BOB);
    private static final int[] SAID = new int[3];

    @Property(tries = 1200)
    void aReadRuleSaysTheSame(@ForAll("readRules") String rule, @ForAll("rows") List<JsonObject> rows) {
        var oracle = RuleOracle.of(RuleOperation.READ, rule);
        var condition = RuleDatabase.condition(rule);
        for (var caller : CALLERS) {
            var outcomes = RuleDatabase.evaluate(caller, condition, new JsonArray(rows));
            for (int i = 0; i < rows.size(); i++) {
                var expected = oracle.says(caller, outcomes.get(i).time(), rows.get(i), null);
                assertThat(outcomes.get(i).value())
                        .as("%s for %s of %s: %s", rule, caller, rows.get(i), condition)
                        .isEqualTo(expected);
                SAID[expected == null ? 2 : expected ? 1 : 0]++;
            }
        }
    }

    /** Of an update only allowed and denied are told apart, because its parts are asked apart. */
    @Property(tries = 600)
    void anUpdateRuleAllowsTheSame(@ForAll("updateRules") String rule, @ForAll("rows") List<JsonObject> rows) {
        var oracle = RuleOracle.of(RuleOperation.UPDATE, rule);
        var update = RuleDatabase.update(rule);
        for (var caller : CALLERS) {
            var stored = RuleDatabase.evaluate(caller, update.stored(), new JsonArray(rows));
            var written = RuleDatabase.evaluate(caller, update.written(), new JsonArray(rows));
            var change = update.change() == null
                    ? null
                    : RuleDatabase.evaluateChange(caller, update.change(), new JsonArray(rows));
            for (int i = 0; i < rows.size(); i++) {
                int next = (i + 1) % rows.size();
                boolean allowed =
                        isTrue(stored.get(i)) && isTrue(written.get(next)) && (change == null || isTrue(change.get(i)));
                // Time passes between the parts; no rule here has an outcome that changes within the test.
                var expected = oracle.says(caller, stored.get(i).time(), rows.get(i), rows.get(next));
                assertThat(allowed)
                        .as("%s for %s of %s to %s: %s", rule, caller, rows.get(i), rows.get(next), update)
                        .isEqualTo(Boolean.TRUE.equals(expected));
            }
        }
    }

    /** The rules are not all errors, nor the same for everybody. */
    @AfterContainer
    static void allOutcomesWereSeen() {
        int all = SAID[0] + SAID[1] + SAID[2];
        assertThat(Arrays.stream(SAID).min().orElseThrow())
                .as("the rarest of false, true, error in " + Arrays.toString(SAID))
                .isGreaterThan(all / 20);
    }

    private static boolean isTrue(RuleDatabase.Outcome outcome) {
        return Boolean.TRUE.equals(outcome.value());
    }

    @Provide
    Arbitrary<String> readRules() {
        return new RuleGrammar(List.of("resource")).rules();
    }

    @Provide
    Arbitrary<String> updateRules() {
        return new RuleGrammar(List.of("resource", "request"))
                .rules()
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join(" && ", parts));
    }

    @Provide
    Arbitrary<List<JsonObject>> rows() {
        return RuleGrammar.documents().list().ofMinSize(2).ofMaxSize(6).map(documents -> {
            var rows = new ArrayList<JsonObject>();
            for (var document : documents) {
                rows.add(document.put("id", "d" + rows.size()));
            }
            return rows;
        });
    }
}
