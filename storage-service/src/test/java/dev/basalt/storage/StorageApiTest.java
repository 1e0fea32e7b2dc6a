package dev.basalt.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.ListedBlob;
import dev.basalt.test.TestProjects;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class StorageApiTest extends StorageTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 70_000, 3_000_000})
    void anUploadComesBackWithItsTypeAndTag(int length) {
        byte[] content = bytes(length);
        as(ANN).contentType("image/png")
                .header("cache-control", "max-age=3600")
                .header(
                        "x-metadata",
                        Base64.getEncoder().encodeToString("{\"k\":\"v\"}".getBytes(StandardCharsets.UTF_8)))
                .body(content)
                .post("/storage/v1/object/private/" + ANN + "/a.png")
                .then()
                .statusCode(200)
                .body("Key", equalTo("private/" + ANN + "/a.png"), "Id", notNullValue());
        var response = as(ANN).get("/storage/v1/object/authenticated/private/" + ANN + "/a.png");
        response.then()
                .statusCode(200)
                .header("Content-Type", "image/png")
                .header("Cache-Control", "max-age=3600")
                .header("Content-Length", Integer.toString(length))
                .header("ETag", startsWith("\""))
                .header("Accept-Ranges", "bytes");
        assertThat(response.asByteArray()).isEqualTo(content);
        as(ANN).get("/storage/v1/object/info/private/" + ANN + "/a.png")
                .then()
                .statusCode(200)
                .body("size", equalTo(length), "content_type", equalTo("image/png"), "metadata.k", equalTo("v"));
        as(ANN).head("/storage/v1/object/private/" + ANN + "/a.png")
                .then()
                .statusCode(200)
                .header("Content-Length", Integer.toString(length));
    }

    @Test
    void theFormThatClientsSendIsTaken() {
        String boundary = "----form";
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"cacheControl\"\r\n\r\n60\r\n--"
                + boundary + "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"a\":1}\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"\"; filename=\"blob\"\r\nContent-Type: text/csv\r\n\r\n"
                + "a,b\r\n1,2\r\n--" + boundary + "--\r\n";
        secret().contentType("multipart/form-data; boundary=" + boundary)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/storage/v1/object/private/a.csv")
                .then()
                .statusCode(200);
        secret().get("/storage/v1/object/private/a.csv")
                .then()
                .statusCode(200)
                .header("Cache-Control", "max-age=60")
                .header("Content-Type", "text/csv")
                .body(equalTo("a,b\r\n1,2"));
        secret().get("/storage/v1/object/info/private/a.csv").then().body("metadata.a", equalTo(1));
        secret().contentType("multipart/form-data; boundary=" + boundary)
                .body("nonsense".getBytes(StandardCharsets.UTF_8))
                .post("/storage/v1/object/private/b.csv")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("400"));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void policiesDecideAndARefusedUploadLeavesNothing() {
        as(BOB).contentType("text/plain")
                .body(bytes(100_000))
                .post("/storage/v1/object/private/" + ANN + "/a")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("403"), "error", equalTo("Unauthorized"))
                .body("message", containsString("row-level security"));
        anonymous().body(bytes(10)).post("/storage/v1/object/open/a").then().statusCode(400);
        assertNothingWasStored();
        upload("private", ANN + "/a", bytes(10));
        for (var caller : List.of(as(BOB), anonymous())) {
            caller.get("/storage/v1/object/private/" + ANN + "/a")
                    .then()
                    .statusCode(400)
                    .body("statusCode", equalTo("404"), "error", equalTo("not_found"))
                    .body("message", equalTo("Object not found"));
        }
        as(BOB).delete("/storage/v1/object/private/" + ANN + "/a").then().statusCode(400);
        as(BOB).contentType("application/json")
                .body("{\"prefixes\":[\"" + ANN + "/a\"]}")
                .delete("/storage/v1/object/private")
                .then()
                .statusCode(200)
                .body("$", hasSize(0));
        open().get("/storage/v1/object/public/private/" + ANN + "/a").then().statusCode(400);
        plain().header("Host", project.ref() + ".localhost")
                .get("/storage/v1/object/private/" + ANN + "/a")
                .then()
                .statusCode(401);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void anObjectIsReplacedOnlyWhenAskedAndItsOldContentGoes() {
        upload("private", "a", "one".getBytes(StandardCharsets.UTF_8));
        secret().body("two")
                .post("/storage/v1/object/private/a")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("409"), "error", equalTo("Duplicate"));
        secret().get("/storage/v1/object/private/a").then().body(equalTo("one"));
        secret().header("x-upsert", "true")
                .body("two")
                .post("/storage/v1/object/private/a")
                .then()
                .statusCode(200);
        secret().get("/storage/v1/object/private/a").then().body(equalTo("two"));
        secret().body("three").put("/storage/v1/object/private/a").then().statusCode(200);
        secret().body("x").put("/storage/v1/object/private/none").then().statusCode(400);
        secret().get("/storage/v1/object/private/a").then().body(equalTo("three"));
        await().atMost(Duration.ofSeconds(5)).until(() -> blobsOfProject().size() == 1);
    }

    @Test
    void rangesAndConditionsAreKept() {
        upload("open", "a.txt", "0123456789".getBytes(StandardCharsets.UTF_8));
        String path = "/storage/v1/object/public/open/a.txt";
        String tag = open().get(path).getHeader("ETag");
        String date = open().get(path).getHeader("Last-Modified");
        open().header("Range", "bytes=2-4")
                .get(path)
                .then()
                .statusCode(206)
                .header("Content-Range", "bytes 2-4/10")
                .body(equalTo("234"));
        open().header("Range", "bytes=20-").get(path).then().statusCode(416).header("Content-Range", "bytes */10");
        open().header("Range", "bytes=2-4")
                .header("If-Range", "\"other\"")
                .get(path)
                .then()
                .statusCode(200);
        open().header("If-None-Match", tag).get(path).then().statusCode(304).header("ETag", tag);
        open().header("If-None-Match", "\"other\"").get(path).then().statusCode(200);
        open().header("If-Modified-Since", date).get(path).then().statusCode(304);
        open().get(path + "?download=b%20c.txt")
                .then()
                .header("Content-Disposition", containsString("filename=b%20c.txt"));
    }

    @Test
    void aPageIsNotServedAsOne() {
        secret().contentType("text/html").body("<script>").post("/storage/v1/object/open/a.html");
        open().get("/storage/v1/object/public/open/a.html")
                .then()
                .header("Content-Type", "text/plain")
                .header("X-Content-Type-Options", "nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%00b",
                "..%2Fa",
                "a%2F..%2F..%2Fb",
                "%2e%2e%2Fa",
                "a%5C..%5Cb",
                "a%0Ab",
                "%2Fetc%2Fpasswd",
                "%C3%A4"
            })
    void namesThatAreNoneAreRefusedAndNothingIsStored(String name) {
        int status =
                secret().body("x").post("/storage/v1/object/private/" + name).statusCode();
        assertThat(status).isIn(400, 404);
        assertThat(secret().get("/storage/v1/object/private/" + name).statusCode())
                .isIn(400, 404);
        assertNothingWasStored();
    }

    @Test
    void aDotSegmentNeverLeavesItsBucket() throws Exception {
        // Sent as they are: clients would fold them before sending.
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream()
                    .write(("POST /storage/v1/object/private/../../../x HTTP/1.1\r\nHost: localhost\r\napikey: "
                                    + project.secretKey().value()
                                    + "\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 4");
        }
        assertNothingWasStored();
    }

    @Test
    void bucketLimitsHoldOnBothSides() {
        bucket(
                "small",
                new JsonObject()
                        .put("file_size_limit", "1KB")
                        .put("allowed_mime_types", List.of("image/*", "text/plain")));
        secret().contentType("image/png")
                .body(bytes(1000))
                .post("/storage/v1/object/small/fits")
                .then()
                .statusCode(200);
        secret().contentType("image/png")
                .body(bytes(1001))
                .post("/storage/v1/object/small/large")
                .then()
                .statusCode(413)
                .body("statusCode", equalTo("413"), "error", equalTo("Payload too large"));
        secret().contentType("application/pdf")
                .body(bytes(10))
                .post("/storage/v1/object/small/pdf")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("415"), "error", equalTo("invalid_mime_type"));
        assertThat(rows()).isEqualTo(1);
        await().until(() -> blobsOfProject().size() == 1);
    }

    @Test
    void anOversizeBodyOfUnknownLengthIsCutOffAndLeavesNothing() throws Exception {
        bucket("small", new JsonObject().put("file_size_limit", 100_000));
        var response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://localhost:" + RestAssured.port + "/storage/v1/object/small/large"))
                                .header("apikey", project.secretKey().value())
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new java.io.ByteArrayInputStream(bytes(3_000_000))))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(413);
        assertNothingWasStored();
    }

    @Test
    void aClientThatGoesAwayInTheMiddleLeavesNothing() throws Exception {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream()
                    .write(("POST /storage/v1/object/private/cut HTTP/1.1\r\nHost: localhost\r\napikey: "
                                    + project.secretKey().value() + "\r\nContent-Length: 1000000\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes(300_000));
            socket.getOutputStream().flush();
        }
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> blobsOfProject().isEmpty());
        assertNothingWasStored();
    }

    @Test
    void aNameIsDecodedOnceAndASignedUrlCarriesItPlain() {
        // The clients percent-encode the whole URL that they get: an encoded name would be encoded twice.
        upload("private", ANN + "/a%20(1).txt", "spaced".getBytes(StandardCharsets.UTF_8));
        String url = as(ANN).contentType("application/json")
                .body("{\"expiresIn\":60}")
                .post("/storage/v1/object/sign/private/" + ANN + "/a%20(1).txt")
                .then()
                .statusCode(200)
                .extract()
                .path("signedURL");
        assertThat(url).startsWith("/object/sign/private/" + ANN + "/a (1).txt?token=");
        open().get("/storage/v1" + url.replace(" ", "%20"))
                .then()
                .statusCode(200)
                .body(equalTo("spaced"));
        open().get("/storage/v1" + url.replace(" ", "%2520")).then().statusCode(400);
    }

    @Test
    void aSignedUrlOpensItsObjectAndNothingElse() {
        upload("private", ANN + "/a", "secret".getBytes(StandardCharsets.UTF_8));
        upload("private", ANN + "/b", "other".getBytes(StandardCharsets.UTF_8));
        String url = as(ANN).contentType("application/json")
                .body("{\"expiresIn\":60}")
                .post("/storage/v1/object/sign/private/" + ANN + "/a")
                .then()
                .statusCode(200)
                .extract()
                .path("signedURL");
        open().get("/storage/v1" + url).then().statusCode(200).body(equalTo("secret"));
        open().get("/storage/v1" + url.replace(ANN + "/a", ANN + "/b")).then().statusCode(400);
        int begin = url.indexOf("token=") + 6;
        for (int at = begin; at < url.length(); at++) {
            char other = url.charAt(at) == 'A' ? 'B' : 'A';
            String changed = url.substring(0, at) + other + url.substring(at + 1);
            if (at % 7 == 0 || at > url.length() - 3) {
                open().get("/storage/v1" + changed).then().statusCode(400);
            }
        }
        open().get("/storage/v1" + url.substring(0, url.indexOf('?'))).then().statusCode(400);
        // Not by the token of another use, nor by a user's own token.
        String uploadUrl = as(ANN).post("/storage/v1/object/upload/sign/private/" + ANN + "/new")
                .then()
                .statusCode(200)
                .extract()
                .path("url");
        String uploadToken = uploadUrl.substring(uploadUrl.indexOf("token=") + 6);
        open().get("/storage/v1/object/sign/private/" + ANN + "/new?token=" + uploadToken)
                .then()
                .statusCode(400);
        open().body("x").put("/storage/v1" + uploadUrl).then().statusCode(200);
        as(ANN).get("/storage/v1/object/private/" + ANN + "/new").then().body(equalTo("x"));
        as(BOB).contentType("application/json")
                .body("{\"expiresIn\":60}")
                .post("/storage/v1/object/sign/private/" + ANN + "/a")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("404"));
        as(ANN).contentType("application/json")
                .body("{\"expiresIn\":60,\"paths\":[\"" + ANN + "/a\",\"none\"]}")
                .post("/storage/v1/object/sign/private")
                .then()
                .statusCode(200)
                .body("[0].signedURL", startsWith("/object/sign/private/"), "[1].error", notNullValue());
    }

    @Test
    void anExpiredSignedUrlIsRefused() {
        upload("private", "a", bytes(3));
        String url = secret().contentType("application/json")
                .body("{\"expiresIn\":1}")
                .post("/storage/v1/object/sign/private/a")
                .path("signedURL");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> open().get("/storage/v1" + url).statusCode() == 400);
        secret().contentType("application/json")
                .body("{\"expiresIn\":0}")
                .post("/storage/v1/object/sign/private/a")
                .then()
                .statusCode(400);
    }

    @Test
    void aListingShowsFoldersThenFilesOfOneLevel() {
        for (String name : List.of("b.txt", "a.txt", "dir/c.txt", "dir/sub/d.txt", "direct.txt")) {
            upload("private", name, bytes(5));
        }
        secret().contentType("application/json")
                .body("{\"prefix\":\"\",\"limit\":100,\"offset\":0,\"sortBy\":{\"column\":\"name\",\"order\":\"asc\"}}")
                .post("/storage/v1/object/list/private")
                .then()
                .statusCode(200)
                .body("name", equalTo(List.of("dir", "a.txt", "b.txt", "direct.txt")))
                .body("[1].metadata.size", equalTo(5), "[1].id", notNullValue());
        secret().contentType("application/json")
                .body("{\"prefix\":\"dir\"}")
                .post("/storage/v1/object/list/private")
                .then()
                .body("name", equalTo(List.of("sub", "c.txt")));
        secret().contentType("application/json")
                .body("{\"prefix\":\"\",\"search\":\"A\",\"sortBy\":{\"column\":\"created_at\",\"order\":\"desc\"}}")
                .post("/storage/v1/object/list/private")
                .then()
                .body("name", equalTo(List.of("a.txt")));
        secret().contentType("application/json")
                .body("{\"prefix\":\"\",\"limit\":1,\"offset\":1}")
                .post("/storage/v1/object/list/private")
                .then()
                .body("name", equalTo(List.of("a.txt")));
        anonymous()
                .contentType("application/json")
                .body("{\"prefix\":\"\"}")
                .post("/storage/v1/object/list/private")
                .then()
                .statusCode(200)
                .body("$", hasSize(0));
        secret().contentType("application/json")
                .body("{\"prefix\":\"\",\"sortBy\":{\"column\":\"id; drop table x\"}}")
                .post("/storage/v1/object/list/private")
                .then()
                .statusCode(400);
    }

    @Test
    void movingCopyingAndDeletingKeepRowsAndBlobsTogether() {
        upload("private", "a", "content".getBytes(StandardCharsets.UTF_8));
        secret().contentType("application/json")
                .body("{\"bucketId\":\"private\",\"sourceKey\":\"a\",\"destinationKey\":\"b\"}")
                .post("/storage/v1/object/copy")
                .then()
                .statusCode(200)
                .body("Key", equalTo("private/b"));
        secret().contentType("application/json")
                .body("{\"bucketId\":\"private\",\"sourceKey\":\"a\",\"destinationKey\":\"c/d\"}")
                .post("/storage/v1/object/move")
                .then()
                .statusCode(200)
                .body("message", equalTo("Successfully moved"));
        secret().get("/storage/v1/object/private/a").then().statusCode(400);
        secret().get("/storage/v1/object/private/b").then().body(equalTo("content"));
        secret().get("/storage/v1/object/private/c/d").then().body(equalTo("content"));
        secret().contentType("application/json")
                .body("{\"bucketId\":\"private\",\"sourceKey\":\"none\",\"destinationKey\":\"x\"}")
                .post("/storage/v1/object/move")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("404"));
        secret().delete("/storage/v1/bucket/private").then().statusCode(400).body("statusCode", equalTo("409"));
        secret().delete("/storage/v1/object/private/b").then().statusCode(200);
        secret().delete("/storage/v1/object/private/b").then().statusCode(400);
        secret().contentType("application/json")
                .body("{\"prefixes\":[\"c/d\",\"none\"]}")
                .delete("/storage/v1/object/private")
                .then()
                .statusCode(200)
                .body("name", equalTo(List.of("c/d")));
        assertNothingWasStored();
        upload("private", "e", bytes(3));
        secret().post("/storage/v1/bucket/private/empty").then().statusCode(200);
        secret().delete("/storage/v1/bucket/private")
                .then()
                .statusCode(200)
                .body("message", equalTo("Successfully deleted"));
        assertNothingWasStored();
    }

    @Test
    void bucketsAreKeptByTheirRules() {
        secret().contentType("application/json")
                .body("{\"name\":\"private\"}")
                .post("/storage/v1/bucket")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("409"), "error", equalTo("Duplicate"));
        for (String bad : List.of("a/b", "..", " ", "x".repeat(64))) {
            secret().contentType("application/json")
                    .body(new JsonObject().put("name", bad).encode())
                    .post("/storage/v1/bucket")
                    .then()
                    .statusCode(400);
        }
        anonymous()
                .contentType("application/json")
                .body("{\"name\":\"mine\"}")
                .post("/storage/v1/bucket")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("403"));
        secret().contentType("application/json")
                .body("{\"public\":true,\"file_size_limit\":5}")
                .put("/storage/v1/bucket/private")
                .then()
                .statusCode(200);
        secret().get("/storage/v1/bucket/private").then().body("public", equalTo(true), "file_size_limit", equalTo(5));
        secret().get("/storage/v1/bucket/none")
                .then()
                .statusCode(400)
                .body("statusCode", equalTo("404"), "message", equalTo("Bucket not found"));
        secret().get("/storage/v1/bucket").then().body("name", equalTo(List.of("open", "private")));
        secret().body("x")
                .post("/storage/v1/object/none/a")
                .then()
                .statusCode(400)
                .body("message", equalTo("Bucket not found"));
        secret().contentType("application/json")
                .body("{not json")
                .post("/storage/v1/bucket")
                .then()
                .statusCode(400);
    }

    @Test
    void theSweeperClearsWhatNoRowNamesAndNothingElse() {
        upload("private", "a", bytes(10));
        BlobKey orphan = BlobKey.fresh(theProject().id().toString());
        // As an upload that died between its blob and its row.
        TestProjects.await(blobs.copy(blobsOfProject().getFirst().key(), orphan));
        assertThat(TestProjects.await(sweeper.sweep(theProject(), Duration.ofHours(1))))
                .isZero();
        assertThat(blobsOfProject()).hasSize(2);
        assertThat(TestProjects.await(sweeper.sweep(theProject(), Duration.ofSeconds(-5))))
                .isEqualTo(1);
        assertThat(blobsOfProject()).extracting(ListedBlob::key).doesNotContain(orphan);
        secret().get("/storage/v1/object/private/a").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"GET,/storage/v1/object/private/none", "GET,/storage/v1/nothing", "DELETE,/storage/v1/object"})
    void whatIsNotThereIsSaidInTheDialect(String method, String path) {
        secret().request(method, path).then().body("statusCode", equalTo("404"), "message", notNullValue());
    }
}
