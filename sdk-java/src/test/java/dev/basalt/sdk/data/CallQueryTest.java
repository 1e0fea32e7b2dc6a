package dev.basalt.sdk.data;

import static dev.basalt.sdk.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls of functions send, and what they make of answers. */
class CallQueryTest {
    private RecordingServer server;

    record Sum(int a, BigDecimal bigTerm) {}

    record Point(int x, int y) {}

    @BeforeEach
    void start() throws IOException {
        server = new RecordingServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void argumentsAreTheBodyOfAPost() {
        server.answers(200, "4.50", Map.of());

        assertThat(server.client()
                        .rpc("add them", new Sum(1, new BigDecimal("3.50")))
                        .value(BigDecimal.class))
                .isEqualTo(new BigDecimal("4.50"));

        assertThat(server.sent().method()).isEqualTo("POST");
        assertThat(server.sent().path()).isEqualTo("/rest/v1/rpc/add them");
        assertThat(server.sent().body()).isEqualTo("{\"a\":1,\"big_term\":3.50}");
        server.client().rpc("now").run();
        assertThat(server.sent().body()).isEqualTo("{}");
    }

    @Test
    void readOnlyCallsHaveTheirArgumentsInTheUrl() {
        server.client()
                .schema("geo")
                .rpc("near", new Near("a&b", LocalDate.of(2026, 1, 2), List.of("x,y", "z\"q"), Map.of("k", List.of(1))))
                .readOnly()
                .select(column("id"))
                .gt("distance", 3)
                .order("distance")
                .limit(2)
                .execute();

        assertThat(server.sent().method()).isEqualTo("GET");
        assertThat(server.sent().query())
                .containsExactly(
                        "text=a&b",
                        "day=2026-01-02",
                        "tags={\"x,y\",\"z\\\"q\"}",
                        "extra={\"k\":[1]}",
                        "select=id",
                        "distance=gt.3",
                        "limit=2",
                        "order=distance.asc");
        assertThat(server.sent().header("Accept-Profile")).isEqualTo("geo");
        assertThat(server.sent().header("Content-Type")).isNull();
        assertThat(server.sent().body()).isEmpty();
    }

    record Near(String text, LocalDate day, List<String> tags, Map<String, List<Integer>> extra) {}

    @Test
    void arraysOfArraysAndNullsGoInTheUrl() {
        server.client()
                .rpc("f", Map.of("m", List.of(List.of(1, 2), Arrays.asList(3, null))))
                .readOnly()
                .execute();

        assertThat(server.sent().query()).containsExactly("m={{\"1\",\"2\"},{\"3\",NULL}}");
        assertThatThrownBy(() -> server.client()
                        .rpc("f", Collections.singletonMap("a", null))
                        .readOnly())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("POST");
        assertThatThrownBy(() -> server.client().rpc("f", List.of(1)).readOnly())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countingCallsByHead() {
        server.answers(200, "", Map.of("Content-Range", "*/3"));

        assertThat(server.client().rpc("near", Map.of("x", 1)).lt("d", 5).count())
                .isEqualTo(3);

        assertThat(server.sent().method()).isEqualTo("HEAD");
        assertThat(server.sent().query()).containsExactly("d=lt.5", "x=1");
    }

    @Test
    void setsAreRowsOfRecordsOrScalars() {
        server.answers(200, "[{\"x\":1,\"y\":2}]", Map.of());
        assertThat(server.client().rpc("points").as(Point.class).list()).containsExactly(new Point(1, 2));
        server.answers(200, "[1,2,3]", Map.of());
        assertThat(server.client().rpc("numbers").as(Integer.class).list()).containsExactly(1, 2, 3);
    }

    @Test
    void nullIsNothingAndNoValue() {
        server.answers(200, "null", Map.of());

        assertThat(server.client().rpc("f").maybeValue(String.class)).isEmpty();
        assertThatThrownBy(() -> server.client().rpc("f").value(String.class)).isInstanceOf(TransportException.class);
        server.answers(204, "", Map.of());
        assertThat(server.client().rpc("f").maybeValue(String.class)).isEmpty();
    }

    @Test
    void oneArgumentWithoutANameIsTheBodyItself() {
        Schema schema = server.client().schema("public");
        schema.rpc("f", List.of(1, 2)).run();
        assertThat(server.sent().body()).isEqualTo("[1,2]");
        schema.rpcText("f", "a b").run();
        assertThat(server.sent().header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(server.sent().body()).isEqualTo("a b");
        schema.rpcXml("f", "<a/>").run();
        assertThat(server.sent().header("Content-Type")).isEqualTo("text/xml; charset=utf-8");
        schema.rpcBytes("f", new byte[] {65}).run();
        assertThat(server.sent().header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(server.sent().body()).isEqualTo("A");
    }

    @Test
    void bytesAreAskedForAsTheyAre() {
        server.answers(200, "raw", Map.of());

        assertThat(server.client().rpc("f").bytes()).isEqualTo(new byte[] {'r', 'a', 'w'});
        assertThat(server.sent().header("Accept")).isEqualTo("application/octet-stream");
    }
}
