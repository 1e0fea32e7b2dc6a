package dev.basalt.sdk;

import static dev.basalt.sdk.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.error.AmbiguousName.AmbiguousFunction;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.RaisedException;
import dev.basalt.sdk.error.ReadOnlyTransaction;
import dev.basalt.sdk.error.UnknownName.UnknownFunction;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Functions of every shape against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class CallIT {
    private static final String RUN = RunningBasalt.RUN;
    private static BasaltClient service;

    record Item(int id, String name, BigDecimal price) {}

    record Sum(BigDecimal a, int bSecond) {}

    record Point(int x, int y) {}

    @BeforeAll
    static void createFunctions() throws Exception {
        RunningBasalt.sql("""
                create table sdk_goods_%1$s (id int primary key, name text, price numeric);
                insert into sdk_goods_%1$s values (1, 'a', 1.50), (2, 'b', 2.50), (3, 'c', 3.50);
                create type sdk_point_%1$s as (x int, y int);
                create function sdk_add_%1$s(a numeric, b_second int default 10) returns numeric language sql immutable
                    as 'select a + b_second';
                create function sdk_cheap_%1$s(below numeric) returns setof sdk_goods_%1$s language sql stable
                    as 'select * from sdk_goods_%1$s where price < below';
                create function sdk_numbers_%1$s(upto int) returns setof int language sql immutable
                    as 'select generate_series(1, upto)';
                create function sdk_point_of_%1$s() returns sdk_point_%1$s language sql immutable
                    as 'select row(1, 2)::sdk_point_%1$s';
                create function sdk_nothing_%1$s(a int) returns text language sql immutable as 'select null::text';
                create function sdk_wipe_%1$s() returns void language sql as 'delete from sdk_goods_%1$s where id > 100';
                create function sdk_joined_%1$s(parts text[]) returns text language sql immutable
                    as 'select array_to_string(parts, ''|'')';
                create function sdk_keys_%1$s(json) returns text language sql immutable
                    as 'select string_agg(k, '','') from json_object_keys($1) k';
                create function sdk_upper_%1$s(text) returns text language sql immutable as 'select upper($1)';
                create function sdk_length_%1$s(bytea) returns int language sql immutable as 'select length($1)';
                create function sdk_refuse_%1$s() returns int language plpgsql as
                    'begin raise exception ''not today'' using hint = ''tomorrow''; end';
                create function sdk_own_%1$s() returns int language plpgsql as
                    'begin raise sqlstate ''PT418'' using message = ''short and stout''; end';
                """.formatted(RUN));
        service = RunningBasalt.service();
    }

    @AfterAll
    static void dropFunctions() throws Exception {
        service.close();
        RunningBasalt.sql("""
                drop function sdk_add_%1$s, sdk_cheap_%1$s, sdk_numbers_%1$s, sdk_point_of_%1$s, sdk_nothing_%1$s, sdk_wipe_%1$s,
                    sdk_joined_%1$s, sdk_keys_%1$s, sdk_upper_%1$s, sdk_length_%1$s, sdk_refuse_%1$s, sdk_own_%1$s;
                drop type sdk_point_%1$s;
                drop table sdk_goods_%1$s;
                """.formatted(RUN));
    }

    @Test
    void scalarsAndRecordsAreValues() {
        assertThat(service.rpc(name("add"), new Sum(new BigDecimal("1.50"), 2)).value(BigDecimal.class))
                .isEqualTo(new BigDecimal("3.50"));
        assertThat(service.rpc(name("add"), Map.of("a", 1)).readOnly().value(Integer.class))
                .isEqualTo(11);
        assertThat(service.rpc(name("point_of")).value(Point.class)).isEqualTo(new Point(1, 2));
        assertThat(service.rpc(name("nothing"), Map.of("a", 1)).maybeValue(String.class))
                .isEmpty();
        assertThat(service.rpc(name("nothing"), Collections.singletonMap("a", null))
                        .maybeValue(String.class))
                .isEmpty();
    }

    @Test
    void setsAreRowsThatAreFilteredSortedPagedAndCounted() {
        assertThat(service.rpc(name("cheap"), Map.of("below", 3)).order("id").list(Item.class))
                .containsExactly(new Item(1, "a", new BigDecimal("1.50")), new Item(2, "b", new BigDecimal("2.50")));
        var page = service.rpc(name("cheap"), Map.of("below", 9))
                .readOnly()
                .select(column("id"), column("name").as("label"))
                .gt("id", 1)
                .order("id")
                .limit(1)
                .withTotal()
                .execute();
        assertThat(page.list()).isEqualTo(List.of(Map.of("id", 2, "label", "b")));
        assertThat(page.total()).hasValue(2);
        assertThat(service.rpc(name("cheap"), Map.of("below", 3)).count()).isEqualTo(2);
        assertThat(service.rpc(name("cheap"), Map.of("below", 3))
                        .eq("id", 2)
                        .single(Item.class)
                        .name())
                .isEqualTo("b");
        assertThat(service.rpc(name("numbers"), Map.of("upto", 3))
                        .as(Integer.class)
                        .list())
                .containsExactly(1, 2, 3);
    }

    @Test
    void argumentsOfEveryShapeArrive() {
        var parts = Arrays.asList("x,y", "say \"hi\"", "back\\slash", "{}", "日本");
        String joined = String.join("|", parts);
        assertThat(service.rpc(name("joined"), Map.of("parts", parts)).value(String.class))
                .isEqualTo(joined);
        assertThat(service.rpc(name("joined"), Map.of("parts", parts))
                        .readOnly()
                        .value(String.class))
                .isEqualTo(joined);
        assertThat(service.rpc(name("keys"), Map.of("k", 1)).value(String.class))
                .isEqualTo("k");
        assertThat(service.schema("public").rpcText(name("upper"), "é, a").value(String.class))
                .isEqualTo("É, A");
        assertThat(service.schema("public")
                        .rpcBytes(name("length"), new byte[] {0, 1, 2})
                        .value(Integer.class))
                .isEqualTo(3);
    }

    @Test
    void aFunctionThatReturnsNothingIsRun() {
        service.rpc(name("wipe")).run();

        assertThatThrownBy(() -> service.rpc(name("wipe")).readOnly().run()).isInstanceOf(ReadOnlyTransaction.class);
    }

    @Test
    void whatFunctionsRefuseIsTyped() {
        assertThatThrownBy(() -> service.rpc(name("refuse")).run())
                .isInstanceOfSatisfying(RaisedException.class, refused -> {
                    assertThat(refused.failure().message()).isEqualTo("not today");
                    assertThat(refused.hint()).contains("tomorrow");
                });
        assertThatThrownBy(() -> service.rpc(name("own")).run())
                .isExactlyInstanceOf(DataException.class)
                .isInstanceOfSatisfying(
                        DataException.class, own -> assertThat(own.status()).isEqualTo(418));
        assertThatThrownBy(() -> service.rpc(name("ad"), Map.of("a", 1)).run()).isInstanceOf(UnknownFunction.class);
    }

    @Test
    void severalFunctionsForTheSameArgumentsAreAmbiguous() throws Exception {
        RunningBasalt.sql("""
                create function sdk_two_%1$s(a int) returns int language sql as 'select 1';
                create function sdk_two_%1$s(a text) returns int language sql as 'select 2';""".formatted(RUN));
        try {
            assertThatThrownBy(() -> service.rpc(name("two"), Map.of("a", 1)).run())
                    .isInstanceOf(AmbiguousFunction.class);
        } finally {
            RunningBasalt.sql("drop function sdk_two_%1$s(int), sdk_two_%1$s(text)".formatted(RUN));
        }
    }

    private static String name(String function) {
        return "sdk_" + function + "_" + RUN;
    }
}
