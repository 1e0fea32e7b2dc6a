package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Filter.any;
import static dev.basalt.sdk.data.Filter.anyOf;
import static dev.basalt.sdk.data.Filter.json;
import static dev.basalt.sdk.data.Filter.not;
import static dev.basalt.sdk.documents.Field.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent of conditions on documents. */
class PathGrammarTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "title|title",
                "author.name|author.name",
                "author.first-name|author.\"first-name\"",
                "\"a.b\".c|\"a.b\".c",
                "\"say \\\"hi\\\"\"|\"say \\\"hi\\\"\"",
                "a b,c|\"a b,c\"",
                "tags.0|tags.\"0\"",
                "order|\"order\"",
                "a.eq|a.\"eq\"",
                "not.and|\"not\".\"and\"",
                "$createdAt|$createdAt",
                "日本|\"日本\""
            })
    void pathsAreQuotedWhereTheyMust(String path, String written) {
        assertThat(PathGrammar.path(field(path))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\""})
    void aPathWithAnEmptyNameOrAnOpenQuoteIsNone(String path) {
        assertThatThrownBy(() -> field(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void columnsOfTablesReadAsPaths() {
        assertThat(PathGrammar.path(Column.parse("author.name"))).isEqualTo("author.name");
        assertThat(PathGrammar.path(Column.parse("data->a->>0"))).isEqualTo("data.a.\"0\"");
        assertThat(PathGrammar.path(Column.column("a.b"))).isEqualTo("\"a.b\"");
        assertThat(PathGrammar.order(field("a.desc"), Order.DESCENDING_NULLS_LAST))
                .isEqualTo("a.\"desc\".desc.nullslast");
    }

    @Test
    void textIsQuotedAndNothingElseIs() {
        Column x = field("x");
        assertThat(sent(x.eq("5"))).isEqualTo("x=eq.\"5\"");
        assertThat(sent(x.eq("say \"hi\\"))).isEqualTo("x=eq.\"say \\\"hi\\\\\"");
        assertThat(sent(x.eq(5))).isEqualTo("x=eq.5");
        assertThat(sent(x.gt(new BigDecimal("1E+3")))).isEqualTo("x=gt.1000");
        assertThat(sent(x.eq(true))).isEqualTo("x=eq.true");
        assertThat(sent(x.neq(new UUID(0, 1)))).isEqualTo("x=neq.\"00000000-0000-0000-0000-000000000001\"");
        assertThat(sent(x.eq(List.of("a", 1)))).isEqualTo("x=eq.[\"a\",1]");
        assertThat(sent(x.contains(json(Map.of("k", List.of(1)))))).isEqualTo("x=cs.{\"k\":[1]}");
        assertThat(sent(x.overlaps(List.of("a", "b")))).isEqualTo("x=ov.{\"a\",\"b\"}");
        assertThat(sent(x.in(List.of("a,b", 1)))).isEqualTo("x=in.(\"\\\"a,b\\\"\",1)");
        assertThat(sent(not(x.eq(any("a,b", 1))))).isEqualTo("x=not.in.(\"\\\"a,b\\\"\",1)");
        assertThat(sent(x.like(any("a%", "b%")))).isEqualTo("x=like(any).{\"a%\",\"b%\"}");
        assertThat(sent(x.is(null))).isEqualTo("x=is.null");
    }

    @Test
    void treesHoldTheSame() {
        Column x = field("x.y");
        assertThat(sent(anyOf(x.eq("a,b)"), not(x.gt(1)), Filter.allOf(x.is(true), x.in(List.of(1, ")"))))))
                .isEqualTo("or=(x.y.eq.\"a,b)\",x.y.not.gt.1,and(x.y.is.true,x.y.in.(1,\"\\\")\\\"\")))");
        assertThat(sent(not(anyOf(x.contains(List.of("a,)", 1)), not(x.contains("b"))))))
                .isEqualTo("not.or=(x.y.cs.[\"a,)\",1],x.y.not.cs.\"b\")");
        assertThat(sent(anyOf(x.overlaps(List.of("a,", "}"))))).isEqualTo("or=(x.y.ov.{\"a,\",\"}\"})");
        assertThat(sent(anyOf(x.eq(json(Map.of("k", "v)")))))).isEqualTo("or=(x.y.eq.{\"k\":\"v)\"})");
        assertThat(sent(anyOf(x.eq(json("a\nb\\"))))).isEqualTo("or=(x.y.eq.\"a\nb\\\\\")");
    }

    @Test
    void documentsHaveNoRelations() {
        assertThatThrownBy(() -> sent(anyOf(field("x").eq(1)).of("author")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String sent(Filter filter) {
        Map.Entry<String, String> parameter = PathGrammar.parameter(filter);
        return parameter.getKey() + "=" + parameter.getValue();
    }
}
