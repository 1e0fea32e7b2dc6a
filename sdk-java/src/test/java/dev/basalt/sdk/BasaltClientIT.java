package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.auth.Session;
import dev.basalt.sdk.auth.SignUpResult;
import dev.basalt.sdk.auth.UserUpdate;
import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.data.Order;
import dev.basalt.sdk.data.Rows;
import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.FunctionException;
import dev.basalt.sdk.error.StorageException;
import dev.basalt.sdk.storage.BucketOptions;
import dev.basalt.sdk.storage.UploadOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client against a running Basalt, named by {@code BASALT_TEST_URL}, {@code BASALT_TEST_PUBLISHABLE_KEY} and
 * {@code BASALT_TEST_SECRET_KEY}. It makes tables, a bucket and a function of its own names and removes them at the end.
 */
@EnabledIfEnvironmentVariable(
        named = "BASALT_TEST_URL",
        matches = "http.+",
        disabledReason = "SKIPPED: the Java client was NOT tested, BASALT_TEST_URL names no running Basalt")
class BasaltClientIT {
    private static final String URL = environment("BASALT_TEST_URL");
    private static final String PUBLISHABLE = environment("BASALT_TEST_PUBLISHABLE_KEY");
    private static final String SECRET = environment("BASALT_TEST_SECRET_KEY");
    private static final String PASSWORD = "correct horse battery staple";
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final String NOTES = "sdk_notes_" + RUN;
    private static final String BUCKET = "sdk-" + RUN;
    private static final String FUNCTION = "sdk-echo-" + RUN;

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
    static void createTableBucketAndFunction() throws Exception {
        sql("""
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
        sql("""
                create policy "%1$s read" on storage.objects for select to authenticated
                    using (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                create policy "%1$s write" on storage.objects for insert to authenticated
                    with check (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                create policy "%1$s replace" on storage.objects for update to authenticated
                    using (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                create policy "%1$s delete" on storage.objects for delete to authenticated
                    using (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                """.formatted(BUCKET));
        try (BasaltClient service = Basalt.connect(URL, SECRET)) {
            service.storage().createBucket(BUCKET, BucketOptions.ofPrivate());
            service.storage().createBucket(BUCKET + "-public", BucketOptions.ofPublic());
        }
        send("PUT", "/platform/v1/projects/default/functions/" + FUNCTION, """
                {"files": {"index.js": "export default { async fetch(request) {\\
                   if (request.url.endsWith('/teapot')) return new Response('short and stout', { status: 418 });\\
                   return Response.json({ method: request.method, body: await request.text() }); } }"},
                 "manifest": {"runtime": "js", "entrypoint": "index.js"}}""".replace("\\\n", ""));
    }

    @AfterAll
    static void removeThem() throws Exception {
        sql("drop table public." + NOTES);
        for (String policy : List.of("read", "write", "replace", "delete")) {
            sql("drop policy \"%s %s\" on storage.objects".formatted(BUCKET, policy));
        }
        try (BasaltClient service = Basalt.connect(URL, SECRET)) {
            for (String bucket : List.of(BUCKET, BUCKET + "-public")) {
                service.storage().emptyBucket(bucket);
                service.storage().deleteBucket(bucket);
            }
        }
        send("DELETE", "/platform/v1/projects/default/functions/" + FUNCTION, "");
    }

    @BeforeEach
    void signTwoUsersUp() {
        ann = Basalt.connect(URL, PUBLISHABLE);
        bob = Basalt.connect(URL, PUBLISHABLE);
        anon = Basalt.connect(URL, PUBLISHABLE);
        for (BasaltClient client : List.of(ann, bob)) {
            assertThat(client.auth().signUp(address(), PASSWORD)).isInstanceOf(SignUpResult.SignedIn.class);
        }
    }

    @AfterEach
    void close() {
        ann.close();
        bob.close();
        anon.close();
    }

    @Test
    void signUpSignInRefreshAndSignOut() {
        String address = address();
        var result = (SignUpResult.SignedIn) anon.auth().signUp(address, PASSWORD, Map.of("nick", "Ánn \"A\""));
        assertThat(result.user().email()).isEqualTo(address);
        assertThat(result.user().userMetadata()).containsEntry("nick", "Ánn \"A\"");

        anon.auth().signOut();
        assertThat(anon.auth().session()).isEmpty();
        assertThatThrownBy(() -> anon.auth().user()).isInstanceOf(AuthException.class);

        Session first = anon.auth().signIn(address, PASSWORD);
        assertThat(anon.auth().user().id()).isEqualTo(first.user().id());
        Session second = anon.auth().refresh();
        assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
        assertThat(anon.auth().session()).contains(second);
        assertThat(anon.auth()
                        .updateUser(UserUpdate.ofData(Map.of("nick", "Bea")))
                        .userMetadata())
                .containsEntry("nick", "Bea");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
        AuthException wrong =
                refusedSignIn(ann.auth().session().orElseThrow().user().email(), PASSWORD + "!");
        AuthException unknown = refusedSignIn(address(), PASSWORD);

        assertThat(wrong.code()).isEqualTo("invalid_credentials").isEqualTo(unknown.code());
        assertThat(wrong.failure().message()).isEqualTo(unknown.failure().message());
        assertThat(wrong.status()).isEqualTo(400).isEqualTo(unknown.status());
        assertThat(wrong.requestId()).isPresent();
        assertThat(anon.auth().session()).isEmpty();
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

    @Test
    void aReusedRefreshTokenIsRefusedAndTheSessionDropped() {
        Session old = ann.auth().session().orElseThrow();
        Session next = ann.auth().refresh();
        Session newest = ann.auth().refresh();
        assertThat(newest.refreshToken()).isNotEqualTo(next.refreshToken());

        ann.auth().restore(old);
        assertThatThrownBy(() -> ann.auth().refresh()).isInstanceOf(AuthException.class);
        assertThat(ann.auth().session()).isEmpty();
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
        try (BasaltClient stranger = Basalt.connect(URL, "sb_publishable_nobodys_key")) {
            assertThat(refused(() -> stranger.from(NOTES).select().execute()).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void objectsComeBackByteForByte(@TempDir Path directory) throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        Path file = Files.write(directory.resolve("in.bin"), content);
        var bucket = ann.storage().bucket(BUCKET);
        String path = ann.auth().session().orElseThrow().user().id() + "/été/a b+c (1).bin";

        assertThat(bucket.upload(path, file, UploadOptions.of("application/octet-stream"))
                        .key())
                .isEqualTo(BUCKET + "/" + path);
        assertThat(bucket.download(path)).isEqualTo(content);
        assertThat(Files.readAllBytes(bucket.download(path, directory.resolve("out.bin"))))
                .isEqualTo(content);

        assertThat(refusedStorage(() -> bucket.upload(path, content, UploadOptions.of("text/plain")))
                        .status())
                .isEqualTo(409);
        assertThat(bucket.upload(
                                path,
                                new byte[] {1, 2},
                                UploadOptions.of("text/plain").replacing())
                        .key())
                .endsWith(path);
        assertThat(bucket.download(path)).containsExactly(1, 2);

        assertThat(bob.storage().bucket(BUCKET).remove(path)).isZero();
        assertThat(refusedStorage(() -> bob.storage().bucket(BUCKET).download(path))
                        .status())
                .isEqualTo(404);
        assertThat(bucket.remove(path)).isEqualTo(1);
        Path untouched = Files.writeString(directory.resolve("kept.bin"), "kept");
        assertThat(refusedStorage(() -> bucket.download(path, untouched)).status())
                .isEqualTo(404);
        assertThat(untouched).hasContent("kept");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("in.bin", "out.bin", "kept.bin");
    }

    @Test
    void linksWorkForWhomTheyAreMeant() throws Exception {
        byte[] content = {9, 8, 7};
        ann.storage().bucket(BUCKET).upload("signed.bin", content, UploadOptions.of("image/png"));
        URI signed = ann.storage().bucket(BUCKET).createSignedUrl("signed.bin", Duration.ofMinutes(1));
        HttpResponse<byte[]> read = get(signed);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(content);
        assertThat(read.headers().firstValue("content-type")).contains("image/png");
        String link = signed.toString();
        char last = link.charAt(link.length() - 5);
        URI tampered = URI.create(
                link.substring(0, link.length() - 5) + (last == 'A' ? 'B' : 'A') + link.substring(link.length() - 4));
        assertThat(get(tampered).statusCode()).isBetween(400, 403);
        assertThat(get(ann.storage().bucket(BUCKET).publicUrl("signed.bin")).statusCode())
                .isBetween(400, 404);

        try (BasaltClient service = Basalt.connect(URL, SECRET)) {
            var open = service.storage().bucket(BUCKET + "-public");
            open.upload("open.bin", content, UploadOptions.of("image/png").cachedFor(Duration.ofHours(1)));
            assertThat(get(open.publicUrl("open.bin")).body()).isEqualTo(content);
            assertThat(service.storage().buckets()).anyMatch(b -> b.id().equals(BUCKET + "-public") && b.isPublic());
        }
    }

    @Test
    void functionsAnswerAndTheirErrorsAreTyped() {
        var answer = ann.functions().invoke(FUNCTION, Map.of("a", "日本"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat((Object) answer.as(Map.class)).isEqualTo(Map.of("method", "POST", "body", "{\"a\":\"日本\"}"));

        assertThatThrownBy(() -> ann.functions().invoke(FUNCTION + "/teapot"))
                .isInstanceOfSatisfying(FunctionException.class, teapot -> {
                    assertThat(teapot.status()).isEqualTo(418);
                    assertThat(teapot.details()).contains("short and stout");
                    assertThat(teapot.isRelayError()).isFalse();
                });
        assertThatThrownBy(() -> ann.functions().invoke("no-such-function"))
                .isInstanceOfSatisfying(
                        FunctionException.class,
                        missing -> assertThat(missing.status()).isEqualTo(404));
    }

    private AuthException refusedSignIn(@Nullable String email, String password) {
        try {
            anon.auth().signIn(email == null ? "" : email, password);
        } catch (AuthException refused) {
            return refused;
        }
        throw new AssertionError("signed in with a wrong password");
    }

    private static DataException refused(Runnable call) {
        try {
            call.run();
        } catch (DataException refused) {
            return refused;
        }
        throw new AssertionError("the call was not refused");
    }

    private static StorageException refusedStorage(Runnable call) {
        try {
            call.run();
        } catch (StorageException refused) {
            return refused;
        }
        throw new AssertionError("the call was not refused");
    }

    private static HttpResponse<byte[]> get(URI url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
        }
    }

    private static void sql(String query) throws Exception {
        send("POST", "/sql/v1", "{\"query\":\"" + query.replace("\"", "\\\"").replace("\n", "\\n") + "\"}");
    }

    private static void send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(URL + path))
                .header("apikey", SECRET)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isBetween(200, 299);
        }
    }

    private static String address() {
        return UUID.randomUUID() + "@example.com";
    }

    private static String environment(String name) {
        return System.getenv().getOrDefault(name, "");
    }
}
