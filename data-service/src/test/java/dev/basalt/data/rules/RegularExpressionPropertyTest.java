package dev.basalt.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pattern that is taken matches in PostgreSQL what it matches in RE2. */
class RegularExpressionPropertyTest {
    private static final String CHARACTERS = "ab09_Z-.\n\t \u00e9]^[\\$*";

    @Property(tries = 1500)
    void aPatternOfTheGrammarMatchesTheSame(@ForAll("patterns") String pattern, @ForAll("texts") List<String> texts) {
        assertMatchesTheSame(pattern, RegularExpression.translate(pattern), texts);
    }

    /** Most of these are refused, and none may slip through that means something else. */
    @Property(tries = 4000)
    void whatIsTakenOfAnyCharactersMatchesTheSame(
            @ForAll("anything") String pattern, @ForAll("texts") List<String> texts) {
        String translated;
        try {
            translated = RegularExpression.translate(pattern);
        } catch (InexpressibleException refused) {
            return;
        }
        assertMatchesTheSame(pattern, translated, texts);
    }

    private static void assertMatchesTheSame(String pattern, String translated, List<String> texts) {
        var expected = new ArrayList<Boolean>();
        var re2 = Pattern.compile(pattern);
        texts.forEach(text -> expected.add(re2.matcher(text).find()));
        var actual = new ArrayList<Boolean>();
        RuleDatabase.query(
                        "SELECT t COLLATE \"C\" ~ $1::text FROM unnest($2::text[]) AS t",
                        translated,
                        texts.toArray(String[]::new))
                .forEach(row -> actual.add(row.getBoolean(0)));
        assertThat(actual).as("%s as %s on %s", pattern, translated, texts).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "a**",
                "*",
                "a{2",
                "{2}",
                "a{3,2}",
                "a{256}",
                "^*",
                "(?i)a",
                "(?P<n>a)",
                "[[:alpha:]]",
                "[z-a]",
                "[a",
                "\\b",
                "\\pL",
                "\\1",
                "\\Q*",
                "[\\D]",
                "a\\",
                "((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))",
                "((a{100}){100}){100}"
            })
    void whatDiffersIsRefused(String pattern) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> RegularExpression.translate(pattern))
                .isInstanceOf(InexpressibleException.class);
    }

    @Test
    void thePatternReachesPostgresqlSpelledOut() {
        assertThat(RegularExpression.translate("^\\d+\\.[^\\w'].*?$")).isEqualTo("^[0-9]+\\.[^0-9A-Za-z_\\'][^\n]*$");
    }

    @Provide
    Arbitrary<String> patterns() {
        return pattern(3);
    }

    private static Arbitrary<String> pattern(int depth) {
        var atom = Arbitraries.of(
                "a",
                "b",
                "0",
                "_",
                "-",
                ".",
                "\\.",
                "\\d",
                "\\D",
                "\\w",
                "\\W",
                "\\s",
                "\\S",
                "\u00e9",
                "[ab]",
                "[^a]",
                "[a-z0-9]",
                "[]a]",
                "[^]]",
                "[\\d.-]",
                "[-a]",
                "[\\]\\\\]",
                "[^\\w\\s]",
                "^",
                "$",
                "\\t",
                "\\n",
                "\\$",
                "\\[");
        if (depth == 0) {
            return atom;
        }
        var inner = Arbitraries.lazy(() -> pattern(depth - 1));
        return Arbitraries.oneOf(
                atom,
                Combinators.combine(inner, inner).as((left, right) -> left + right),
                Combinators.combine(inner, inner).as((left, right) -> "(" + left + "|" + right + ")"),
                Combinators.combine(inner, Arbitraries.of("*", "+", "?", "*?", "{2}", "{1,3}", "{0,}", "{1,2}?"))
                        .as((group, quantifier) -> "(?:" + group + ")" + quantifier));
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars("ab01(|)[]{},*+?^$.\\-dwszAbB:'\"= \n")
                        .ofMaxLength(8),
                Arbitraries.strings().ofMaxLength(4).filter(dev.basalt.data.quoting.Quoted::isText));
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings().withChars(CHARACTERS).ofMaxLength(8).list().ofSize(12);
    }
}
