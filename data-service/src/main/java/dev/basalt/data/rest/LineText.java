package dev.basalt.data.rest;

import dev.basalt.data.plan.LineValue.Sent;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.Representation.Standard;
import dev.basalt.data.plan.Statement;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@link dev.basalt.data.plan.DataRequest.Lines} as text, character by character what PostgreSQL would write: of
 * JSON what {@code json_agg} does, of CSV the texts of rows without their parentheses. Used by one event loop.
 */
final class LineText {
    private final List<Sent> sent;
    private final List<String> keys;
    private final String header;
    private final boolean csv;
    private final boolean nulls;
    private boolean begun;

    LineText(Statement plan, Representation representation) {
        this.sent = plan.lines().stream().map(value -> value.sent()).toList();
        this.keys = plan.lines().stream().map(value -> key(value.name())).toList();
        this.header = plan.csvHeader();
        this.csv = representation == Standard.CSV;
        this.nulls = representation == Standard.ARRAY;
    }

    private static String key(String name) {
        var key = new StringBuilder();
        jsonText(key, name);
        return key.append(':').toString();
    }

    /** The next row, with what comes before it. */
    void row(StringBuilder text, Row row) {
        if (csv) {
            text.append(begun ? "\n" : header + "\n");
            csvRow(text, row);
        } else {
            text.append(begun ? ", \n " : "[");
            jsonRow(text, row);
        }
        begun = true;
    }

    /** What comes after the last row, or instead of any. */
    void end(StringBuilder text) {
        if (csv) {
            text.append(begun ? "" : "\n");
        } else {
            text.append(begun ? "]" : "[]");
        }
    }

    private void jsonRow(StringBuilder text, Row row) {
        char before = '{';
        for (int i = 0; i < sent.size(); i++) {
            var value = row.getValue(i);
            if (!nulls && isNull(value, sent.get(i))) {
                continue;
            }
            text.append(before).append(keys.get(i));
            before = ',';
            switch (value) {
                case String string -> json(text, string, sent.get(i));
                case Long number -> text.append(number.longValue());
                case UUID id -> text.append('"').append(id).append('"');
                case null, default -> text.append(value);
            }
        }
        text.append(before == '{' ? "{}" : "}");
    }

    private static boolean isNull(@Nullable Object value, Sent sent) {
        return value == null || (sent == Sent.WRITTEN && value.equals("null"));
    }

    private static void json(StringBuilder text, String value, Sent sent) {
        switch (sent) {
            case PLAIN -> jsonText(text, value);
            case NUMBER -> {
                if (Character.isDigit(value.charAt(value.length() - 1))) {
                    text.append(value);
                } else {
                    jsonText(text, value);
                }
            }
            case WRITTEN -> text.append(value);
        }
    }

    /** As PostgreSQL's {@code escape_json} has it, which escapes no more than it must. */
    private static void jsonText(StringBuilder text, String value) {
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

    private void csvRow(StringBuilder text, Row row) {
        for (int i = 0; i < sent.size(); i++) {
            text.append(i == 0 ? "" : ",");
            switch (row.getValue(i)) {
                case null -> {}
                case String string -> csv(text, string, sent.get(i));
                case Boolean truth -> text.append(truth ? 't' : 'f');
                case Long number -> text.append(number.longValue());
                case Object other -> text.append(other);
            }
        }
    }

    private static void csv(StringBuilder text, String value, Sent sent) {
        switch (sent) {
            case PLAIN -> csvText(text, value);
            case NUMBER -> text.append(value);
            case WRITTEN -> text.append(value, 1, value.length() - 1);
        }
    }

    /** As PostgreSQL writes a member of a row. */
    private static void csvText(StringBuilder text, String value) {
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
