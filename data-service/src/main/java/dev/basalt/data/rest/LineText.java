package dev.basalt.data.rest;

import dev.basalt.data.plan.LineValue.Sent;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.Representation.Standard;
import dev.basalt.data.plan.Statement;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@link dev.basalt.data.plan.DataRequest.Lines} as UTF-8, byte by byte what PostgreSQL would write: of
 * JSON what {@code json_agg} does, of CSV the texts of rows without their parentheses. Used by one event loop.
 */
final class LineText {
    private final List<Sent> sent;
    private final List<byte[]> keys;
    private final String header;
    private final boolean csv;
    private final boolean nulls;
    private final Utf8Text text = new Utf8Text();
    private boolean begun;

    LineText(Statement plan, Representation representation) {
        this.sent = plan.lines().stream().map(value -> value.sent()).toList();
        this.keys = plan.lines().stream().map(value -> key(value.name())).toList();
        this.header = plan.csvHeader();
        this.csv = representation == Standard.CSV;
        this.nulls = representation == Standard.ARRAY;
    }

    private static byte[] key(String name) {
        var key = new Utf8Text();
        jsonText(key, name);
        return key.append(':').take().getBytes();
    }

    /** What was written since this was asked last. */
    Buffer take() {
        return text.take();
    }

    /** Writes the next row, with what comes before it. */
    void row(Row row) {
        if (csv) {
            text.append(begun ? "\n" : header + "\n");
            csvRow(row);
        } else {
            text.append(begun ? ", \n " : "[");
            jsonRow(row);
        }
        begun = true;
    }

    /** Writes what comes after the last row, or instead of any. */
    void end() {
        if (csv) {
            text.append(begun ? "" : "\n");
        } else {
            text.append(begun ? "]" : "[]");
        }
    }

    private void jsonRow(Row row) {
        char before = '{';
        for (int i = 0; i < sent.size(); i++) {
            var value = row.getValue(i);
            if (!nulls && isNull(value, sent.get(i))) {
                continue;
            }
            text.append(before).append(keys.get(i));
            before = ',';
            switch (value) {
                case String string -> json(string, sent.get(i));
                case UUID id -> text.append('"').ascii(id.toString()).append('"');
                case null, default -> text.ascii(String.valueOf(value));
            }
        }
        text.append(before == '{' ? "{}" : "}");
    }

    private static boolean isNull(@Nullable Object value, Sent sent) {
        return value == null || (sent == Sent.WRITTEN && value.equals("null"));
    }

    private void json(String value, Sent sent) {
        switch (sent) {
            case PLAIN -> jsonText(text, value);
            case NUMBER -> {
                if (Character.isDigit(value.charAt(value.length() - 1))) {
                    text.ascii(value);
                } else {
                    jsonText(text, value);
                }
            }
            case MOMENT -> jsonMoment(value);
            case WRITTEN -> text.append(value);
        }
    }

    /** JSON has what PostgreSQL writes as {@code 2026-01-31 12:00:00.5+01} as {@code 2026-01-31T12:00:00.5+01:00}. */
    private void jsonMoment(String value) {
        text.append('"');
        int space = value.indexOf(' ');
        if (space < 0 || !Character.isDigit(value.charAt(space + 1))) {
            text.ascii(value).append('"');
            return;
        }
        int end = value.indexOf(' ', space + 1);
        int zone = end < 0 ? value.length() : end;
        text.ascii(value.substring(0, space)).append('T').ascii(value.substring(space + 1, zone));
        char sign = value.charAt(zone - 3);
        text.append(sign == '+' || sign == '-' ? ":00" : "")
                .ascii(value.substring(zone))
                .append('"');
    }

    /** As PostgreSQL's {@code escape_json} has it, which escapes no more than it must. */
    private static void jsonText(Utf8Text text, String value) {
        text.append('"');
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                text.append(value, from, i);
                from = i + 1;
                switch (c) {
                    case '\b' -> text.append("\\b");
                    case '\f' -> text.append("\\f");
                    case '\n' -> text.append("\\n");
                    case '\r' -> text.append("\\r");
                    case '\t' -> text.append("\\t");
                    case '"', '\\' -> text.append('\\').append(c);
                    default -> text.append("\\u00").append(c < 16 ? '0' : '1').append(Character.forDigit(c % 16, 16));
                }
            }
        }
        text.append(value, from, value.length()).append('"');
    }

    private void csvRow(Row row) {
        for (int i = 0; i < sent.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            switch (row.getValue(i)) {
                case null -> {}
                case String string -> csv(string, sent.get(i));
                case Boolean truth -> text.append(truth ? 't' : 'f');
                case Object other -> text.ascii(other.toString());
            }
        }
    }

    private void csv(String value, Sent sent) {
        switch (sent) {
            case PLAIN, MOMENT -> csvText(value);
            case NUMBER -> text.ascii(value);
            case WRITTEN -> text.append(value, 1, value.length() - 1);
        }
    }

    /** As PostgreSQL writes a member of a row. */
    private void csvText(String value) {
        if (!isQuoted(value)) {
            text.append(value);
            return;
        }
        text.append('"')
                .append(value.replace("\\", "\\\\").replace("\"", "\"\""))
                .append('"');
    }

    private static boolean isQuoted(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r') || c == ',' || c == '"' || c == '\\' || c == '(' || c == ')') {
                return true;
            }
        }
        return value.isEmpty();
    }
}
