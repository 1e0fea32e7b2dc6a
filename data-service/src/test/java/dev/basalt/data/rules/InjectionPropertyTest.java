package dev.basalt.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.quoting.Quoted;
import dev.basalt.data.rules.RuleDatabase.Caller;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever text a rule or a collection's name holds, it stays inside the quotes that the SQL puts around it. */
class InjectionPropertyTest {
    private static final RuleCompiler COMPILER = new RuleCompiler();

    @Property(tries = 500)
    void aStringIsQuotedWhereverItStands(@ForAll("hostile") String text) {
        for (var rule : List.of(
                "resource.data.s == %s",
                "resource.id == %s",
                "resource.data[%s] == 1",
                "resource.data.s.contains(%s)",
                "resource.data.s in [%s, \"y\"]",
                "resource.data.s + %s < \"y\"",
                "%s in resource.data.s")) {
            assertThat(RuleDatabase.condition(rule.formatted(cel(text))))
                    .isEqualTo(RuleDatabase.condition(rule.formatted("\"x\""))
                            .replace("'x'::text", Quoted.literal(text) + "::text")
                            .replace(
                                    "'\"x\"'::jsonb",
                                    Quoted.literal(new JsonArray()
                                                    .add(text)
                                                    .encode()
                                                    .transform(json -> json.substring(1, json.length() - 1)))
                                            + "::jsonb"));
        }
    }

    @Property(tries = 1000)
    void aStringMeansItself(@ForAll("hostile") String text) {
        var row = new JsonObject()
                .put("id", text)
                .put("data", new JsonObject().put("s", text).put(text, 1));
        var itself = cel(text);
        var condition = RuleDatabase.condition(String.join(
                " && ",
                "resource.data.s == " + itself,
                "resource.id == " + itself,
                "resource.data[" + itself + "] == 1",
                "resource.data.s.contains(" + itself + ")",
                "resource.data.s in [" + itself + ", \"y\"]",
                "resource.data.s + " + itself + " >= " + itself));
        // The data is an object, so one member alone where the text names the other.
        assertThat(RuleDatabase.evaluate(Caller.NOBODY, condition, new JsonArray().add(row))
                        .getFirst()
                        .value())
                .isEqualTo(!text.equals("s"));
    }

    @Property(tries = 200)
    void anyNameIsACollections(@ForAll("hostile") String text) {
        // At most 63 bytes.
        var name =
                "c" + text.codePoints().limit(15).mapToObj(Character::toString).collect(Collectors.joining());
        RuleDatabase.collection(
                name, COMPILER.compile(new AccessRules("true", "true", "resource.id == request.id", "false")));
        assertThat(RuleDatabase.query(
                                "SELECT count(*) FROM pg_policies WHERE schemaname = 'documents' AND tablename = $1",
                                name)
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(4);
        RuleDatabase.run(CollectionPolicies.statements(name, new CompiledRules(null, null, null, null)));
        RuleDatabase.run(List.of("DROP TABLE documents." + Quoted.name(name)));
    }

    /** The text as a string of CEL. */
    private static String cel(String text) {
        var cel = new StringBuilder("\"");
        text.codePoints().forEach(c -> cel.append("\\U%08x".formatted(c)));
        return cel.append('"').toString();
    }

    @Provide
    Arbitrary<String> hostile() {
        var pieces = Arbitraries.of(
                "'",
                "\"",
                "\\",
                "--",
                "/*",
                ";",
                "$1",
                "$$",
                "::",
                ")",
                "(",
                "%",
                "%s",
                "%1$s",
                "\n",
                "é",
                "😀",
                "' or '1'='1",
                "drop table t",
                "E'",
                "null",
                "{}",
                "s");
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20).filter(Quoted::isText),
                pieces.list().ofMaxSize(8).map(list -> String.join("", list)));
    }
}
