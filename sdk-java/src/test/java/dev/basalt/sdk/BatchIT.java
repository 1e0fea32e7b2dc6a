package dev.basalt.sdk;

import static dev.basalt.sdk.data.Filter.anyOf;
import static dev.basalt.sdk.data.Filter.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.data.BatchResult;
import dev.basalt.sdk.data.Rows;
import dev.basalt.sdk.data.Step;
import dev.basalt.sdk.error.ConstraintViolation;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.sql.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Batches against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class BatchIT {
    private static final String ORDERS = "sdk_orders_" + RunningBasalt.RUN;
    private static final String LINES = "sdk_lines_" + RunningBasalt.RUN;
    private static final String ADD = "sdk_batch_add_" + RunningBasalt.RUN;
    private BasaltClient service;

    record NewOrder(String customer) {}

    record Order(long id, String customer) {}

    record Line(long orderId, String sku, @Nullable Map<String, Object> data) {}

    @BeforeEach
    void createTables() throws Exception {
        RunningBasalt.sql("create table " + ORDERS
                + " (id bigint generated always as identity primary key, customer text);"
                + "create table " + LINES + " (order_id bigint references " + ORDERS + ", sku text unique, data jsonb);"
                + "create function " + ADD
                + "(a bigint, b bigint) returns bigint language sql immutable as 'select a + b'");
        service = RunningBasalt.service();
    }

    @AfterEach
    void dropTables() throws Exception {
        service.close();
        RunningBasalt.sql("drop table " + LINES + ", " + ORDERS + "; drop function " + ADD);
    }

    @Test
    void laterRequestsUseWhatEarlierOnesReturned() {
        var order = new ArrayList<Step<Order>>();
        var lines = new ArrayList<Step<Rows<Line>>>();
        var written = new ArrayList<Step<Long>>();
        var sum = new ArrayList<Step<Long>>();
        BatchResult done = service.batch(batch -> {
            Step<Order> made = batch.single(
                    service.from(ORDERS).insert(new NewOrder("Ann")).returning().as(Order.class));
            order.add(made);
            written.add(batch.write(service.from(LINES)
                    .insert(List.of(
                            Map.of("order_id", made.ref("id"), "sku", "a", "data", Map.of("who", made.ref("customer"))),
                            Map.of("order_id", made.ref("id"), "sku", "b")))
                    .missingAsDefault()
                    .columns("order_id", "sku", "data")));
            lines.add(batch.rows(service.from(LINES)
                    .select()
                    .eq("order_id", made.ref("id"))
                    .in("order_id", List.of(-1, made.ref("id")))
                    .anyOf(eq("order_id", made.ref("id")), eq("sku", "a"))
                    .order("sku")
                    .withTotal()
                    .as(Line.class)));
            sum.add(batch.value(service.rpc(ADD, Map.of("a", made.ref("id"), "b", 0)), Long.class));
            sum.add(batch.value(
                    service.rpc(ADD, Map.of("a", made.ref("id"), "b", 0)).readOnly(), Long.class));
        });

        Order made = done.get(order.getFirst());
        assertThat(made.customer()).isEqualTo("Ann");
        assertThat(done.get(written.getFirst())).isEqualTo(2);
        assertThat(done.get(lines.getFirst()).list())
                .containsExactly(new Line(made.id(), "a", Map.of("who", "Ann")), new Line(made.id(), "b", null));
        assertThat(done.get(lines.getFirst()).total()).hasValue(2);
        assertThat(done.get(sum.get(0))).isEqualTo(made.id());
        assertThat(done.get(sum.get(1))).isEqualTo(made.id());
    }

    @Test
    void aBatchThatFailsWritesNothingAndNamesItsRequest() {
        assertThatThrownBy(() -> service.batch(Isolation.SERIALIZABLE, batch -> {
                    Step<Map<String, @Nullable Object>> made = batch.single(
                            service.from(ORDERS).insert(new NewOrder("Ann")).returning());
                    batch.write(service.from(LINES).insert(Map.of("order_id", made.ref("id"), "sku", "a")));
                    batch.write(service.from(LINES).insert(Map.of("order_id", made.ref("id"), "sku", "a")));
                }))
                .isInstanceOfSatisfying(ConstraintViolation.UniqueViolation.class, refused -> {
                    assertThat(refused.index()).hasValue(2);
                    assertThat(refused.sqlState()).hasValue("23505");
                });
        assertThatThrownBy(() -> service.batch(batch -> {
                    batch.write(service.from(ORDERS).insert(new NewOrder("Bob")));
                    batch.single(service.from(ORDERS).select().eq("customer", "Eve"));
                }))
                .isInstanceOfSatisfying(
                        NotSingular.class,
                        refused -> assertThat(refused.index()).hasValue(1));
        assertThatThrownBy(() -> service.batch(batch -> {
                    Step<Long> made = batch.write(service.from(ORDERS).insert(new NewOrder("Bob")));
                    batch.write(service.from(LINES).insert(Map.of("order_id", made.ref("id"), "sku", "a")));
                }))
                .isInstanceOfSatisfying(
                        DataException.class,
                        refused -> assertThat(refused.index()).hasValue(1));
        assertThat(service.from(ORDERS).select().count()).isZero();
        assertThat(service.from(LINES).select().count()).isZero();
    }

    @Test
    void whatOnlyLooksLikeAReferenceIsData() {
        Map<String, Object> ref = Map.of("$ref", "#/0/body/customer");
        Map<String, Object> literal = Map.of("$literal", Map.of("$ref", "#/0/body/customer"));
        List<String> texts =
                List.of("${0.body.customer}", "$${0.body}", "$$${x}", "${", "a}b", "{\"$ref\": \"#/0/body\"}");
        var found = new ArrayList<Step<Rows<Order>>>();
        BatchResult done = service.batch(batch -> {
            Step<Order> secret = batch.single(service.from(ORDERS)
                    .insert(new NewOrder("secret"))
                    .returning()
                    .as(Order.class));
            batch.write(service.from(LINES)
                    .insert(List.of(
                            Map.of("order_id", secret.ref("id"), "sku", "a", "data", ref),
                            Map.of("order_id", secret.ref("id"), "sku", "b", "data", literal))));
            for (String text : texts) {
                batch.write(service.from(ORDERS).insert(new NewOrder(text)));
                found.add(batch.rows(service.from(ORDERS)
                        .select()
                        .eq("customer", text)
                        .gte("id", secret.ref("id"))
                        .where(anyOf(eq("customer", text), eq("id", -1)))
                        .in("customer", List.of(text, "}"))
                        .as(Order.class)));
            }
        });

        for (int i = 0; i < texts.size(); i++) {
            assertThat(done.get(found.get(i)).list())
                    .extracting(Order::customer)
                    .containsExactly(texts.get(i));
        }
        assertThat(service.from(LINES).select().order("sku").list(Line.class))
                .extracting(Line::data)
                .containsExactly(ref, literal);
    }

    @Test
    void rowLevelSecurityHoldsInABatch() throws Exception {
        RunningBasalt.sql("alter table " + ORDERS + " enable row level security");
        service.from(ORDERS).insert(new NewOrder("hidden")).execute();

        try (BasaltClient ann = RunningBasalt.signedUp()) {
            var seen = new ArrayList<Step<Rows<Order>>>();
            BatchResult done = ann.batch(
                    batch -> seen.add(batch.rows(ann.from(ORDERS).select().as(Order.class))));
            assertThat(done.get(seen.getFirst()).list()).isEmpty();
            assertThatThrownBy(() ->
                            ann.batch(batch -> batch.write(ann.from(ORDERS).insert(new NewOrder("x")))))
                    .isInstanceOf(DataException.class);
        }
        assertThat(service.from(ORDERS).select().count()).isEqualTo(1);
    }
}
