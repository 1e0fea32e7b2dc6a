package dev.basalt.data.sql;

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
