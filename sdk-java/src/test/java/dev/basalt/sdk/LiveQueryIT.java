package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.documents.Change;
import dev.basalt.sdk.documents.Document;
import dev.basalt.sdk.documents.DocumentCollection;
import dev.basalt.sdk.documents.Snapshot;
import dev.basalt.sdk.error.DocumentException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Live queries against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class LiveQueryIT {
    private static final String TASKS = "sdk_tasks_" + RunningBasalt.RUN;
    private BasaltClient service;
    private DocumentCollection<Task> tasks;

    record Task(String title, int rank) {}

    @BeforeEach
    void connect() {
        service = RunningBasalt.service();
        tasks = service.documents().collection(TASKS, Task.class);
        tasks.document("a").set(new Task("A", 1));
    }

    @AfterEach
    void drop() throws Exception {
        service.close();
        RunningBasalt.dropCollection(TASKS);
    }

    @Test
    void changesByWhateverWayAreShownInOrder() throws Exception {
        var seen = new Subscriber<Snapshot<Task>>();
        tasks.query().lt("rank", 10).order("rank").live().subscribe(seen);
        seen.request(Long.MAX_VALUE);

        assertThat(titles(seen.next())).containsExactly("A");
        tasks.document("b").set(new Task("B", 0));
        Snapshot<Task> added = seen.next();
        assertThat(titles(added)).containsExactly("B", "A");
        assertThat(added.changes()).singleElement().isInstanceOf(Change.Added.class);
        RunningBasalt.sql("update documents.\"" + TASKS + "\" set data = data || '{\"rank\": 5}' where id = 'b'");
        Snapshot<Task> moved = seen.next();
        assertThat(titles(moved)).containsExactly("A", "B");
        assertThat(moved.changes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.Modified.class,
                        change -> assertThat(change.document().data()).isEqualTo(new Task("B", 5)));
        tasks.document("a").merge(Map.of("rank", 10));
        Snapshot<Task> gone = seen.next();
        assertThat(titles(gone)).containsExactly("B");
        assertThat(gone.changes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.Removed.class,
                        change -> assertThat(change.document().id()).isEqualTo("a"));
        seen.cancel();
    }

    @Test
    void whoAsksForNothingIsToldTheNewestStateLater() throws Exception {
        var slow = new Subscriber<Snapshot<Task>>();
        var quick = new Subscriber<Snapshot<Task>>();
        tasks.query().order("rank").live().subscribe(slow);
        tasks.query().order("rank").live().subscribe(quick);
        slow.request(1);
        quick.request(Long.MAX_VALUE);
        assertThat(titles(slow.next())).containsExactly("A");
        quick.next();

        for (int i = 0; i < 20; i++) {
            tasks.document("a").set(new Task("A" + i, i));
        }
        while (!titles(quick.next()).equals(List.of("A19"))) {
            assertThat(slow.isEmpty()).isTrue();
        }
        assertThat(slow.isEmpty()).isTrue();
        slow.request(Long.MAX_VALUE);
        List<String> last = titles(slow.next());
        while (!last.equals(List.of("A19"))) last = titles(slow.next());
        slow.cancel();
        quick.cancel();
    }

    @Test
    void aSubscriberSeesWhatPoliciesLetItSee() throws Exception {
        RunningBasalt.sql("create policy own on documents.\"" + TASKS + "\" for all to authenticated"
                + " using (owner = auth.uid()) with check (owner = auth.uid())");
        try (BasaltClient ann = RunningBasalt.signedUp();
                BasaltClient bob = RunningBasalt.signedUp()) {
            var annSees = new Subscriber<Snapshot<Task>>();
            var bobSees = new Subscriber<Snapshot<Task>>();
            ann.documents().collection(TASKS, Task.class).query().live().subscribe(annSees);
            bob.documents().collection(TASKS, Task.class).query().live().subscribe(bobSees);
            annSees.request(Long.MAX_VALUE);
            bobSees.request(Long.MAX_VALUE);
            assertThat(annSees.next().documents()).isEmpty();
            assertThat(bobSees.next().documents()).isEmpty();

            ann.documents().collection(TASKS, Task.class).document("own").set(new Task("Ann's", 1));
            assertThat(titles(annSees.next())).containsExactly("Ann's");
            bob.documents().collection(TASKS, Task.class).document("mine").set(new Task("Bob's", 1));
            assertThat(titles(bobSees.next())).containsExactly("Bob's");
            annSees.cancel();
            bobSees.cancel();
            assertThat(annSees.isEmpty()).isTrue();
        }
    }

    @Test
    void aQueryThatIsRefusedEndsInItsError() throws Exception {
        var seen = new Subscriber<Snapshot<Task>>();
        service.documents()
                .collection("sdk_unheard_" + RunningBasalt.RUN, Task.class)
                .query()
                .live()
                .subscribe(seen);
        seen.request(1);

        assertThat(seen.failure()).isInstanceOf(DocumentException.UnknownCollection.class);
    }

    private static List<String> titles(Snapshot<Task> snapshot) {
        return snapshot.documents().stream()
                .map(Document::data)
                .map(Task::title)
                .toList();
    }
}
