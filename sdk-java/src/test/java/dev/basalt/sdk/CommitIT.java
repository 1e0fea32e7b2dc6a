package dev.basalt.sdk;

import static dev.basalt.sdk.documents.JsonPatch.patch;
import static dev.basalt.sdk.documents.Transform.arrayRemove;
import static dev.basalt.sdk.documents.Transform.arrayUnion;
import static dev.basalt.sdk.documents.Transform.increment;
import static dev.basalt.sdk.documents.Transform.max;
import static dev.basalt.sdk.documents.Transform.min;
import static dev.basalt.sdk.documents.Transform.serverTimestamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.documents.CommitResult;
import dev.basalt.sdk.documents.CommitResult.Action;
import dev.basalt.sdk.documents.DocumentCollection;
import dev.basalt.sdk.error.ConstraintViolation;
import dev.basalt.sdk.error.DocumentException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Commits against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class CommitIT {
    private static final String ACCOUNTS = "sdk_accounts_" + RunningBasalt.RUN;
    private static final String LEDGER = "sdk_ledger_" + RunningBasalt.RUN;
    private BasaltClient service;
    private DocumentCollection<Account> accounts;

    record Account(
            String name,
            long balance,
            @Nullable List<String> tags,
            @Nullable Instant seenAt) {
        static Account of(String name, long balance) {
            return new Account(name, balance, null, null);
        }
    }

    record Entry(int id, long amount) {}

    @BeforeEach
    void connect() throws Exception {
        service = RunningBasalt.service();
        accounts = service.documents().collection(ACCOUNTS, Account.class);
        accounts.document("ann").set(Account.of("Ann", 10));
        RunningBasalt.sql("create table " + LEDGER + " (id int primary key, amount bigint not null)");
    }

    @AfterEach
    void drop() throws Exception {
        service.close();
        RunningBasalt.dropCollection(ACCOUNTS);
        RunningBasalt.sql("drop table " + LEDGER);
    }

    @Test
    void documentsAndRowsAreWrittenTogether() {
        CommitResult done = service.documents().commit(commit -> {
            commit.create(accounts.document("bob"), Account.of("Bob", 0), increment("balance", 5));
            commit.create(accounts, Account.of("Eve", 1));
            commit.merge(accounts.document("ann"), Map.of("name", "Anna"), increment("balance", -5));
            commit.delete(accounts.document("gone"));
            commit.sql("insert into " + LEDGER + " values ($1, $2), ($3, $4)", 1, -5, 2, 5);
            commit.sql("select id, amount from " + LEDGER + " order by id");
        });

        assertThat(done.writes())
                .extracting(CommitResult.Write::action)
                .containsExactly(Action.CREATED, Action.CREATED, Action.UPDATED, Action.NONE);
        assertThat(done.writes().get(0).path())
                .isEqualTo(accounts.document("bob").path());
        assertThat(done.writes().get(3).version()).isEmpty();
        assertThat(done.sql().get(0).rowCount()).isEqualTo(2);
        assertThat(done.sql().get(1).list(Entry.class)).containsExactly(new Entry(1, -5), new Entry(2, 5));
        assertThat(read("ann")).isEqualTo(Account.of("Anna", 5));
        assertThat(read("bob")).isEqualTo(Account.of("Bob", 5));
        assertThat(accounts.document("ann").get().orElseThrow().version())
                .isEqualTo(done.writes().get(2).version().orElseThrow());
    }

    @Test
    void transformsWorkOnWhatIsThere() {
        service.documents()
                .commit(commit -> commit.transform(
                        accounts.document("ann"),
                        max("balance", 12),
                        arrayUnion("tags", "a", "b"),
                        arrayUnion("tags", "b", "c"),
                        arrayRemove("tags", "a"),
                        serverTimestamp("seenAt"),
                        min("\"odd.name\".low", 3)));

        Account ann = read("ann");
        assertThat(ann.balance()).isEqualTo(12);
        assertThat(ann.tags()).containsExactly("b", "c");
        assertThat(ann.seenAt()).isNotNull();
        assertThat(service.documents()
                        .collection(ACCOUNTS)
                        .document("ann")
                        .get()
                        .orElseThrow()
                        .data())
                .containsEntry("odd.name", Map.of("low", 3));
    }

    @Test
    void aCommitThatFailsWritesNothingAndNamesItsWrite() {
        assertThatThrownBy(() -> service.documents().commit(commit -> {
                    commit.set(accounts.document("bob"), Account.of("Bob", 1));
                    commit.create(accounts.document("ann"), Account.of("Ann", 1));
                }))
                .isInstanceOfSatisfying(DocumentException.AlreadyExists.class, refused -> {
                    assertThat(refused.write()).hasValue(1);
                    assertThat(refused.path()).hasValue(accounts.document("ann").path());
                });
        assertThatThrownBy(() -> service.documents().commit(commit -> {
                    commit.set(accounts.document("bob"), Account.of("Bob", 1));
                    commit.patch(accounts.document("ann"), patch().test("/name", "Bob"));
                }))
                .isInstanceOfSatisfying(
                        DocumentException.InvalidPatch.class,
                        refused -> assertThat(refused.write()).hasValue(1));
        long version = accounts.document("ann").get().orElseThrow().version();
        assertThatThrownBy(() -> service.documents().commit(commit -> {
                    commit.set(accounts.document("bob"), Account.of("Bob", 1));
                    commit.set(accounts.document("ann").ifVersion(version - 1), Account.of("Ann", 1));
                }))
                .isInstanceOf(DocumentException.PreconditionFailed.class);
        assertThatThrownBy(() -> service.documents().commit(commit -> {
                    commit.set(accounts.document("bob"), Account.of("Bob", 1));
                    commit.sql("insert into " + LEDGER + " values (1, 1)");
                    commit.sql("insert into " + LEDGER + " values ($1, $2)", 1, 2);
                }))
                .isInstanceOfSatisfying(ConstraintViolation.UniqueViolation.class, refused -> {
                    assertThat(refused.index()).hasValue(1);
                    assertThat(refused.sqlState()).hasValue("23505");
                    assertThat(refused.constraint()).hasValue(LEDGER + "_pkey");
                });

        assertThat(accounts.document("bob").get()).isEmpty();
        assertThat(read("ann")).isEqualTo(Account.of("Ann", 10));
        assertThat(service.from(LEDGER).select().count()).isZero();
    }

    @Test
    void incrementsOfManyAreAllCounted() {
        List<CompletableFuture<CommitResult>> commits = IntStream.range(0, 20)
                .mapToObj(i -> service.documents()
                        .commitAsync(commit -> commit.transform(accounts.document("ann"), increment("balance", 1))))
                .toList();
        long done = commits.stream()
                .filter(commit ->
                        commit.handle((result, failure) -> failure == null).join())
                .count();

        assertThat(done).isPositive();
        assertThat(read("ann").balance()).isEqualTo(10 + done);
    }

    @Test
    void sqlInACommitIsForTheSecretKey() throws Exception {
        RunningBasalt.sql("create policy own on documents.\"" + ACCOUNTS + "\" for all to authenticated"
                + " using (true) with check (true)");
        try (BasaltClient ann = RunningBasalt.signedUp()) {
            DocumentCollection<Account> seen = ann.documents().collection(ACCOUNTS, Account.class);
            assertThatThrownBy(() -> ann.documents().commit(commit -> {
                        commit.delete(seen.document("ann"));
                        commit.sql("insert into " + LEDGER + " values (1, 1)");
                    }))
                    .isInstanceOf(DocumentException.Forbidden.class);
        }
        assertThat(read("ann")).isEqualTo(Account.of("Ann", 10));
        assertThat(service.from(LEDGER).select().count()).isZero();
    }

    private Account read(String id) {
        return accounts.document(id).get().orElseThrow().data();
    }
}
