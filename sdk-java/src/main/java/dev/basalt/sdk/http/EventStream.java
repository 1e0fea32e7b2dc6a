package dev.basalt.sdk.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from bytes as they arrive (HTML, section 9.2.6 "Interpreting an event stream"). A line ends with CR, LF
 * or both; a character may be cut between two pieces. For one thread at a time.
 */
public final class EventStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean afterCr;
    private boolean started;
    private String name = "";
    private @Nullable String id;
    private @Nullable Long retryMillis;

    /**
     * An event.
     *
     * @param name what kind it is; {@code message} where the server says nothing
     * @param id the last id that the server named, with this event or one before it
     */
    public record Event(String name, String data, @Nullable String id) {}

    /** The events that are complete with these bytes, in order. */
    public List<Event> read(ByteBuffer bytes) {
        var events = new ArrayList<Event>();
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            boolean closesCr = afterCr && next == '\n';
            afterCr = next == '\r';
            if (closesCr) continue;
            if (next != '\n' && next != '\r') line.write(next);
            else endOfLine(events);
        }
        return events;
    }

    /** How long the server asks to wait before connecting anew, in milliseconds, if it does. */
    public @Nullable Long retryMillis() {
        return retryMillis;
    }

    private void endOfLine(List<Event> events) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!started && text.startsWith("\uFEFF")) text = text.substring(1);
        started = true;
        if (text.isEmpty()) dispatch(events);
        else if (text.charAt(0) != ':') field(text);
    }

    private void dispatch(List<Event> events) {
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            events.add(new Event(name.isEmpty() ? "message" : name, data.toString(), id));
        }
        data.setLength(0);
        name = "";
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) value = value.substring(1);
        switch (colon < 0 ? text : text.substring(0, colon)) {
            case "event" -> name = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> {
                if (value.indexOf('\0') < 0) id = value;
            }
            case "retry" -> {
                if (value.matches("\\d{1,9}")) retryMillis = Long.valueOf(value);
            }
            default -> {
                // The standard passes over other fields.
            }
        }
    }
}
