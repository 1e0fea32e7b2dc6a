package dev.basalt.sdk;

import static dev.basalt.sdk.documents.JsonPatch.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.documents.Document;
import dev.basalt.sdk.documents.DocumentCollection;
import dev.basalt.sdk.documents.DocumentReference;
import dev.basalt.sdk.documents.Found;
import dev.basalt.sdk.error.DocumentException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents one by one against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class DocumentsIT {
    private static final String ARTICLES = "sdk_articles_" + RunningBasalt.RUN;
    private static final String COMMENTS = "sdk_comments_" + RunningBasalt.RUN;
    private BasaltClient service;
    private DocumentCollection<Article> articles;

    record Author(String name) {}

    @SuppressWarnings("ArrayRecordComponent") // Bytes of callers are arrays.
    record Article(
            String title,
            @Nullable Author author,
            int starCount,
            BigDecimal price,
            @Nullable Instant publishedAt,
            byte @Nullable [] picture) {}

    record Comment(String text) {}

    @BeforeEach
    void connect() {
        service = RunningBasalt.service();
        articles = service.documents().collection(ARTICLES, Article.class);
    }

    @AfterEach
    void dropCollections() throws Exception {
        service.close();
        RunningBasalt.dropCollection(ARTICLES);
        RunningBasalt.dropCollection(COMMENTS);
    }

    @Test
    void aDocumentIsWrittenReadAndDeletedAsARecord() {
        var emma = new Article(
                "Emma",
                new Author("Austen"),
                5,
                new BigDecimal("7.50"),
                Instant.parse("2020-01-02T03:04:05.678Z"),
                new byte[] {1, -1});
        DocumentReference<Article> reference = articles.document("emma");

        assertThat(reference.get()).isEmpty();
        assertThat(reference.delete()).isFalse();
        Document<Article> written = reference.set(emma);
        assertThat(written.path()).isEqualTo(ARTICLES + "/emma");
        assertThat(written.id()).isEqualTo("emma");
        assertThat(written.madeBy()).isEmpty();
        assertThat(written.data()).usingRecursiveComparison().isEqualTo(emma);
        assertThat(reference.get()).hasValueSatisfying(read -> {
            assertThat(read.version()).isEqualTo(written.version());
            assertThat(read.data()).usingRecursiveComparison().isEqualTo(emma);
        });
        assertThat(reference.delete()).isTrue();
        assertThat(reference.get()).isEmpty();
    }

    @Test
    void membersAreCalledAsComponentsAre() {
        articles.document("a").set(article("A"));

        Map<String, @Nullable Object> data = service.documents()
                .collection(ARTICLES)
                .document("a")
                .get()
                .orElseThrow()
                .data();
        assertThat(data).containsKeys("title", "starCount", "publishedAt");
        assertThat(data).containsEntry("price", new BigDecimal("1.00"));
    }

    @Test
    void mergesChangeAndRemoveMembersAndPatchesApplyInOrder() {
        DocumentReference<Article> a = articles.document("a");
        a.set(new Article("A", new Author("Ann"), 1, BigDecimal.ONE, null, null));

        var changes = new HashMap<String, @Nullable Object>();
        changes.put("starCount", 2);
        changes.put("author", null);
        Article merged = a.merge(changes).data();
        assertThat(merged.starCount()).isEqualTo(2);
        assertThat(merged.author()).isNull();

        Article patched = a.patch(patch().test("/starCount", 2)
                        .add("/author", new Author("Bob"))
                        .replace("/title", "B")
                        .copy("/title", "/author/name")
                        .remove("/publishedAt"))
                .data();
        assertThat(patched.title()).isEqualTo("B");
        assertThat(patched.author()).isEqualTo(new Author("B"));
        assertThatThrownBy(() -> a.patch(patch().test("/starCount", 3).remove("/title")))
                .isInstanceOf(DocumentException.InvalidPatch.class);
        assertThat(a.get().orElseThrow().data().title()).isEqualTo("B");
        assertThatThrownBy(() -> articles.document("none").merge(changes))
                .isInstanceOf(DocumentException.NotFound.class);
    }

    @Test
    void aPreconditionThatDoesNotHoldWritesNothing() {
        DocumentReference<Article> a = articles.document("a");
        long first = a.create(article("1")).version();
        long second = a.ifVersion(first).set(article("2")).version();

        assertThat(second).isGreaterThan(first);
        assertThatThrownBy(() -> a.ifVersion(first).set(article("3")))
                .isInstanceOf(DocumentException.PreconditionFailed.class);
        assertThatThrownBy(() -> a.create(article("4"))).isInstanceOf(DocumentException.PreconditionFailed.class);
        assertThatThrownBy(() -> a.ifVersion(first).delete()).isInstanceOf(DocumentException.PreconditionFailed.class);
        assertThatThrownBy(() -> articles.document("b").ifExists().set(article("5")))
                .isInstanceOf(DocumentException.PreconditionFailed.class);
        assertThat(articles.document("b").get()).isEmpty();
        assertThat(a.get().orElseThrow()).satisfies(read -> {
            assertThat(read.version()).isEqualTo(second);
            assertThat(read.data().title()).isEqualTo("2");
        });
        assertThat(a.ifVersion(second).delete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "100%",
                "%2F",
                "é",
                "e\u0301",
                "a b+c",
                "日本/🦊",
                "?x=1#y",
                "a:aggregate",
                "...",
                "\\",
                "\""
            })
    void anyIdLeadsToItsOwnDocument(String id) {
        Document<Article> written = articles.document(id).set(article(id));

        assertThat(written.id()).isEqualTo(id);
        assertThat(service.documents().document(written.path(), Article.class).id())
                .isEqualTo(id);
        assertThat(service.documents()
                        .document(written.path(), Article.class)
                        .get()
                        .orElseThrow()
                        .data()
                        .title())
                .isEqualTo(id);
        DocumentCollection<Comment> comments = articles.document(id).collection(COMMENTS, Comment.class);
        comments.document(id).set(new Comment("nice"));
        assertThat(comments.getAll(List.of("none", id))).containsOnlyKeys(id);
        assertThat(comments.query().list())
                .singleElement()
                .satisfies(comment -> assertThat(service.documents()
                                .document(comment.path(), Comment.class)
                                .path())
                        .isEqualTo(comment.path()));
    }

    @Test
    void anIdMayBeMadeByTheServer() {
        Document<Article> one = articles.add(article("1"));
        Document<Article> other = articles.add(article("2"));

        assertThat(UUID.fromString(one.id()).version()).isEqualTo(7);
        assertThat(other.id()).isGreaterThan(one.id());
        assertThat(articles.document(one.id()).get().orElseThrow().data().title())
                .isEqualTo("1");
    }

    @Test
    void documentsOfSeveralCollectionsAreReadTogether() {
        DocumentReference<Article> a = articles.document("a");
        DocumentReference<Comment> c = a.collection(COMMENTS, Comment.class).document("c");
        a.set(article("A"));
        c.set(new Comment("nice"));

        Found found = service.documents().getAll(List.of(c, a, articles.document("none")));
        assertThat(found.get(a).orElseThrow().data().title()).isEqualTo("A");
        assertThat(found.get(c).orElseThrow().data()).isEqualTo(new Comment("nice"));
        assertThat(found.get(articles.document("none"))).isEmpty();
    }

    @Test
    void whatPoliciesHideIsAbsentAndWhatTheyForbidIsNotWritten() throws Exception {
        articles.document("a").set(article("A"));
        RunningBasalt.sql("create policy own on documents.\"" + ARTICLES + "\" for all to authenticated"
                + " using (owner = auth.uid()) with check (owner = auth.uid())");

        try (BasaltClient ann = RunningBasalt.signedUp();
                BasaltClient bob = RunningBasalt.signedUp();
                BasaltClient stranger = RunningBasalt.stranger()) {
            DocumentReference<Article> own =
                    ann.documents().collection(ARTICLES, Article.class).document("own");
            assertThat(own.set(article("Ann's")).madeBy()).isPresent();
            for (BasaltClient other : List.of(bob, stranger)) {
                DocumentCollection<Article> seen = other.documents().collection(ARTICLES, Article.class);
                assertThat(seen.document("own").get()).isEmpty();
                assertThat(seen.query().list()).isEmpty();
                assertThat(seen.query().count()).isZero();
                assertThat(seen.getAll(List.of("own", "a"))).isEmpty();
                assertThatThrownBy(() -> seen.document("own").set(article("x")))
                        .isInstanceOf(DocumentException.Forbidden.class);
                assertThat(seen.document("own").delete()).isFalse();
            }
            assertThat(own.get().orElseThrow().data().title()).isEqualTo("Ann's");
        }
        try (BasaltClient stranger = RunningBasalt.stranger()) {
            assertThatThrownBy(() -> stranger.documents()
                            .collection("sdk_unheard_" + RunningBasalt.RUN)
                            .add(Map.of()))
                    .isInstanceOf(DocumentException.UnknownCollection.class);
        }
    }

    @Test
    void whatADocumentMayNotHoldIsRefusedWithAPointer() throws Exception {
        DocumentCollection<Map<String, @Nullable Object>> free =
                service.documents().collection(ARTICLES);
        assertThatThrownBy(() -> free.document("a").set(Map.of("a", Map.of("b", "x\0y"))))
                .isInstanceOfSatisfying(
                        DocumentException.InvalidDocument.class,
                        refused -> assertThat(refused.pointer()).hasValue("/a/b"));

        free.document("a").set(Map.of("title", "A"));
        RunningBasalt.send(
                "PUT",
                "/platform/v1/projects/default/collections/" + ARTICLES,
                Map.of("schema", Map.of("properties", Map.of("title", Map.of("type", "string")))));
        assertThatThrownBy(() -> free.document("a").set(Map.of("title", 1)))
                .isInstanceOfSatisfying(
                        DocumentException.InvalidDocument.SchemaViolation.class,
                        refused -> assertThat(refused.violations())
                                .singleElement()
                                .satisfies(violation -> {
                                    assertThat(violation.pointer()).isEqualTo("/title");
                                    assertThat(violation.keyword()).isEqualTo("type");
                                }));
    }

    private static Article article(String title) {
        return new Article(title, null, 1, new BigDecimal("1.00"), null, null);
    }
}
