package dev.basalt.kit.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlScriptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select 1                                       | SELECT",
                "select 1; ; insert into t values (';');        | SELECT,INSERT",
                "/* a; /* b; */ c; */ delete from t -- x; y     | DELETE",
                "with a as (select ';') update t set x = 1      | UPDATE",
                "with recursive a as (select 1) select * from a | SELECT",
                "select E'it\\'s; '; select 2                   | SELECT,SELECT",
                "select 'it''s; '; select 2                     | SELECT,SELECT",
                "select name';' from t                          | SELECT",
                "select \"a;\"\"b\"; commit                     | SELECT,COMMIT",
                "do $$ begin x; y; end $$; select $1            | DO,SELECT",
                "do $a$ $$ ; $b$ ; $a$; values (1)              | DO,VALUES",
                "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 1 | CREATE,SELECT",
                "(select 1) union (select 2)                    | SELECT",
                "select a$b$c; select 2                         | SELECT,SELECT",
            })
    void commandsAreFoundByTheLexicalRules(String sql, String commands) {
        assertThat(String.join(",", SqlScript.of(sql).commands())).isEqualTo(commands);
    }

    @Test
    void statementsAreFoundWhereTheyStand() {
        var sql = "-- first\nselect 1 ; /* then */ (select 'a;') ;; insert into t values (2)";
        assertThat(SqlScript.of(sql).statements())
                .extracting(statement -> sql.substring(statement.start(), statement.end()))
                .containsExactly("select 1 ", "(select 'a;') ", "insert into t values (2)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "begin                        | true",
                "START TRANSACTION            | true",
                "commit and chain             | true",
                "prepare transaction 'x'      | true",
                "rollback                     | true",
                "savepoint a                  | false",
                "release a                    | false",
                "prepare a as select 1        | false",
                "do $$ begin commit; end $$   | false",
                "select 'commit'              | false",
            })
    void whatBeginsOrEndsATransactionIsTold(String sql, boolean controls) {
        assertThat(SqlScript.of(sql).statements().getFirst().controlsTransaction())
                .isEqualTo(controls);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "copy t from stdin              | true",
                "copy (select 'x') to STDOUT    | true",
                "copy t (stdin) from '/tmp/x'   | false",
                "copy \"stdin\" to program 'x'  | false",
                "select stdin from t            | false",
            })
    void copiesOverTheClientsConnectionAreTold(String sql, boolean copies) {
        assertThat(SqlScript.of(sql).statements().getFirst().copiesOverWire()).isEqualTo(copies);
    }

    @Test
    void parametersAreFoundWhereTheyStand() {
        var sql = "select $1, '$2', a$3, $$ $4 $$, \"$5\" /* $6 */ from t where x=$12and y = $1::int";
        assertThat(SqlScript.of(sql).statements().getFirst().parameters())
                .extracting(SqlScript.Parameter::number)
                .containsExactly(1, 12, 1);
        assertThat(SqlScript.of(sql).statements().getFirst().parameters())
                .extracting(parameter -> sql.substring(parameter.start(), parameter.end()))
                .containsExactly("$1", "$12", "$1");
        assertThat(SqlScript.of("select $99999999999999")
                        .statements()
                        .getFirst()
                        .parameters())
                .extracting(SqlScript.Parameter::number)
                .containsExactly(Integer.MAX_VALUE);
    }

    @Test
    void brokenTextEndsSomewhere() {
        for (var sql : new String[] {"", "'", "\"", "$$", "$a$ x", "/*", "--", "select E'\\", "$"}) {
            assertThat(SqlScript.of(sql)).isNotNull();
        }
    }

    @Test
    void onlyCommandsOnDataLeaveTheSchemaAsItIs() {
        assertThat(SqlScript.of("insert into t values (1); select 1").mayChangeSchema())
                .isFalse();
        assertThat(SqlScript.of("select 1; alter table t add c int").mayChangeSchema())
                .isTrue();
        assertThat(SqlScript.of("do $$ begin end $$").mayChangeSchema()).isTrue();
    }
}
