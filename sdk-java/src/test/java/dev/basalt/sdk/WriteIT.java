package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.Table;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.error.TooManyAffected;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Every way of writing rows against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class WriteIT {
    private static final String STOCK = "sdk_stock_" + RunningBasalt.RUN;
    private BasaltClient service;

    record Line(int id, String sku, int amount) {}

    @BeforeEach
    void createTable() throws Exception {
        RunningBasalt.sql("create table " + STOCK + " (id int primary key, sku text unique, amount int default 7)");
        service = RunningBasalt.service();
    }

    @AfterEach
    void dropTable() throws Exception {
        service.close();
        RunningBasalt.sql("drop table " + STOCK);
    }

    @Test
    void manyRowsAreInsertedWithDefaultsForWhatIsMissing() {
        stock().insert(List.of(Map.of("id", 1, "sku", "a", "amount", 1), Map.of("id", 2, "sku", "b", "x", 1)))
                .columns("id", "sku", "amount")
                .missingAsDefault()
                .execute();

        assertThat(lines()).containsExactly(new Line(1, "a", 1), new Line(2, "b", 7));
    }

    @Test
    void anUpsertMergesOrLeavesTheRowsThatAreThere() {
        stock().insert(new Line(1, "a", 1)).execute();

        stock().upsert(List.of(new Line(1, "a", 2), new Line(2, "b", 2))).execute();
        assertThat(lines()).containsExactly(new Line(1, "a", 2), new Line(2, "b", 2));
        stock().upsert(Map.of("id", 3, "sku", "b", "amount", 9))
                .onConflict("sku")
                .execute();
        assertThat(lines()).containsExactly(new Line(1, "a", 2), new Line(3, "b", 9));
        assertThat(stock().upsert(List.of(new Line(1, "z", 0), new Line(4, "d", 4)))
                        .ignoreDuplicates()
                        .returning()
                        .list(Line.class))
                .containsExactly(new Line(4, "d", 4));
        assertThat(lines()).hasSize(3).contains(new Line(1, "a", 2));
    }

    @Test
    void aWriteThatIsTooLargeOrRolledBackLeavesNothing() {
        stock().insert(List.of(new Line(1, "a", 1), new Line(2, "b", 1))).execute();

        assertThatThrownBy(() -> stock().delete().gt("id", 0).maxAffected(1).execute())
                .isInstanceOf(TooManyAffected.class);
        assertThat(stock().delete().gt("id", 0).rollback().returning().list(Line.class))
                .hasSize(2);
        assertThatThrownBy(() -> stock().update(Map.of("amount", 0))
                        .gt("id", 0)
                        .returning()
                        .single(Line.class))
                .isInstanceOfSatisfying(
                        NotSingular.class, several -> assertThat(several.rows()).hasValue(2));
        assertThat(lines()).containsExactly(new Line(1, "a", 1), new Line(2, "b", 1));
        stock().delete().gt("id", 0).maxAffected(2).execute();
        assertThat(lines()).isEmpty();
    }

    @Test
    void writesSayHowManyRowsAndWhere() {
        assertThat(stock().insert(List.of(new Line(1, "a", 1), new Line(2, "b", 1)))
                        .executeCounted())
                .isEqualTo(2);
        assertThat(stock().update(Map.of("amount", 3)).eq("id", 1).executeCounted())
                .isEqualTo(1);
        assertThat(stock().insert(new Line(3, "c", 1)).executeForLocation().orElseThrow())
                .endsWith("/" + STOCK + "?id=eq.3");
    }

    private Table stock() {
        return service.from(STOCK);
    }

    private List<Line> lines() {
        return stock().select().order("id").list(Line.class);
    }
}
