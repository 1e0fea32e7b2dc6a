package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.http.EventStream.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples and rules of HTML's event streams. */
class EventStreamTest {
    private static final String STREAM = "\uFEFF: hello\nretry: 1000\n\nevent: add\ndata: 73857293\nid: 1\n\n"
            + "data\n\ndata: YHOO\ndata:+2\ndata:  10\nid\n\nevent: remove\n\ndata: 日本🦊\nignored: x\nretry: soon\n\ndata: never ends";

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void anyPiecesAndLineEndsMakeTheSameEvents(String end) {
        byte[] bytes = STREAM.replace("\n", end).getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size < bytes.length; size++) {
            var stream = new EventStream();
            var events = new ArrayList<Event>();
            for (int start = 0; start < bytes.length; start += size) {
                events.addAll(stream.read(ByteBuffer.wrap(bytes, start, Math.min(size, bytes.length - start))));
            }
            assertThat(events)
                    .containsExactly(
                            new Event("add", "73857293", "1"),
                            new Event("message", "", "1"),
                            new Event("message", "YHOO\n+2\n 10", ""),
                            new Event("message", "日本🦊", ""));
            assertThat(stream.retryMillis()).isEqualTo(1000);
        }
    }

    @Test
    void anIdWithANulIsNone() {
        var stream = new EventStream();

        assertThat(stream.read(bytes("id: a\ndata: 1\n\nid: b\0\ndata: 2\n\n")))
                .containsExactly(new Event("message", "1", "a"), new Event("message", "2", "a"));
        assertThat(stream.read(bytes("\n\n"))).isEqualTo(List.of());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
