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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes of rows that the request names one by one: single upserts, and writes of a page of the matching rows. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class NamedRowsTest {
    @Inject
    RestTestProject app;

    @BeforeEach
    void tables() {
        app.sql("""
                drop table if exists seats, unkeyed, rooms cascade;
                create table rooms (id int primary key, name text);
                create table seats (row int, number int, guest text, room int references rooms, primary key (row, number));
                create table unkeyed (id int, done boolean);
                create view seat_list as select * from seats;
                create view counted_list as select guest from seats;
                insert into rooms values (1, 'hall');
                insert into seats values (1, 1, 'ann', 1), (1, 2, 'bob', 1), (2, 1, 'cyd', 1), (2, 2, 'dan', 1);
                insert into unkeyed values (1, false), (2, false), (3, false);
                """);
    }

    @Test
    void aRowThatIsNotThereIsCreated() {
        body("{\"row\":3,\"number\":1,\"guest\":\"eve\",\"room\":1}")
                .header("Prefer", "return=representation")
                .put("/rest/v1/seats?row=eq.3&number=eq.1&select=guest,rooms(name)")
                .then()
                .statusCode(201)
                .body("[0].guest", equalTo("eve"), "[0].rooms.name", equalTo("hall"));
        assertThat(app.count("seats")).isEqualTo(5);
        body("{\"row\":3,\"number\":2}")
                .put("/rest/v1/seats?row=eq.3&number=eq.2")
                .then()
                .statusCode(201);
        assertThat(app.count("seats where row = 3")).isEqualTo(2);
    }

    @Test
    void aRowThatIsThereIsReplaced() {
        body("{\"row\":1,\"number\":1,\"guest\":\"eve\",\"room\":null}")
                .header("Prefer", "return=representation")
                .put("/rest/v1/seats?number=eq.1&row=eq.1")
                .then()
                .statusCode(200)
                .body("[0].guest", equalTo("eve"));
        body("{\"row\":1,\"number\":2,\"guest\":\"fay\"}")
                .put("/rest/v1/seats?row=eq.1&number=eq.2")
                .then()
                .statusCode(204);
        assertThat(app.count("seats")).isEqualTo(4);
        assertThat(app.count("seats where guest in ('eve', 'fay')")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seats",
                "seats?row=eq.1",
                "seats?row=eq.1&number=eq.1&guest=eq.ann",
                "seats?row=eq.1&number=gt.1",
                "seats?row=eq.1&number=not.eq.1",
                "seats?row=eq.1&row=eq.1",
                "seats?row=eq(any).%7B1%7D&number=eq.1",
                "seats?and=(row.eq.1,number.eq.1)",
                "unkeyed?id=eq.1"
            })
    void filtersOtherThanTheKeyAreRefused(String path) {
        body("{\"row\":1,\"number\":1,\"guest\":\"eve\"}")
                .put("/rest/v1/" + path)
                .then()
                .statusCode(405)
                .body("code", equalTo("PGRST105"))
                .body("message", equalTo("Filters must include all and only primary key columns with 'eq' operators"));
        assertThat(app.count("seats where guest = 'eve'")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"row\":1,\"number\":2,\"guest\":\"eve\"}",
                "{\"row\":9,\"number\":9,\"guest\":\"eve\"}",
                "{\"guest\":\"eve\",\"row\":1,\"number\":null}"
            })
    void aBodyOfAnotherRowIsRefusedAndNotWritten(String body) {
        body(body)
                .put("/rest/v1/seats?row=eq.1&number=eq.1")
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST115"))
                .body("message", equalTo("Payload values do not match URL in primary key column(s)"));
        assertThat(app.count("seats where guest = 'eve'")).isZero();
        assertThat(app.count("seats")).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1", "offset=1"})
    void aPageOfOneRowIsRefused(String page) {
        body("{\"row\":1,\"number\":1,\"guest\":\"eve\"}")
                .put("/rest/v1/seats?row=eq.1&number=eq.1&" + page)
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST114"));
        assertThat(app.count("seats where guest = 'eve'")).isZero();
    }

    @Test
    void ofSeveralRowsTheNamedOneIsWritten() {
        body("[{\"row\":1,\"number\":1,\"guest\":\"eve\"},{\"row\":1,\"number\":2,\"guest\":\"eve\"}]")
                .put("/rest/v1/seats?row=eq.1&number=eq.1")
                .then()
                .statusCode(204);
        assertThat(app.count("seats where guest = 'eve' and number = 1")).isOne();
        assertThat(app.count("seats where guest = 'eve'")).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seats?limit=1&order=guest.desc                       | dan",
                "seats?limit=2&order=row,number                       | ann,bob",
                "seats?limit=1&offset=1&order=row,number              | bob",
                "seats?offset=3&order=row,number                      | dan",
                "seats?guest=gt.ann&limit=1&order=guest               | bob",
                "seats?limit=0&order=guest                            | ''",
                "seats?select=*,rooms()&limit=1&order=rooms(name).desc,guest | ann",
                "seat_list?limit=1&order=guest                        | ann",
            })
    void aLimitedWriteChangesThatPageOnly(String path, String guests) {
        body("{\"room\":null}").patch("/rest/v1/" + path).then().statusCode(204);
        assertThat(guests("room is null")).isEqualTo(guests);
        app.service().delete("/rest/v1/" + path).then().statusCode(204);
        int left = 4 - (guests.isEmpty() ? 0 : guests.split(",").length);
        assertThat(app.count("seats")).isEqualTo(left);
        assertThat(guests("room is null")).isEmpty();
    }

    @Test
    void aLimitedWriteReturnsItsRows() {
        body("{\"room\":null}")
                .header("Prefer", "return=representation, count=exact")
                .patch("/rest/v1/seats?limit=2&order=guest.desc&select=guest")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-1/2")
                .body("[0].guest", equalTo("dan"), "[1].guest", equalTo("cyd"), "size()", equalTo(2));
    }

    @Test
    void rowsWithoutAKeyAreFoundByTheirPlace() {
        body("{\"done\":true}")
                .patch("/rest/v1/unkeyed?limit=2&order=id")
                .then()
                .log()
                .ifValidationFails()
                .statusCode(204);
        assertThat(app.count("unkeyed where done and id < 3")).isEqualTo(2);
        assertThat(app.count("unkeyed where done")).isEqualTo(2);
        app.service()
                .delete("/rest/v1/counted_list?limit=1&order=guest")
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST127"));
        assertThat(app.count("seats")).isEqualTo(4);
    }

    @Test
    void aLimitNeedsAnOrder() {
        body("{\"room\":null}")
                .patch("/rest/v1/seats?limit=1")
                .then()
                .statusCode(400)
                .body("code", equalTo("PGRST109"))
                .body("message", equalTo("A 'limit' was applied without an explicit 'order'"))
                .body("hint", equalTo("Apply an 'order' using unique column(s)"));
        app.service().delete("/rest/v1/seats?offset=1").then().statusCode(400).body("code", equalTo("PGRST109"));
        assertThat(app.count("seats where room = 1")).isEqualTo(4);
    }

    private String guests(String where) {
        return app.sql("select coalesce(string_agg(guest, ',' order by guest), '') as list from seats where " + where)
                .getJsonArray("rows")
                .getJsonObject(0)
                .getString("list");
    }

    private RequestSpecification body(String json) {
        return app.service().contentType("application/json").body(json);
    }
}
