package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.data.Column.Search;
import dev.basalt.sdk.data.Grammar.Field;
import dev.basalt.sdk.data.Grammar.Node.Group;
import dev.basalt.sdk.data.Grammar.Node.Leaf;
import dev.basalt.sdk.http.Url;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any string, as a value or as a name, through every operator comes out of the grammar as it went in. */
class QuotingPropertyTest {
    private static final Map<String, BiFunction<Column, String, Filter>> OPERATORS = Map.ofEntries(
            Map.entry("eq", Column::eq),
            Map.entry("neq", Column::neq),
            Map.entry("gt", Column::gt),
            Map.entry("gte", Column::gte),
            Map.entry("lt", Column::lt),
            Map.entry("lte", Column::lte),
            Map.entry("like", Column::like),
            Map.entry("ilike", Column::ilike),
            Map.entry("match", Column::match),
            Map.entry("imatch", Column::imatch),
            Map.entry("isdistinct", Column::isDistinctFrom),
            Map.entry("cs", Column::contains),
            Map.entry("cd", Column::containedBy),
            Map.entry("ov", Column::overlaps),
            Map.entry("sl", Column::strictlyLeftOf),
            Map.entry("sr", Column::strictlyRightOf),
            Map.entry("nxr", Column::notExtendsRightOf),
            Map.entry("nxl", Column::notExtendsLeftOf),
            Map.entry("adj", Column::adjacentTo),
            Map.entry("fts", (column, query) -> column.matches(Search.OPERATORS, query)),
            Map.entry("plfts", (column, query) -> column.matches(Search.PLAIN, query)),
            Map.entry("phfts", (column, query) -> column.matches(Search.PHRASE, query)),
            Map.entry("wfts(english)", (column, query) -> column.matches(Search.WEB, query, "english")));

    @Property
    void aValueAloneIsTheRestOfItsParameter(
            @ForAll("operators") String operator, @ForAll("names") String name, @ForAll("texts") String value) {
        Filter filter = filter(operator, column(name), value);
        var leaf = new Leaf(new Field(List.of(), name, List.of()), false, operator, List.of(value));
        var opposite = new Leaf(leaf.field(), true, operator, List.of(value));

        assertThat(read(filter)).isIn(leaf, new Group(List.of(), false, "and", List.of(leaf)));
        assertThat(read(Filter.not(filter))).isIn(opposite, new Group(List.of(), false, "and", List.of(opposite)));
    }

    @Property
    void aValueInATreeEndsWhereItEnds(
            @ForAll("operators") String operator,
            @ForAll("names") String name,
            @ForAll("texts") String value,
            @ForAll("texts") String neighbour) {
        Filter filter = filter(operator, column(name), value);
        var field = new Field(List.of(), name, List.of());
        var leaf = new Leaf(field, false, operator, List.of(value));
        var opposite = new Leaf(field, true, operator, List.of(value));
        var last = new Leaf(new Field(List.of(), "z", List.of()), false, "eq", List.of(neighbour));

        assertThat(read(Filter.anyOf(
                        filter,
                        Filter.not(Filter.allOf(Filter.not(filter), column("z").eq(neighbour))),
                        column("z").eq(neighbour))))
                .isEqualTo(new Group(
                        List.of(),
                        false,
                        "or",
                        List.of(leaf, new Group(List.of(), true, "and", List.of(opposite, last)), last)));
    }

    @Property
    void listsAndArraysHoldWhatWasPutIn(@ForAll("lists") List<String> values) {
        var in = new Leaf(new Field(List.of(), "c", List.of()), false, "in", values);
        assertThat(read(column("c").in(values))).isEqualTo(in);
        assertThat(read(Filter.allOf(column("c").in(values))))
                .isEqualTo(new Group(List.of(), false, "and", List.of(in)));

        Filter any = column("c").eq(Filter.any(values.toArray()));
        Filter overlaps = column("c").overlaps(values);
        for (Filter filter : List.of(any, overlaps)) {
            var alone = (Leaf) read(filter);
            var inTree = (Group) read(Filter.allOf(filter));
            assertThat(Grammar.array(alone.values().getFirst())).isEqualTo(values);
            assertThat(inTree.members()).containsExactly(alone);
        }
    }

    @Property
    void namesOfRelationsAndKeysArriveAsTheyAre(
            @ForAll("names") String relation,
            @ForAll("names") String name,
            @ForAll("names") String key,
            @ForAll("texts") String value) {
        Column place = column(name).key(key).text(key).of(relation);
        var path = List.of("->" + key, "->>" + key);
        var own = new Leaf(new Field(List.of(), name, path), false, "eq", List.of(value));
        var leaf = new Leaf(new Field(List.of(relation), name, path), false, "eq", List.of(value));

        assertThat(read(place.eq(value))).isIn(leaf, new Group(List.of(relation), false, "and", List.of(own)));
        assertThat(read(Filter.not(Filter.anyOf(column(name).key(key).text(key).eq(value)))
                        .of(relation)))
                .isEqualTo(new Group(List.of(relation), true, "or", List.of(own)));
        assertThat(Grammar.names(Quoting.names(List.of(relation, name, key)))).containsExactly(relation, name, key);
    }

    private static Filter filter(String operator, Column column, String value) {
        BiFunction<Column, String, Filter> maker = OPERATORS.get(operator);
        if (maker == null) throw new AssertionError(operator);
        return maker.apply(column, value);
    }

    /** Through the URL and the grammar. */
    private static Grammar.Node read(Filter filter) {
        String[] pair = Url.query(List.of(filter.parameter())).substring(1).split("=", -1);
        assertThat(pair).hasSize(2).noneMatch(part -> part.contains("&"));
        return Grammar.parameter(
                URLDecoder.decode(pair[0], StandardCharsets.UTF_8), URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<String> operators() {
        return Arbitraries.of(OPERATORS.keySet());
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(20);
        Arbitrary<String> sharp = Arbitraries.strings()
                .withChars(",.:()\"\\{}[]*%+&=#;?!|<>-_' \t\r\nnotandoreqi1\0")
                .ofMaxLength(20);
        Arbitrary<String> words = Arbitraries.of(
                "",
                "null",
                "NULL",
                "not.eq.1",
                "and(",
                "or",
                "{1,2}",
                "\"",
                "\\",
                "\\\"",
                "),id.gt.0",
                "🦊",
                "x&id=gt.0");
        return Arbitraries.oneOf(any, sharp, words).filter(QuotingPropertyTest::isUnicode);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> reserved =
                Arbitraries.of("not", "and", "or", "select", "order", "limit", "offset", "columns", "on_conflict");
        return Arbitraries.oneOf(texts().filter(text -> !text.isEmpty()), reserved);
    }

    @Provide
    Arbitrary<List<String>> lists() {
        return texts().list().ofMaxSize(5);
    }

    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
