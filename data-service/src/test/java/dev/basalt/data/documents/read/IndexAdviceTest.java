package dev.basalt.data.documents.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.documents.IndexKey;
import dev.basalt.data.query.PathQueryParser;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexAdviceTest {
    /** An index as a declaration makes it, beside the primary key. */
    private static Set<List<IndexKey>> indexes(String declared) {
        var all = new HashSet<List<IndexKey>>();
        all.add(List.of(IndexKey.PARENT, IndexKey.ID));
        for (var index : declared.isEmpty() ? new String[0] : declared.split(";")) {
            boolean group = index.startsWith("group ");
            var keys = Arrays.stream(index.replace("group ", "").split(","))
                    .map(field ->
                            IndexKey.of(PathQueryParser.order(field).getFirst().field()));
            all.add((group ? keys : Stream.concat(Stream.of(IndexKey.PARENT), keys)).toList());
        }
        return all;
    }

    private static Optional<String> advice(String declared, String query) {
        var asked = PathQueryParser.parse(query, Set.of("group"));
        return IndexAdvice.of(asked.where(), asked.order(), asked.settings().containsKey("group"), indexes(declared))
                .map(index -> index.encode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=eq.1                                   | {\"fields\":[\"a\"]}",
                "a.b=eq.1&c=in.(1,2)                      | {\"fields\":[\"a.b\",\"c\"]}",
                "n=gt.1&m=lt.5&a=eq.1                     | {\"fields\":[\"a\",\"n\"]}",
                "n=gt.1&n=lt.5                            | {\"fields\":[\"n\"]}",
                "a=is.null                                | {\"fields\":[\"a\"]}",
                "order=a.b.desc,c                         | {\"fields\":[\"a.b.desc\",\"c\"]}",
                "order=$updatedAt.desc                    | {\"fields\":[\"$updatedAt.desc\"]}",
                "$owner=eq.5d2c7f7e-1111-2222-3333-00000000000a | {\"fields\":[\"$owner\"]}",
                "group=true&a=eq.1                        | {\"fields\":[\"a\"],\"group\":true}",
                "group=true&$id=eq.x                      | {\"fields\":[\"$id\"],\"group\":true}",
                "or=(a.eq.1,b.gt.2)                       | {\"fields\":[\"a\"]}",
                "and=(a.eq.1,b.like.x)                    | {\"fields\":[\"a\"]}",
                "\"a.b\".desc=eq.1                        | {\"fields\":[\"\\\"a.b\\\".\\\"desc\\\"\"]}",
                "a=eq.1&t=fts.x                           | {\"fields\":[\"a\"]}",
            })
    void anIndexIsNamedWhereNoneServes(String query, String expected) {
        assertThat(advice("", query)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                "``           | ``",
                "``           | order=$id",
                "``           | $id=eq.x&a=eq.1",
                "``           | $id=gt.x",
                "``           | $parent=eq.x/1",
                "``           | group=true&$parent=eq.x/1",
                "``           | a=like.x*",
                "``           | a=neq.1",
                "``           | a=not.eq.1",
                "``           | tags=cs.{a}",
                "``           | not.or=(a.eq.1,b.eq.2)",
                "``           | or=(a.eq.1,b.like.x)",
                "a            | a=eq.1",
                "a            | a=eq.1&b=eq.2&order=c",
                "a,b          | a=gt.1&b=eq.2",
                "a.b          | a.b=in.(1,2)",
                "a;b          | or=(a.eq.1,b.eq.2)",
                "a,b          | order=a,b",
                "a.desc,b     | order=a",
                "group a      | group=true&a=eq.1",
                "group a      | a=eq.1",
                "group a      | group=true&order=a",
            })
    void nothingIsNamedWhereAnIndexServesOrNoneWould(String declared, String query) {
        assertThat(advice(declared, query)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b,a     | a=eq.1",
                "a       | group=true&a=eq.1",
                "a;b     | or=(a.eq.1,c.eq.2)",
                "a       | order=a,b",
                "a.b     | a=eq.1",
            })
    void anIndexOfOtherKeysServesNothing(String declared, String query) {
        assertThat(advice(declared, query)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "parent                                         | $parent",
                "created_at                                     | $createdAt",
                "((data #> '{a,b}'::text[]))                     | a.b",
                "((data #> '{\"a,b\",\"it''s\"}'::text[]))       | \"a,b\".\"it's\"",
                "((data #> E'{\"a\\\\\\\\b\"}'::text[]))         | \"a\\\\b\"",
            })
    void keysAreReadFromWhatPostgresqlTells(String told, String field) {
        assertThat(IndexKey.told(told)).contains(IndexKey.of(PathQueryParser.path(field)));
        assertThat(IndexKey.told("lower(" + told + ")")).isEmpty();
    }
}
