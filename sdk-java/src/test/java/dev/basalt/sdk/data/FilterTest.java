package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Column.column;
import static dev.basalt.sdk.data.Filter.all;
import static dev.basalt.sdk.data.Filter.any;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.basalt.sdk.data.Column.Search;
import dev.basalt.sdk.http.ClientOptions;
import dev.basalt.sdk.http.Transport;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Transport TRANSPORT =
            new Transport(URI.create("http://localhost:1"), "sb_publishable_x", ClientOptions.defaults());

    @AfterAll
    static void close() {
        TRANSPORT.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "say \"hi\"", "(x)", "back\\slash", "日本, 🦊", "null", "not.eq.1", "{1,2}", "*", ""})
    void aloneAValueStandsAsItIs(String value) {
        assertThat(parameter(Filter.eq("title", value))).isEqualTo(Map.entry("title", "eq." + value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain|plain",
                "a,b|\"a,b\"",
                "a.b|\"a.b\"",
                "say \"hi\"|\"say \\\"hi\\\"\"",
                "(x)|\"(x)\"",
                "back\\slash|\"back\\\\slash\"",
                "日本語|日本語",
                "日本, 🦊|\"日本, 🦊\"",
                "null|\"null\"",
                "{1}|\"{1}\"",
                "``|\"\""
            })
    void inListsAndTreesAValueIsQuotedWhereItMust(String value, String written) {
        assertThat(parameter(Filter.in("title", List.of(value, "z"))))
                .isEqualTo(Map.entry("title", "in.(" + written + ",z)"));
        assertThat(parameter(Filter.anyOf(Filter.eq("title", value), Filter.lt("id", 3))))
                .isEqualTo(Map.entry("or", "(title.eq." + written + ",id.lt.3)"));
    }

    @Test
    void treesNestAndNegate() {
        Filter tree = Filter.anyOf(
                Filter.allOf(Filter.gte("id", 1), Filter.not(Filter.is("done", null))),
                Filter.not(Filter.anyOf(Filter.like("title", "a%"), Filter.not(Filter.in("id", List.of(1, 2))))),
                Filter.not(Filter.not(Filter.eq("id", 7))));

        assertThat(parameter(tree))
                .isEqualTo(Map.entry(
                        "or", "(and(id.gte.1,done.not.is.null),not.or(title.like.\"a%\",id.not.in.(1,2)),id.eq.7)"));
        assertThat(parameter(Filter.not(tree)).getKey()).isEqualTo("not.or");
        assertThat(parameter(Filter.not(Filter.eq("a", 1)))).isEqualTo(Map.entry("a", "not.eq.1"));
        assertThat(parameter(Filter.not(Filter.is("a", true)))).isEqualTo(Map.entry("a", "not.is.true"));
        assertThat(parameter(Filter.not(Filter.in("a", List.of(1))))).isEqualTo(Map.entry("a", "not.in.(1)"));
    }

    @Test
    void columnsOfOddNamesAreQuotedInTreesAndPathsAreNot() {
        assertThat(parameter(Filter.anyOf(Filter.eq("a b", 1), Filter.eq("data->>x", 2))))
                .isEqualTo(Map.entry("or", "(\"a b\".eq.1,data->>x.eq.2)"));
        assertThat(parameter(Filter.eq("a b", 1))).isEqualTo(Map.entry("\"a b\"", "eq.1"));
        assertThat(parameter(Filter.eq("data->0->a-b->>c", 1))).isEqualTo(Map.entry("data->0->\"a-b\"->>c", "eq.1"));
        assertThat(parameter(Filter.eq("author.data->>x", 1))).isEqualTo(Map.entry("author.data->>x", "eq.1"));
        assertThat(parameter(column("author.name").eq(1))).isEqualTo(Map.entry("\"author.name\"", "eq.1"));
    }

    @Test
    void aTreeHoldsConditionsOfOneRelation() {
        Filter tree = Filter.anyOf(Filter.eq("name", 1), Filter.eq("born", 2));

        assertThat(parameter(tree.of("author"))).isEqualTo(Map.entry("author.or", "(name.eq.1,born.eq.2)"));
        assertThat(parameter(Filter.not(tree).of("author").of("books")))
                .isEqualTo(Map.entry("books.author.not.or", "(name.eq.1,born.eq.2)"));
        assertThatThrownBy(() -> parameter(Filter.anyOf(Filter.eq("author.name", 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parameter(Filter.anyOf(tree.of("author"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void columnsNamedLikeParametersAreStillColumns() {
        assertThat(parameter(Filter.eq("order", 1))).isEqualTo(Map.entry("and", "(order.eq.1)"));
        assertThat(parameter(Filter.not(Filter.eq("author.limit", 1))))
                .isEqualTo(Map.entry("author.and", "(limit.not.eq.1)"));
        assertThat(parameter(Filter.anyOf(Filter.eq("not", 1)))).isEqualTo(Map.entry("or", "(\"not\".eq.1)"));
    }

    @Test
    void everyOperatorHasItsWord() {
        Column c = column("c");
        assertThat(parameter(c.eq(any(1, "a,b")))).isEqualTo(Map.entry("c", "eq(any).{\"1\",\"a,b\"}"));
        assertThat(parameter(Filter.not(c.like(all("a%", "%b")))))
                .isEqualTo(Map.entry("c", "not.like(all).{\"a%\",\"%b\"}"));
        assertThat(c.gte(any(1)).inTree()).isEqualTo("c.gte(any).\"{\\\"1\\\"}\"");
        assertThat(parameter(c.imatch("^a"))).isEqualTo(Map.entry("c", "imatch.^a"));
        assertThat(parameter(c.isDistinctFrom(1))).isEqualTo(Map.entry("c", "isdistinct.1"));
        assertThat(parameter(c.isNotNull())).isEqualTo(Map.entry("c", "not.is.null"));
        assertThat(parameter(c.isUnknown())).isEqualTo(Map.entry("c", "is.unknown"));
        assertThat(parameter(c.contains(List.of("x", "y z")))).isEqualTo(Map.entry("c", "cs.{\"x\",\"y z\"}"));
        assertThat(parameter(c.contains(Filter.json(Map.of("a", List.of(1))))))
                .isEqualTo(Map.entry("c", "cs.{\"a\":[1]}"));
        assertThat(parameter(c.containedBy(Range.closed(1, null)))).isEqualTo(Map.entry("c", "cd.[1,]"));
        assertThat(parameter(c.overlaps(Range.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 2, 1)))))
                .isEqualTo(Map.entry("c", "ov.[2026-01-01,2026-02-01)"));
        assertThat(parameter(c.adjacentTo(Range.of("a,b", "c")))).isEqualTo(Map.entry("c", "adj.[\"a,b\",c)"));
        assertThat(parameter(c.matches(Search.WEB, "a or b", "english")))
                .isEqualTo(Map.entry("c", "wfts(english).a or b"));
        assertThatThrownBy(() -> c.matches(Search.WEB, "a", "english).x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> c.neq(any(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> column("")).isInstanceOf(IllegalArgumentException.class);
    }

    enum Mood {
        HAPPY,
        @JsonProperty("so-so")
        SO_SO
    }

    @Test
    void valuesAreWrittenAsPostgresReadsThem() {
        assertThat(parameter(Filter.eq("n", new BigDecimal("1E+3"))).getValue()).isEqualTo("eq.1000");
        assertThat(parameter(Filter.gt("t", Instant.parse("2026-01-31T00:00:00Z")))
                        .getValue())
                .isEqualTo("gt.2026-01-31T00:00:00Z");
        assertThat(parameter(Filter.in("m", List.of(Mood.HAPPY, Mood.SO_SO))).getValue())
                .isEqualTo("in.(HAPPY,so-so)");
        assertThat(parameter(Filter.eq("b", true)).getValue()).isEqualTo("eq.true");
        assertThatThrownBy(() -> parameter(Filter.eq("o", new Object()))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @SuppressWarnings("NullAway") // That is the mistake.
    void comparingWithNullIsRefusedWithTheWayToDoIt() {
        assertThatThrownBy(() -> Filter.eq("a", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is(..)");
        assertThatThrownBy(() -> Filter.anyOf()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aQueryIsNotChangedByNarrowingIt() {
        SelectQuery all = schema().from("todos").select("id,title");
        SelectQuery some = all.eq("done", true)
                .gt("id", 5)
                .order("title", Order.DESCENDING_NULLS_LAST)
                .order("id")
                .limit(10)
                .offset(20);

        assertThat(all.request().call().parameters()).containsExactly(Map.entry("select", "id,title"));
        assertThat(some.request().call().parameters())
                .containsExactly(
                        Map.entry("select", "id,title"),
                        Map.entry("done", "eq.true"),
                        Map.entry("id", "gt.5"),
                        Map.entry("limit", "10"),
                        Map.entry("offset", "20"));
    }

    @Test
    void aTablesNameIsOneSegment() {
        assertThat(schema().from("a/b?c").select().request().call().path()).isEqualTo("/rest/v1/a%2Fb%3Fc");
    }

    private static Schema schema() {
        return new Schema(TRANSPORT, () -> CompletableFuture.completedFuture(""), null);
    }

    private static Map.Entry<String, String> parameter(Filter filter) {
        return filter.parameter();
    }
}
