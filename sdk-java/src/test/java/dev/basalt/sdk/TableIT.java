package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.auth.Session;
import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.data.Rows;
import dev.basalt.sdk.error.DataException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Rows under row-level security against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class TableIT {
    private static final String NOTES = "sdk_notes_" + RunningBasalt.RUN;

    private BasaltClient ann;
    private BasaltClient bob;
    private BasaltClient anon;

    record Note(
            long id,
            UUID owner,
            String title,
            boolean done,
            @Nullable Integer stars,
            Instant createdAt) {}

    record NewNote(String title, @Nullable Integer stars) {}

    @BeforeAll
    static void createTable() throws Exception {
        RunningBasalt.sql("""
                create table public.%1$s (
                    id bigint generated always as identity primary key,
                    owner uuid not null default auth.uid(),
                    title text not null check (title <> 'refused'),
                    done boolean not null default false,
                    stars int,
                    created_at timestamptz not null default now());
                alter table public.%1$s enable row level security;
                create policy own_rows on public.%1$s for all to authenticated
                    using (owner = auth.uid()) with check (owner = auth.uid());
                grant select, insert, update, delete on public.%1$s to anon, authenticated;
                """.formatted(NOTES));
    }

    @AfterAll
    static void dropTable() throws Exception {
        RunningBasalt.sql("drop table public." + NOTES);
    }

    @BeforeEach
    void signTwoUsersUp() {
        ann = RunningBasalt.signedUp();
        bob = RunningBasalt.signedUp();
        anon = RunningBasalt.stranger();
    }

    @AfterEach
    void close() {
        ann.close();
        bob.close();
        anon.close();
    }

    @Test
    void rowsAreWrittenReadChangedAndDeletedAsRecords() {
        Note written =
                ann.from(NOTES).insert(new NewNote("first", 3)).returning().single(Note.class);
        assertThat(written.owner())
                .hasToString(ann.auth().session().orElseThrow().user().id());
        assertThat(written.stars()).isEqualTo(3);
        assertThat(written.createdAt())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));

        Rows<Note> more = ann.from(NOTES)
                .insert(List.of(new NewNote("second", null), new NewNote("third", 5)))
                .returning()
                .execute(Note.class);
        assertThat(more.stream().map(Note::title)).containsExactly("second", "third");

        Rows<Note> page = ann.from(NOTES)
                .select("id,owner,title,done,stars,created_at")
                .gt("id", written.id())
                .order("title", Order.DESCENDING)
                .limit(1)
                .withTotal()
                .execute(Note.class);
        assertThat(page.stream().map(Note::title)).containsExactly("third");
        assertThat(page.total()).hasValue(2);
        assertThat(ann.from(NOTES).select().is("stars", null).count()).isEqualTo(1);
        assertThat(ann.from(NOTES)
                        .select()
                        .order("id")
                        .offset(1)
                        .limit(1)
                        .single(Note.class)
                        .title())
                .isEqualTo("second");

        ann.from(NOTES).update(Map.of("done", true)).eq("id", written.id()).execute();
        assertThat(ann.from(NOTES).select("title,done").eq("id", written.id()).single())
                .containsExactlyInAnyOrderEntriesOf(Map.of("title", "first", "done", true));

        assertThat(ann.from(NOTES).delete().eq("done", true).returning().execute(Note.class))
                .singleElement()
                .extracting(Note::title)
                .isEqualTo("first");
        assertThat(ann.from(NOTES).select().eq("id", written.id()).maybeSingle(Note.class))
                .isEmpty();
        assertThat(ann.from(NOTES).select().count()).isEqualTo(2);
    }

    @Test
    void valuesOfAnyCharactersGoThroughEveryKindOfFilterUnharmed() {
        List<String> titles = List.of(
                "a,b",
                "say \"hi\"",
                "it's",
                "(x)",
                "back\\slash",
                "日本, 🦊",
                "null",
                "100% *",
                "a.b:c",
                "x=1&y=2#z?",
                "{1}",
                " ");
        ann.from(NOTES)
                .insert(titles.stream().map(t -> new NewNote(t, null)).toList())
                .execute();

        for (String title : titles) {
            assertThat(ann.from(NOTES).select().eq("title", title).execute(Note.class))
                    .as("eq %s", title)
                    .extracting(Note::title)
                    .containsExactly(title);
            assertThat(ann.from(NOTES).select().in("title", List.of(title)).execute(Note.class))
                    .as("in %s", title)
                    .extracting(Note::title)
                    .containsExactly(title);
        }
        assertThat(ann.from(NOTES).select().in("title", titles).count()).isEqualTo(titles.size());
    }

    @Test
    void conditionsInTreesHold() {
        ann.from(NOTES)
                .insert(List.of(new NewNote("a,b", 1), new NewNote("(c)", 2), new NewNote("d", 3)))
                .execute();

        assertThat(ann.from(NOTES)
                        .select()
                        .anyOf(
                                Filter.eq("title", "a,b"),
                                Filter.allOf(Filter.gt("stars", 1), Filter.not(Filter.eq("title", "d"))))
                        .order("id")
                        .execute(Note.class))
                .extracting(Note::title)
                .containsExactly("a,b", "(c)");
    }

    @Test
    void othersSeeAndChangeNothing() {
        Note anns =
                ann.from(NOTES).insert(new NewNote("private", null)).returning().single(Note.class);

        for (BasaltClient other : List.of(bob, anon)) {
            assertThat(other.from(NOTES).select().execute()).isEmpty();
            assertThat(other.from(NOTES)
                            .update(Map.of("title", "stolen"))
                            .eq("id", anns.id())
                            .returning()
                            .execute())
                    .isEmpty();
            assertThat(other.from(NOTES)
                            .delete()
                            .eq("id", anns.id())
                            .returning()
                            .execute())
                    .isEmpty();
        }
        String annId = anns.owner().toString();
        assertThatThrownBy(() -> bob.from(NOTES)
                        .insert(Map.of("title", "forged", "owner", annId))
                        .execute())
                .isInstanceOfSatisfying(DataException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("42501");
                    assertThat(refused.status()).isEqualTo(403);
                });
        assertThat(ann.from(NOTES).select("title").single()).containsEntry("title", "private");
    }

    @Test
    void dataErrorsAreTyped() {
        ann.from(NOTES)
                .insert(List.of(new NewNote("x", 1), new NewNote("y", 1)))
                .execute();

        assertThat(refused(() -> ann.from(NOTES)
                                .insert(new NewNote("refused", 1))
                                .execute())
                        .code())
                .isEqualTo("23514");
        assertThat(refused(() -> ann.from("no_such_table").select().execute()).status())
                .isEqualTo(404);
        assertThat(refused(() -> ann.from(NOTES).select().eq("nope", 1).execute())
                        .status())
                .isEqualTo(400);
        assertThat(refused(() -> ann.from(NOTES).select().eq("stars", "many").execute())
                        .code())
                .isEqualTo("22P02");
        DataException two = refused(() -> ann.from(NOTES).select().single(Note.class));
        assertThat(two.status()).isEqualTo(406);
        assertThat(two.code()).isEqualTo("PGRST116");
        assertThat(two.requestId()).isPresent();
        assertThat(refused(() -> ann.from(NOTES).select().maybeSingle(Note.class))
                        .code())
                .isEqualTo("PGRST116");
    }

    @Test
    void aWrongKeyIsRefused() {
        try (BasaltClient stranger = Basalt.connect(RunningBasalt.url(), "sb_publishable_nobodys_key")) {
            assertThat(refused(() -> stranger.from(NOTES).select().execute()).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aSessionAboutToExpireIsRefreshedOnceForAllCallsThatNeedIt() {
        Session held = ann.auth().session().orElseThrow();
        ann.auth()
                .restore(new Session(
                        held.accessToken(), held.refreshToken(), Instant.now().plusSeconds(5), held.user()));

        List<CompletableFuture<Rows<Note>>> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) calls.add(ann.from(NOTES).select().executeAsync(Note.class));
        calls.forEach(call -> assertThat(call.join()).isEmpty());

        Session refreshed = ann.auth().session().orElseThrow();
        assertThat(refreshed.refreshToken()).isNotEqualTo(held.refreshToken());
        assertThat(refreshed.expiresAt()).isAfter(Instant.now().plusSeconds(60));
        assertThat(ann.auth().refresh().user().id()).isEqualTo(held.user().id());
    }

    private static DataException refused(Runnable call) {
        try {
            call.run();
        } catch (DataException refused) {
            return refused;
        }
        throw new AssertionError("the call was not refused");
    }
}
