package dev.basalt.sdk;

import static dev.basalt.sdk.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.data.Table;
import dev.basalt.sdk.error.ConstraintViolation.CheckViolation;
import dev.basalt.sdk.error.ConstraintViolation.ExclusionViolation;
import dev.basalt.sdk.error.ConstraintViolation.ForeignKeyViolation;
import dev.basalt.sdk.error.ConstraintViolation.NotNullViolation;
import dev.basalt.sdk.error.ConstraintViolation.UniqueViolation;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.InvalidRequest.InvalidQuery;
import dev.basalt.sdk.error.InvalidToken;
import dev.basalt.sdk.error.InvalidValue;
import dev.basalt.sdk.error.PermissionDenied;
import dev.basalt.sdk.error.RangeNotSatisfiable;
import dev.basalt.sdk.error.UnknownName.UnknownColumn;
import dev.basalt.sdk.error.UnknownName.UnknownSchema;
import dev.basalt.sdk.error.UnknownName.UnknownTable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The errors of tables, each provoked on a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class DataErrorIT {
    private static final String PARENTS = "sdk_parents_" + RunningBasalt.RUN;
    private static final String CHILDREN = "sdk_children_" + RunningBasalt.RUN;
    private static BasaltClient service;

    @BeforeAll
    static void createTables() throws Exception {
        RunningBasalt.sql("""
                create table %1$s (id int primary key);
                create table %2$s (id int primary key, parent int constraint sdk_parent references %1$s,
                    amount int not null default 1 constraint sdk_positive check (amount > 0), span int4range,
                    constraint sdk_apart exclude using gist (span with &&));
                insert into %1$s values (1);
                insert into %2$s values (1, 1, 1, '[1,5)');
                alter table %1$s enable row level security;
                revoke all on %2$s from anon;
                """.formatted(PARENTS, CHILDREN));
        service = RunningBasalt.service();
    }

    @AfterAll
    static void dropTables() throws Exception {
        service.close();
        RunningBasalt.sql("drop table %s; drop table %s".formatted(CHILDREN, PARENTS));
    }

    @Test
    void aBrokenConstraintIsNamed() {
        var unique = failure(UniqueViolation.class, () -> insert(Map.of("id", 1)));
        assertThat(unique.constraint()).contains(CHILDREN + "_pkey");
        assertThat(unique.status()).isEqualTo(409);
        assertThat(unique.details()).contains("Key (id)=(1) already exists.");
        assertThat(failure(ForeignKeyViolation.class, () -> insert(Map.of("id", 2, "parent", 9)))
                        .constraint())
                .contains("sdk_parent");
        assertThat(failure(
                                ForeignKeyViolation.class,
                                () -> service.from(PARENTS).delete().eq("id", 1).execute())
                        .constraint())
                .contains("sdk_parent");
        assertThat(failure(CheckViolation.class, () -> insert(Map.of("id", 2, "amount", 0)))
                        .constraint())
                .contains("sdk_positive");
        assertThat(failure(ExclusionViolation.class, () -> insert(Map.of("id", 2, "span", "[2,3)")))
                        .constraint())
                .contains("sdk_apart");
        assertThat(failure(
                                NotNullViolation.class,
                                () -> children()
                                        .update(Collections.singletonMap("amount", null))
                                        .eq("id", 1)
                                        .execute())
                        .column())
                .contains("amount");
        assertThat(children().select().count()).isEqualTo(1);
    }

    @Test
    void unknownNamesComeWithOnesThatAreAlike() {
        assertThat(failure(
                                UnknownTable.class,
                                () -> service.from(PARENTS.replace("rents", "rent"))
                                        .select()
                                        .execute())
                        .hint()
                        .orElse(""))
                .contains(PARENTS);
        failure(UnknownColumn.class, () -> children().select().eq("amout", 1).execute());
        failure(UnknownColumn.class, () -> insert(Map.of("id", 2, "nope", 1)));
        assertThat(failure(
                                UnknownSchema.class,
                                () -> service.schema("secret")
                                        .from(PARENTS)
                                        .select()
                                        .execute())
                        .hint()
                        .orElse(""))
                .contains("public");
    }

    @Test
    void whatCannotBeReadIsInvalidWithItsPlace() {
        assertThat(failure(
                                InvalidQuery.class,
                                () -> children().select("id,,amount").execute())
                        .position())
                .hasValue(4);
        failure(
                InvalidValue.class,
                () -> children().select().eq("amount", "many").execute());
        failure(
                InvalidValue.class,
                () -> children()
                        .select()
                        .where(column("amount").in(List.of(1, 99999999999L)))
                        .execute());
        failure(
                RangeNotSatisfiable.class,
                () -> children().select().offset(10).withTotal().execute());
    }

    @Test
    void strangersAreDeniedAndFalseKeysAreNoTokens() {
        try (BasaltClient anon = RunningBasalt.stranger();
                BasaltClient nobody = Basalt.connect(RunningBasalt.url(), "sb_publishable_nobodys_key")) {
            assertThat(failure(
                                    PermissionDenied.class,
                                    () -> anon.from(CHILDREN).select().execute())
                            .status())
                    .isEqualTo(401);
            failure(
                    PermissionDenied.class,
                    () -> anon.from(PARENTS).insert(Map.of("id", 5)).execute());
            failure(InvalidToken.class, () -> nobody.from(PARENTS).select().execute());
        }
        assertThat(service.from(PARENTS).select().count()).isEqualTo(1);
    }

    private static Table children() {
        return service.from(CHILDREN);
    }

    private static void insert(Map<String, Object> row) {
        children().insert(row).execute();
    }

    private static <T extends DataException> T failure(Class<T> type, Runnable call) {
        try {
            call.run();
        } catch (DataException failure) {
            if (type.isInstance(failure)) return type.cast(failure);
            throw failure;
        }
        throw new AssertionError("the call did not fail");
    }
}
