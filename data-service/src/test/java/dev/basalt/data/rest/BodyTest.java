package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that come as CSV, as a form, and as bytes that are no text. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class BodyTest {
    private static final String WINES = "/rest/v1/wines";

    @Inject
    RestTestProject app;

    @BeforeEach
    void tables() {
        app.sql("""
                drop table if exists wines cascade;
                create table wines (
                  id int primary key, name text, price numeric, tags text[], stock int not null default 7);
                """);
    }

    private RequestSpecification sends(String contentType, String body) {
        return app.sending(contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void csvInsertsRowsByItsHeaderWithNullAsNull() {
        sends(
                        "text/csv",
                        "id,name,price,tags\n1,\"Côte, \"\"Rôtie\"\"\",12.50,\"{a,b}\"\r\n2,NULL,NULL,NULL\n3,,0.10,{}\n")
                .header("Prefer", "return=representation")
                .post(WINES + "?select=id,name,price,tags,stock")
                .then()
                .statusCode(201)
                .body(equalTo("""
                        [{"id":1,"name":"Côte, \\"Rôtie\\"","price":12.50,"tags":["a","b"],"stock":7},\s
                         {"id":2,"name":null,"price":null,"tags":null,"stock":7},\s
                         {"id":3,"name":"","price":0.10,"tags":[],"stock":7}]"""));
    }

    @Test
    void csvTakesTheColumnsThatTheQueryNames() {
        sends("text/csv", "id,name,unknown\n1,a,b\n2,c,d\n")
                .post(WINES + "?columns=id,name")
                .then()
                .statusCode(201);
        assertThat(app.count("wines where name in ('a', 'c')")).isEqualTo(2);
    }

    @Test
    void csvWithAHeaderAloneInsertsNothing() {
        sends("text/csv", "id,name\n").post(WINES).then().statusCode(201);
        assertThat(app.count("wines")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id,name\n1", "id,name\n1,a,b\n", "id,name\n1,\"a", "id,nme\n1,a"})
    void malformedCsvIsRefusedAndInsertsNothing(String csv) {
        sends("text/csv", csv).post(WINES).then().statusCode(400);
        assertThat(app.count("wines")).isZero();
    }

    @Test
    void aFormIsOneRow() {
        sends("application/x-www-form-urlencoded", "id=1&name=Ch%C3%A2teau+d%27Yquem&price=9.90")
                .header("Prefer", "return=representation")
                .post(WINES + "?select=name,price")
                .then()
                .statusCode(201)
                .body(equalTo("[{\"name\":\"Château d'Yquem\",\"price\":9.90}]"));
        sends("application/x-www-form-urlencoded", "name=b")
                .patch(WINES + "?id=eq.1")
                .then()
                .statusCode(204);
        assertThat(app.count("wines where name = 'b'")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/csv"})
    void bytesThatAreNotUtf8AreRefused(String contentType) {
        var bytes = "{\"id\":1,\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        bytes[16] = (byte) 0xC3;
        sends(contentType, "")
                .body(bytes)
                .post(WINES)
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST102"), "details", containsString("offset 16"));
        assertThat(app.count("wines")).isZero();
    }

    @Test
    void theReplacementCharacterItselfIsText() {
        sends("application/json", "{\"id\":1,\"name\":\"\uFFFD\"}")
                .post(WINES)
                .then()
                .statusCode(201);
        assertThat(app.count("wines where name = chr(65533)")).isEqualTo(1);
    }

    @Test
    void aNulInJsonIsRefusedClearly() {
        sends("application/json", "{\"id\":1,\"name\":\"a\\u0000b\"}")
                .post(WINES)
                .then()
                .statusCode(400)
                .body("code", equalTo("22P05"), "details", equalTo("\\u0000 cannot be converted to text."));
        assertThat(app.count("wines")).isZero();
    }

    @Test
    void numbersKeepTheirDigits() {
        sends("application/json", "{\"id\":1,\"price\":0.10000000000000000000000000000000000001}")
                .header("Prefer", "return=representation")
                .post(WINES + "?select=price")
                .then()
                .body(equalTo("[{\"price\":0.10000000000000000000000000000000000001}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/xml", "application/octet-stream", "multipart/form-data", "image/png"})
    void otherContentTypesHoldNoRows(String contentType) {
        sends(contentType, "{\"id\":1}").post(WINES).then().statusCode(415);
        assertThat(app.count("wines")).isZero();
    }
}
