package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Related rows in the answer of a write. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class EmbeddedWritesTest {
    @Inject
    Films films;

    @Inject
    RestTestProject app;

    @BeforeEach
    void schema() {
        films.create();
    }

    @Test
    void anInsertReturnsWhatItRefersTo() {
        assertThat(Films.json(writing("{\"id\":9,\"director_id\":2,\"title\":\"New\"}")
                        .post("/rest/v1/films?select=title,directors(name,films(title)),technical_specs(camera)")
                        .then()
                        .statusCode(201)))
                .isEqualTo(
                        "[{\"title\":\"New\",\"directors\":{\"name\":\"Méliès\",\"films\":[{\"title\":\"Haunted\"}]},"
                                + "\"technical_specs\":null}]");
    }

    @Test
    void aBulkInsertOrdersAndSpreadsByWhatItRefersTo() {
        assertThat(Films.json(writing(
                                "[{\"id\":9,\"director_id\":1,\"title\":\"a\"},{\"id\":8,\"director_id\":2,\"title\":\"b\"},"
                                        + "{\"id\":7,\"director_id\":null,\"title\":\"c\"}]")
                        .post("/rest/v1/films?select=title,...directors(name)&order=directors(name).desc.nullslast")
                        .then()
                        .statusCode(201)))
                .isEqualTo("[{\"title\":\"b\",\"name\":\"Méliès\"},{\"title\":\"a\",\"name\":\"Lumière\"},"
                        + "{\"title\":\"c\",\"name\":null}]");
    }

    @Test
    void anUpsertReturnsManyToMany() {
        assertThat(Films.json(writing("{\"id\":3,\"title\":\"The Lighthouse\"}")
                        .header("Prefer", "resolution=merge-duplicates")
                        .post("/rest/v1/films?select=title,actors(name)&actors.order=id")
                        .then()
                        .statusCode(200)))
                .isEqualTo(
                        "[{\"title\":\"The Lighthouse\",\"actors\":[{\"name\":\"Dafoe\"},{\"name\":\"Pattinson\"}]}]");
    }

    @Test
    void anUpdateReturnsFunctionsAndFiltersWhatItEmbeds() {
        assertThat(Films.json(writing("{\"year\":2020}")
                        .patch(
                                "/rest/v1/films?id=eq.3&select=year,premieres(location),award_count&premieres.location=eq.Berlin")
                        .then()
                        .statusCode(200)))
                .isEqualTo("[{\"year\":2020,\"premieres\":[{\"location\":\"Berlin\"}],\"award_count\":2}]");
        assertThat(Films.json(writing("{\"location\":\"Rome\"}")
                        .patch("/rest/v1/premieres?select=location,film(title)&order=film(title).nullslast,id")
                        .then()
                        .statusCode(200)))
                .isEqualTo(
                        "[{\"location\":\"Rome\",\"film\":{\"title\":\"Lighthouse\"}},"
                                + "{\"location\":\"Rome\",\"film\":{\"title\":\"Lighthouse\"}},{\"location\":\"Rome\",\"film\":null}]");
    }

    @Test
    void innerFiltersTheAnswerAndNotTheWrite() {
        assertThat(Films.json(writing("{\"rating\":1}")
                        .patch(
                                "/rest/v1/films?id=gt.0&select=id,directors!inner(name)&directors.country=eq.US&order=id")
                        .then()
                        .statusCode(200)))
                .isEqualTo(
                        "[{\"id\":3,\"directors\":{\"name\":\"Eggers\"}},{\"id\":4,\"directors\":{\"name\":\"Eggers\"}}]");
        assertThat(app.count("films where rating = 1")).isEqualTo(5);
        // What is bounded is what is written, not what is shown of it.
        writing("{\"rating\":2}")
                .header("Prefer", "handling=strict, max-affected=2")
                .patch("/rest/v1/films?id=gt.0&select=id,directors!inner(name)&directors.country=eq.US")
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST124"))
                .body("details", equalTo("The query affects 5 rows"));
        assertThat(app.count("films where rating = 2")).isZero();
    }

    @Test
    void aNullFilterOnAnEmbeddedResourceRestrictsTheWrite() {
        assertThat(Films.json(writing("{\"rating\":1}")
                        .patch("/rest/v1/films?select=id,nominations()&nominations=is.null&order=id")
                        .then()
                        .statusCode(200)))
                .isEqualTo("[{\"id\":1},{\"id\":2},{\"id\":5}]");
        assertThat(app.count("films where rating = 1")).isEqualTo(3);
    }

    @Test
    void aDeleteReturnsWhatTheRowsReferredTo() {
        assertThat(Films.json(app.service()
                        .header("Prefer", "return=representation")
                        .delete("/rest/v1/orders?id=eq.1&select=name,billing(city),addresses!shipping(city)")
                        .then()
                        .statusCode(200)))
                .isEqualTo("[{\"name\":\"filter\",\"billing\":{\"city\":\"Bern\"},\"addresses\":{\"city\":\"Oslo\"}}]");
        assertThat(app.count("orders")).isOne();
    }

    @Test
    void anUpdateOfNothingEmbedsNothing() {
        assertThat(Films.json(writing("{}")
                        .patch("/rest/v1/films?select=title,award_count,premieres(location),directors(name)")
                        .then()
                        .statusCode(200)))
                .isEqualTo("[]");
    }

    private RequestSpecification writing(String body) {
        return app.service()
                .contentType("application/json")
                .header("Prefer", "return=representation")
                .body(body);
    }
}
