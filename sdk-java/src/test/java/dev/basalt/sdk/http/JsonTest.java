package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.basalt.sdk.error.TransportException;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    enum Mood {
        HAPPY,
        @JsonProperty("so-so")
        SO_SO
    }

    record Author(String fullName) {}

    record Review(int stars) {}

    record Row(
            long id,
            BigDecimal unitPrice,
            UUID ownerId,
            Instant createdAt,
            OffsetDateTime shownAt,
            LocalDateTime at,
            LocalDate day,
            LocalTime hour,
            Mood mood,
            Mood other,
            List<String> tags,
            Map<String, Object> data,
            @Nullable Author author,
            List<Review> reviews) {}

    @SuppressWarnings("ArrayRecordComponent") // What a bytea column is read as.
    record Bytes(byte[] content) {}

    record Primitive(int stars) {}

    @Test
    void aRowIsARecordOfTheTypesOfItsColumns() {
        Row row = Json.readRow(answer("""
                {"id": 9007199254740993, "unit_price": 12345678901234567890.120, "owner_id":
                "6f1c1d5e-0000-4000-8000-000000000001", "created_at": "2026-01-31T10:00:00.123456+02:00",
                "shown_at": "2026-01-31T10:00:00+02:00", "at": "2026-01-31T10:00:00", "day": "2026-01-31",
                "hour": "10:00:00.5", "mood": "happy", "other": "so-so", "tags": ["a", "b"], "data": {"n": 1.10, "big":
                123456789012345678901234567890}, "author": {"full_name": "Ann"}, "reviews": [{"stars": 5}], "extra": 1}"""), Row.class);

        assertThat(row.id()).isEqualTo(9007199254740993L);
        assertThat(row.unitPrice()).isEqualTo(new BigDecimal("12345678901234567890.120"));
        assertThat(row.ownerId()).isEqualTo(UUID.fromString("6f1c1d5e-0000-4000-8000-000000000001"));
        assertThat(row.createdAt()).isEqualTo(Instant.parse("2026-01-31T08:00:00.123456Z"));
        assertThat(row.shownAt()).isEqualTo(OffsetDateTime.parse("2026-01-31T10:00:00+02:00"));
        assertThat(row.shownAt().getOffset().getTotalSeconds()).isEqualTo(7200);
        assertThat(row.at()).isEqualTo(LocalDateTime.of(2026, 1, 31, 10, 0));
        assertThat(row.day()).isEqualTo(LocalDate.of(2026, 1, 31));
        assertThat(row.hour()).isEqualTo(LocalTime.of(10, 0, 0, 500_000_000));
        assertThat(row.mood()).isEqualTo(Mood.HAPPY);
        assertThat(row.other()).isEqualTo(Mood.SO_SO);
        assertThat(row.tags()).containsExactly("a", "b");
        assertThat(row.data())
                .containsEntry("n", new BigDecimal("1.10"))
                .containsEntry("big", new BigInteger("123456789012345678901234567890"));
        assertThat(row.author()).isEqualTo(new Author("Ann"));
        assertThat(row.reviews()).containsExactly(new Review(5));
    }

    @Test
    void nullIsNoZero() {
        assertThat(Json.readRow(answer("{\"stars\":3}"), Primitive.class)).isEqualTo(new Primitive(3));
        for (String body : List.of("{\"stars\":null}", "{}")) {
            assertThatThrownBy(() -> Json.readRow(answer(body), Primitive.class))
                    .as(body)
                    .isInstanceOf(TransportException.class);
            assertThatThrownBy(() -> Json.readRows(answer("[" + body + "]"), Primitive.class))
                    .as(body)
                    .isInstanceOf(TransportException.class);
        }
    }

    @Test
    void aNumberOfAnyLengthKeepsItsDigits() {
        String digits = "1" + "0".repeat(100_000) + ".5";

        assertThat(Json.readRows(answer("[" + digits + "]"), BigDecimal.class)).containsExactly(new BigDecimal(digits));
    }

    @Test
    void bytesAreHexadecimal() {
        byte[] content = {0, 15, -1};
        String json = "{\"content\":\"\\\\x000fff\"}";

        assertThat(new String(Json.write(new Bytes(content)), StandardCharsets.UTF_8))
                .isEqualTo(json);
        assertThat(Json.readRow(answer(json), Bytes.class).content()).isEqualTo(content);
        for (String wrong : List.of("AA==", "\\\\x0", "\\\\xzz")) {
            assertThatThrownBy(() -> Json.readRow(answer("{\"content\":\"" + wrong + "\"}"), Bytes.class))
                    .isInstanceOf(TransportException.class);
        }
    }

    @Test
    void valuesAreWrittenAsTheyAreRead() {
        assertThat(new String(
                        Json.write(List.of(Mood.SO_SO, Mood.HAPPY, LocalDate.of(2026, 1, 2))), StandardCharsets.UTF_8))
                .isEqualTo("[\"so-so\",\"HAPPY\",\"2026-01-02\"]");
        assertThat(Json.name(Mood.SO_SO)).isEqualTo("so-so");
    }

    @Test
    void rowsAreReadOneByOne() {
        var body = new ByteArrayInputStream(
                "[{\"stars\":1},{\"stars\":2},{\"stars\":null}]".getBytes(StandardCharsets.UTF_8));

        try (var rows = Json.streamRows(body, Primitive.class)) {
            var read = rows.iterator();
            assertThat(read.next().stars()).isEqualTo(1);
            assertThat(read.next().stars()).isEqualTo(2);
            assertThatThrownBy(read::next).isInstanceOf(TransportException.class);
        }
    }

    private static Answer answer(String body) {
        return new Answer(
                200, HttpHeaders.of(Map.of(), (name, value) -> true), body.getBytes(StandardCharsets.UTF_8), "r-1");
    }
}
