package dev.basalt.data.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Condition.Filter;
import dev.basalt.data.query.Operation.Comparison;
import dev.basalt.data.query.Operation.Quantifier;
import dev.basalt.kit.error.ApiException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {
    @Test
    void nothingAskedForIsEverything() {
        assertThat(QueryParser.parse(null).shape().select()).containsExactly(new SelectItem.Star());
        assertThat(QueryParser.parse("")).isEqualTo(QueryParser.parse(null));
    }

    @Test
    void selectReadsAliasesCastsAndJsonPaths() {
        assertThat(parse("select=id,name:full_name,price::text,tag:data->tags->>0,\"odd,name\"")
                        .select())
                .containsExactly(
                        value("id"),
                        new SelectItem.Value(Field.of("full_name"), null, null, null, "name"),
                        new SelectItem.Value(Field.of("price"), "text", null, null, null),
                        new SelectItem.Value(
                                new Field(
                                        "data", List.of(new JsonStep.Key("tags", false), new JsonStep.Index(0, true))),
                                null,
                                null,
                                null,
                                "tag"),
                        value("odd,name"));
    }

    @Test
    void anEmptySelectIsAllTheColumns() {
        assertThat(parse("select=").select()).containsExactly(new SelectItem.Star());
        assertThat(parse("select=&select=id").select()).containsExactly(value("id"));
    }

    @Test
    void selectReadsAggregates() {
        assertThat(parse("select=amount.sum()::text,count(),n:id.count()").select())
                .containsExactly(
                        new SelectItem.Value(Field.of("amount"), null, SelectItem.Aggregate.SUM, "text", null),
                        new SelectItem.Value(Field.of("*"), null, SelectItem.Aggregate.COUNT, null, null),
                        new SelectItem.Value(Field.of("id"), null, SelectItem.Aggregate.COUNT, null, "n"));
    }

    @Test
    void selectReadsEmbeddingWithHintsJoinsAndSpread() {
        assertThat(parse("select=*,author:users!posts_author_fkey!inner(id,name),...team!left(title)")
                        .select())
                .containsExactly(
                        new SelectItem.Star(),
                        new SelectItem.Embed(
                                "users",
                                "author",
                                "posts_author_fkey",
                                SelectItem.Join.INNER,
                                List.of(value("id"), value("name"))),
                        new SelectItem.Spread("team", null, SelectItem.Join.LEFT, List.of(value("title"))));
    }

    @Test
    void filtersKeepTheirValuesApartFromTheirShape() {
        var one = QueryParser.parse("age=gte.18&name=eq.Ann");
        var other = QueryParser.parse("age=gte.21&name=eq.'); drop table people;--");

        assertThat(one.shape()).isEqualTo(other.shape());
        assertThat(one.values()).containsExactly("18", "Ann");
        assertThat(other.values()).containsExactly("21", "'); drop table people;--");
    }

    @Test
    void patternsTakeAStarForAnyText() {
        assertThat(QueryParser.parse("a=like.*b*&c=match.*b").values()).containsExactly("%b%", "*b");
    }

    @Test
    void quantifiersTakeAnArray() {
        var filter = (Filter) parse("id=not.eq(any).{1,2}").where().getFirst().condition();
        assertThat(filter.negated()).isTrue();
        assertThat(filter.operation()).isEqualTo(new Operation.Compare(Comparison.EQ, Quantifier.ANY, 0));
    }

    @Test
    void listsBecomeArrayLiterals() {
        assertThat(QueryParser.parse("a=in.(1,2)&b=in.(\"a,b\",\"q\\\"\",x y)&c=in.()&d=in.(\"\")")
                        .values())
                .containsExactly("{\"1\",\"2\"}", "{\"a,b\",\"q\\\"\",\"x y\"}", "{}", "{\"\"}");
    }

    @Test
    void logicNests() {
        var parsed = QueryParser.parse("or=(a.eq.1,not.and(b.is.null,c.in.(1,2)),d->>e.like.*x,f.cs.{1,2})");
        assertThat(parsed.values()).containsExactly("1", "{\"1\",\"2\"}", "%x", "{1,2}");
        var group = (Condition.Group) parsed.shape().where().getFirst().condition();
        assertThat(group.logic()).isEqualTo(Condition.Logic.OR);
        assertThat(group.members()).hasSize(4);
        assertThat(group.members().get(1))
                .asInstanceOf(type(Condition.Group.class))
                .satisfies(inner -> assertThat(inner.negated()).isTrue());
    }

    @Test
    void aColumnMayBeCalledLikeALogicOperator() {
        assertThat(QueryParser.parse("or=(order_id.eq.1,android.eq.2)").values())
                .containsExactly("1", "2");
    }

    @Test
    void pathsNameTheEmbeddedResource() {
        var shape = parse("author.name=eq.Ann&author.order=id.desc&author.limit=5&author.not.or=(a.eq.1,b.eq.2)");
        assertThat(shape.where()).allSatisfy(where -> assertThat(where.path()).containsExactly("author"));
        assertThat(shape.order().getFirst().path()).containsExactly("author");
        assertThat(shape.pages()).containsExactly(new QueryShape.Page(List.of("author"), 1, -1));
    }

    @Test
    void orderReadsDirectionAndNulls() {
        assertThat(parse("order=a,b.desc.nullslast,c.nullsfirst,team(name).asc")
                        .order()
                        .getFirst()
                        .terms())
                .containsExactly(
                        new OrderTerm(null, Field.of("a"), null, null),
                        new OrderTerm(null, Field.of("b"), OrderTerm.Direction.DESC, OrderTerm.Nulls.LAST),
                        new OrderTerm(null, Field.of("c"), null, OrderTerm.Nulls.FIRST),
                        new OrderTerm("team", Field.of("name"), OrderTerm.Direction.ASC, null));
    }

    @Test
    void columnsAndConflictTargetsAreNames() {
        var shape = parse("columns=\"id\",name&on_conflict=id");
        assertThat(shape.columns()).containsExactly("id", "name");
        assertThat(shape.onConflict()).containsExactly("id");
    }

    @Test
    void limitAndOffsetAreNumbers() {
        var parsed = QueryParser.parse("limit=10&offset=20");
        assertThat(parsed.limit()).isEqualTo(10);
        assertThat(parsed.offset()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=noop.1              | \"failed to parse filter (noop.1)\" (line 1, column 1)",
                "a=eq                  | \"failed to parse filter (eq)\" (line 1, column 3)",
                "a=is.maybe            | \"failed to parse filter (is.maybe)\" (line 1, column 4)",
                "a=in.1,2              | \"failed to parse filter (in.1,2)\" (line 1, column 4)",
                "a=in.(1               | \"failed to parse filter (in.(1)\" (line 1, column 6)",
                "a=is.null,x           | \"failed to parse filter (is.null,x)\" (line 1, column 8)",
                "or=()                 | \"failed to parse logic tree (())\" (line 1, column 2)",
                "or=(a.eq.1            | \"failed to parse logic tree ((a.eq.1)\" (line 1, column 8)",
                "or=(a.eq.1)x          | \"failed to parse logic tree ((a.eq.1)x)\" (line 1, column 9)",
                "order=a.up            | \"failed to parse order (a.up)\" (line 1, column 3)",
                "order=a.asc.desc      | \"failed to parse order (a.asc.desc)\" (line 1, column 7)",
                "select=a(             | \"failed to parse select parameter (a()\" (line 1, column 3)",
                "select=a::            | \"failed to parse select parameter (a::)\" (line 1, column 4)",
                "select=a,,b           | \"failed to parse select parameter (a,,b)\" (line 1, column 3)",
                "select=a!             | \"failed to parse select parameter (a!)\" (line 1, column 3)",
                "select=a.min          | \"failed to parse select parameter (a.min)\" (line 1, column 6)",
                "columns=a,            | \"failed to parse columns parameter (a,)\" (line 1, column 3)",
                "a->b->=eq.1           | \"failed to parse tree path (a->b->)\" (line 1, column 7)",
                "limit=many            | \"failed to parse limit (many)\" (line 1, column 1)",
            })
    void whatDoesNotParseIsRefusedWithItsPosition(String query, String message) {
        assertThatThrownBy(() -> parse(query))
                .asInstanceOf(type(ApiException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.error()).isEqualTo(RestError.INVALID_QUERY);
                    assertThat(refusal.detail()).isEqualTo(message);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=-1", "offset=-1"})
    void negativeRowCountsAreARangeError(String query) {
        assertThatThrownBy(() -> parse(query))
                .asInstanceOf(type(ApiException.class))
                .satisfies(refusal -> assertThat(refusal.error()).isEqualTo(RestError.INVALID_RANGE));
    }

    @Test
    void nestingHasALimitOnBothSides() {
        assertThat(parse(nested(QueryParser.MAX_DEPTH))).isNotNull();
        assertThatThrownBy(() -> parse(nested(QueryParser.MAX_DEPTH + 1))).hasMessageContaining("PGRST100");
        assertThat(parse("select=" + "a(".repeat(QueryParser.MAX_DEPTH) + ")".repeat(QueryParser.MAX_DEPTH)))
                .isNotNull();
        assertThatThrownBy(() -> parse("select=" + "a(".repeat(10_000))).hasMessageContaining("PGRST100");
        assertThatThrownBy(() -> parse("a" + "->b".repeat(100) + "=eq.1")).hasMessageContaining("PGRST100");
    }

    @Test
    void lengthHasALimitOnBothSides() {
        var name = "a=eq.";
        assertThat(parse(name + "x".repeat(QueryParser.MAX_LENGTH - name.length())))
                .isNotNull();
        assertThatThrownBy(() -> parse(name + "x".repeat(QueryParser.MAX_LENGTH - name.length() + 1)))
                .hasMessageContaining("PGRST100");
    }

    @Test
    void nulIsRefusedBecausePostgresCannotHoldIt() {
        assertThatThrownBy(() -> parse("a=eq.x%00y")).hasMessageContaining("PGRST100");
    }

    @Test
    void percentAndPlusAreDecodedAndBrokenEscapesStayAsTheyAre() {
        assertThat(QueryParser.parse("a=eq.%C3%A9+%26&b=eq.%zz%4").values()).containsExactly("é &", "%zz%4");
        assertThat(QueryParser.parse("a=eq." + URLEncoder.encode("😀", StandardCharsets.UTF_8))
                        .values())
                .containsExactly("😀");
    }

    private static String nested(int depth) {
        return "and=" + "(and".repeat(depth - 1) + "(a.eq.1)" + ")".repeat(depth - 1);
    }

    private static QueryShape parse(String query) {
        return QueryParser.parse(query).shape();
    }

    private static SelectItem value(String column) {
        return new SelectItem.Value(Field.of(column), null, null, null, null);
    }
}
